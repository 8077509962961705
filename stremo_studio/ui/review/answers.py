"""The answers below a clip that is auditioned: three classes, two others, and what Enter does."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from stremo_studio.domain.annotation import CANNOT_TELL, UNUSABLE
from stremo_studio.ui.key_text import keyed
from stremo_studio.ui.label.answer_button import AnswerButton
from stremo_studio.ui.theme import GRID, Theme
from stremo_studio.ui.widgets import button
from trainer.contract.labels import paper_scheme

_LEAST, _LOWEST = 240, 32
_OTHERS = ((CANNOT_TELL, "?  Cannot tell"), (UNUSABLE, "×  Unusable"))


class AnswerBlock(QWidget):
    """`answered(str)`: a class or another answer; `confirmed`: Enter, by mouse."""

    answered = Signal(str)
    confirmed = Signal()

    def __init__(self, theme: Theme, workspace: str, confirm: str, name: str) -> None:
        """`confirm` stands on the button of Enter, `name` is what it is called."""
        super().__init__()
        self._answers = {c.id: AnswerButton(c, theme, workspace) for c in paper_scheme().classes}
        self.confirm = button("", "primary", name=name)
        keyed(self.confirm, text=f"{confirm}  {{{workspace}.confirm}}")
        self.confirm.clicked.connect(self.confirmed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        for label_id, answer in self._answers.items():
            answer.clicked.connect(partial(self.answered.emit, label_id))
            answer.setMinimumHeight(_LOWEST)
            column.addWidget(answer)
        self._row = QGridLayout()
        self._row.setSpacing(GRID)
        self._others = []
        for label_id, text in _OTHERS:
            other = keyed(button(text), text=f"{text}  {{{workspace}.{label_id}}}")
            other.clicked.connect(partial(self._on_other, label_id))
            self._others.append(other)
        column.addSpacing(GRID // 2)
        column.addLayout(self._row)
        self._lay_out(narrow=False)
        self.setMinimumWidth(_LEAST)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out(narrow=event.size().width() < self._one_row)

    @property
    def _one_row(self) -> int:
        """Pixels that the lowest three buttons need beside each other."""
        row = (self.confirm, *self._others)
        return sum(one.sizeHint().width() for one in row) + GRID * (len(row) - 1)

    def _lay_out(self, *, narrow: bool) -> None:
        """Enter's button beside the others, or above them where it is narrow."""
        grid = self._row
        grid.addWidget(self.confirm, 0, 0, 1, 2 if narrow else 1)
        for place, other in enumerate(self._others):
            grid.addWidget(other, int(narrow), place + (not narrow))
        for column in range(3):
            grid.setColumnStretch(column, int(column == 0 or (narrow and column == 1)))

    def show_answer(self, label: str | None, *, sure: bool = True) -> None:
        """Mark the answer that the clip has."""
        for name, answer in self._answers.items():
            answer.show_answer(name == label, not sure)

    def _on_other(self, label: str) -> None:
        self.answered.emit(label)
