"""Recordings opened ahead of their turn, for every page of a project; results come as a signal."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from stremo_studio.domain.clip import Clip
from stremo_studio.media.prefetch import Prefetch, Recording, Want


class Recordings(QObject):
    """`ready(str)`: a wanted span of that path can be shown now, or is known not to be one.
    `grew(str)`: more of a long recording is decoded."""

    ready = Signal(str)
    grew = Signal(str)

    def __init__(self, cache: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._prefetch = Prefetch(cache, self._on_ready, self._on_grew)

    def want(self, clips: Sequence[Clip]) -> None:
        """Open these, the first one most; what was wanted before is dropped."""
        self._prefetch.want([_want(clip) for clip in clips if clip.path])

    def get(self, clip: Clip) -> Recording | Exception | None:
        """The recording, why it cannot be opened, or None while the clip is not ready."""
        return self._prefetch.get(_want(clip)) if clip.path else None

    def close(self) -> None:
        """End the threads."""
        self._prefetch.close()

    def _on_ready(self, path: Path, _: Recording | Exception) -> None:
        """In a thread of the prefetch: the signal carries it into the GUI thread."""
        self.ready.emit(str(path))

    def _on_grew(self, path: Path, _: float) -> None:
        self.grew.emit(str(path))


def _want(clip: Clip) -> Want:
    return Want(Path(clip.path or ""), clip.start, clip.end)
