"""The project's `ChangeFeed` as Qt signals, so that screens end their subscription with
themselves."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from stremo_studio.domain.worklist import Counts
from stremo_studio.project.changes import ChangeFeed, Changes


class Notifier(QObject):
    """Emits `changed(Changes)` after every committed change of the project, and
    `counted(Counts)` once for all changes of one turn of the event loop: counting a large
    project takes longer than a label, and the next clip should play first."""

    changed = Signal(object)
    counted = Signal(object)

    def __init__(
        self,
        feed: ChangeFeed,
        parent: QObject | None = None,
        count: Callable[[], Counts] | None = None,
    ) -> None:
        super().__init__(parent)
        self._unsubscribe = feed.subscribe(self._on_changes)
        self._count_now = count
        self._counting = QTimer(self)
        self._counting.setSingleShot(True)
        self._counting.setInterval(0)
        self._counting.timeout.connect(self.count)

    def stop(self) -> None:
        """Say nothing more; for when the project closes."""
        self._unsubscribe()
        self._counting.stop()

    def count(self) -> None:
        """Count now, e.g. for a screen that has just come."""
        self._counting.stop()
        if self._count_now is not None:
            self.counted.emit(self._count_now())

    def _on_changes(self, changes: Changes) -> None:
        self.changed.emit(changes)
        self._counting.start()
