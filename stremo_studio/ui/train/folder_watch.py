"""Watch a run that another studio started, e.g. one that crashed: from its folder alone."""

from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from stremo_studio.ui.run_ending import ending_of_folder, interrupted
from trainer.contract import protocol
from trainer.contract.run_folder import RunFolder

LOOK_EVERY_MS = 1_000


class FolderWatch(QObject):
    """Emits what `RunProcess` does, later and without the stages."""

    events_arrived = Signal(list)
    ended = Signal(object)

    def __init__(
        self, folder: RunFolder, parent: QObject | None = None, every_ms: int = LOOK_EVERY_MS
    ) -> None:
        super().__init__(parent)
        self.folder = folder
        self._read = 0
        self._timer = QTimer(self)
        self._timer.setInterval(every_ms)
        self._timer.timeout.connect(self._look)

    def start(self) -> None:
        """Look at once, then every `LOOK_EVERY_MS`."""
        self._timer.start()
        QTimer.singleShot(0, self, self._look)

    @Slot()
    def _look(self) -> None:
        events = [e for line in self._new_lines() if (e := protocol.decode(line)) is not None]
        if events:
            self.events_arrived.emit(events)
        ending = ending_of_folder(self.folder)
        if ending is None and not self.folder.is_held():
            # It may have written its result between the two looks.
            ending = ending_of_folder(self.folder) or interrupted(self.folder)
        if ending is not None and self._timer.isActive():
            self._timer.stop()
            self.ended.emit(ending)

    def _new_lines(self) -> list[str]:
        """Whole lines of `metrics.jsonl` that were not read yet."""
        try:
            with self.folder.metrics_file.open("rb") as file:
                file.seek(self._read)
                fresh: Any = file.read()
        except OSError:
            return []
        whole, newline, _ = fresh.rpartition(b"\n")
        self._read += len(whole) + len(newline)
        return str(whole, "utf-8", "replace").splitlines()
