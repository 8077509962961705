"""A panel above the window that any Esc closes: cheat sheet and command palette. Not modal."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QFrame, QWidget

from stremo_studio.ui.theme import GRID
from stremo_studio.ui.widgets import give_role


class Overlay(QFrame):
    """Centred in its parent, as large as its content; gives the focus back when it closes."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        give_role(self, "scrim")
        self._room = parent
        self._focus_before: QWidget | None = None
        self.hide()
        parent.installEventFilter(self)

    def open_over(self) -> None:
        """Show above the parent's content."""
        self._focus_before = self.window().focusWidget()
        self._place()
        self.show()
        self.raise_()

    def close_over(self) -> None:
        """Hide, and put the focus where it was."""
        self.hide()
        if self._focus_before is not None:
            self._focus_before.setFocus()
        self._focus_before = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def _place(self) -> None:
        room = self._room.rect().adjusted(2 * GRID, 2 * GRID, -2 * GRID, -2 * GRID)
        size = self.sizeHint().boundedTo(room.size())
        self.resize(size)
        self.move(room.center().x() - size.width() // 2, room.top() + 6 * GRID)
        if self.geometry().bottom() > room.bottom():
            self.move(self.x(), room.top() + (room.height() - size.height()) // 2)
