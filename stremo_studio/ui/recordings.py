"""Recordings opened ahead of their turn, for every page of a project; results come as a signal."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from stremo_studio.media.prefetch import Prefetch, Recording


class Recordings(QObject):
    """`ready(str)`: the recording of that path is open now, or is known not to be one."""

    ready = Signal(str)

    def __init__(self, cache: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._prefetch = Prefetch(cache, self._on_ready)

    def want(self, paths: Sequence[str]) -> None:
        """Open these, the first one most; what was wanted before is dropped."""
        self._prefetch.want([Path(path) for path in paths])

    def get(self, path: str) -> Recording | Exception | None:
        """The recording, why it cannot be opened, or None while it is not ready."""
        return self._prefetch.get(Path(path))

    def close(self) -> None:
        """End the threads."""
        self._prefetch.close()

    def _on_ready(self, path: Path, _: Recording | Exception) -> None:
        """In a thread of the prefetch: the signal carries it into the GUI thread."""
        self.ready.emit(str(path))
