"""The command palette (Ctrl+K): type a few letters of what you want, Enter does it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from stremo_studio.ui.actions import Action, action, actions_in
from stremo_studio.ui.key_text import shown_key
from stremo_studio.ui.overlay import Overlay
from stremo_studio.ui.theme import GRID
from stremo_studio.ui.widgets import label


class Palette(Overlay):
    """The action table with a filter. `picked(Action)`."""

    picked = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._workspace = ""
        self._field = QLineEdit()
        self._field.setPlaceholderText("What do you want to do?")
        self._field.setAccessibleName("Find an action")
        self._field.textChanged.connect(self._fill)
        self._field.returnPressed.connect(self._pick)
        self._list = QListWidget()
        self._list.setAccessibleName("Actions")
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setMinimumSize(520, 320)
        self._list.itemClicked.connect(self._pick)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.addWidget(self._field)
        column.addWidget(self._list)
        self._nothing = label("No action is called that.", "quiet")
        column.addWidget(self._nothing)

    def show_actions(self, workspace: str) -> None:
        """Open with the actions of a workspace."""
        self._workspace = workspace
        self._field.clear()
        self._fill("")
        self.open_over()
        self._field.setFocus()

    def found(self) -> list[str]:
        """Ids of the actions listed now, best first."""
        rows = (self._list.item(row) for row in range(self._list.count()))
        return [str(item.data(Qt.ItemDataRole.UserRole)) for item in rows]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if step:
            last = self._list.count() - 1
            self._list.setCurrentRow(max(0, min(last, self._list.currentRow() + step)))
        else:
            super().keyPressEvent(event)

    def _fill(self, typed: str) -> None:
        self._list.clear()
        words = typed.lower().split()
        matching = [a for a in actions_in(self._workspace) if _matches(a, words)]
        first = [a for a in matching if a.text.lower().strip("−0+ ").startswith(typed.lower())]
        for found in [*first, *(a for a in matching if a not in first)]:
            item = QListWidgetItem(f"{found.text}    {shown_key(found.key)}".rstrip())
            item.setData(Qt.ItemDataRole.UserRole, found.id)
            self._list.addItem(item)
        self._list.setCurrentRow(0)
        self._nothing.setVisible(not matching)

    def _pick(self) -> None:
        row = self._list.currentRow()
        if row < 0:
            return
        chosen = self.found()[row]
        self.close_over()
        self.picked.emit(action(chosen))


def _matches(found: Action, words: list[str]) -> bool:
    text = f"{found.group} {found.text}".lower()
    return found.id != "window.palette" and all(word in text for word in words)
