"""Who annotates (Ctrl+Shift+A): type a name that is known or new, Enter takes it. Not modal.

One field does both, as in the palette: what is typed narrows the list, and a name that nobody has
yet stands at its end as one to add.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from stremo_studio.domain.wording import counted
from stremo_studio.ui.overlay import Overlay
from stremo_studio.ui.theme import GRID
from stremo_studio.ui.widgets import label, line

if TYPE_CHECKING:  # nothing of a project is needed for the first picture
    from stremo_studio.project.annotators import KnownAnnotator

ROW = 28
_NAME = Qt.ItemDataRole.UserRole
_BLIND = (
    "Each annotator sees their own answers only, and not the labels that clips came with. "
    "Agreement is measured on answers that were given alone."
)


class AnnotatorPanel(Overlay):
    """`chosen(str)`: a name, known or new. `blind_chosen(bool)`: hide others' answers or not."""

    chosen = Signal(str)
    blind_chosen = Signal(bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("Who annotates")
        self._known: list[KnownAnnotator] = []
        self._current = ""
        self.field = QLineEdit()
        self.field.setPlaceholderText("A name, known or new")
        self.field.setAccessibleName("Annotator")
        self.field.textChanged.connect(self._fill)
        self.field.returnPressed.connect(self._pick)
        self._list = QListWidget()
        self._list.setAccessibleName("Annotators")
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setMinimumSize(46 * GRID, 20 * GRID)
        self._list.itemClicked.connect(self._pick)
        self.blind = QCheckBox("Blind: hide others' answers")
        self.blind.clicked.connect(self.blind_chosen)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, 3 * GRID)
        column.setSpacing(GRID)
        top = QHBoxLayout()
        top.addWidget(label("Who annotates?", "title"), 1)
        top.addWidget(label("Esc closes", "quiet"))
        column.addLayout(top)
        for part in (self.field, self._list, line(), self.blind, label(_BLIND, "quiet", wrap=True)):
            column.addWidget(part)

    def show_annotators(
        self, known: Sequence["KnownAnnotator"], current: str, *, blind: bool
    ) -> None:
        """Open with everybody who is known, the present one in front."""
        self._known, self._current = list(known), current
        self.blind.setChecked(blind)
        self.field.clear()
        self._fill("")
        self.open_over()
        self.field.setFocus()

    def names(self) -> list[str]:
        """What Enter would take, row by row."""
        return [str(self._list.item(row).data(_NAME)) for row in range(self._list.count())]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if step:
            last = self._list.count() - 1
            self._list.setCurrentRow(max(0, min(last, self._list.currentRow() + step)))
        else:
            super().keyPressEvent(event)

    def _fill(self, typed: str) -> None:
        name = " ".join(typed.split())
        self._list.clear()
        for one in self._known:
            if name.casefold() in one.name.casefold():
                now = ", now" if one.name == self._current else ""
                self._add(one.name, f"{one.name}    {counted(one.answered, 'clip')}{now}")
        if name and name.casefold() not in (one.name.casefold() for one in self._known):
            self._add(name, f"Add “{name}”")
        listed = self.names()
        self._list.setCurrentRow(listed.index(self._current) if self._current in listed else 0)

    def _add(self, name: str, text: str) -> None:
        item = QListWidgetItem(text)
        item.setData(_NAME, name)
        item.setSizeHint(QSize(0, ROW))
        self._list.addItem(item)

    def _pick(self) -> None:
        row = self._list.currentRow()
        if row >= 0:
            self.chosen.emit(self.names()[row])
