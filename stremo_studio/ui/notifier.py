"""The project's `ChangeFeed` as a Qt signal, so that screens end their subscription with
themselves."""

from PySide6.QtCore import QObject, Signal

from stremo_studio.project.changes import ChangeFeed, Changes


class Notifier(QObject):
    """Emits `changed(Changes)` after every committed change of the project."""

    changed = Signal(object)

    def __init__(self, feed: ChangeFeed, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._unsubscribe = feed.subscribe(self._on_changes)

    def stop(self) -> None:
        """Say nothing more; for when the project closes."""
        self._unsubscribe()

    def _on_changes(self, changes: Changes) -> None:
        self.changed.emit(changes)
