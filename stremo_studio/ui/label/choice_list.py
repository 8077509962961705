"""What can be chosen below a field that is typed into: arrows move, Enter or a click takes."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from stremo_studio.ui.theme import GRID

Choice = tuple[str, str]
"""What is chosen, and how it is shown."""
_ROW = 3 * GRID


class ChoiceList(QListWidget):
    """`picked(str)` by hand; `marked(str)` what Enter would take now, empty for nothing."""

    picked = Signal(str)
    marked = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setMinimumHeight(6 * _ROW)
        self.itemClicked.connect(self._on_clicked)
        self.currentRowChanged.connect(self._on_row)

    def offer(self, choices: Sequence[Choice], marked: int = 0) -> None:
        """Show these; -1 marks none."""
        self.blockSignals(True)
        self.clear()
        for value, text in choices:
            item = QListWidgetItem(text)
            item.setToolTip(text)
            item.setSizeHint(QSize(0, _ROW))
            item.setData(Qt.ItemDataRole.UserRole, value)
            self.addItem(item)
        self.setCurrentRow(marked if choices else -1)
        self.blockSignals(False)
        self._on_row()

    def offered(self) -> list[str]:
        """What can be chosen now."""
        return [self._value(self.item(row)) for row in range(self.count())]

    @property
    def choice(self) -> str | None:
        """What Enter would take; None for nothing."""
        item = self.currentItem()
        return self._value(item) if item is not None else None

    def step(self, key: int) -> bool:
        """Move by an arrow key; whether it was one."""
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(key), 0)
        if by and self.count():
            self.setCurrentRow(max(0, min(self.count() - 1, self.currentRow() + by)))
        return bool(by)

    def _value(self, item: QListWidgetItem) -> str:
        return str(item.data(Qt.ItemDataRole.UserRole))

    def _on_row(self) -> None:
        self.marked.emit(self.choice or "")

    def _on_clicked(self, item: QListWidgetItem) -> None:
        self.picked.emit(self._value(item))


def with_new(known: Sequence[Choice], typed: str, words: str) -> list[Choice]:
    """The choices, and what was typed itself where it is none of them."""
    typed = typed.strip()
    if not typed or any(value.lower() == typed.lower() for value, _ in known):
        return list(known)
    return [*known, (typed, words.format(typed))]
