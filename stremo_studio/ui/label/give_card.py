"""Whose voice is it (P): type the name of a speaker, or a new one, then say for which clips."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from stremo_studio.ui.label.choice_list import Choice, ChoiceList, with_new
from stremo_studio.ui.theme import GRID
from stremo_studio.ui.widgets import label

_HINT = "Enter takes the speaker. Esc goes back to the player."


class GiveCard(QWidget):
    """`given(str, str)`: a speaker's name and for which clips; `reach_marked(str, str)`: what
    Enter would give now."""

    given = Signal(str, str)
    reach_marked = Signal(str, str)

    def __init__(self, speakers: Callable[[str], list[Choice]]) -> None:
        """`speakers(typed)` are the ones to choose from."""
        super().__init__()
        self._speakers = speakers
        self._reaches: list[Choice] = []
        self._name = ""
        self.field = QLineEdit()
        self.field.setAccessibleName("Name of the speaker")
        self.field.setPlaceholderText("Name of a speaker, or a new one")
        self.field.textEdited.connect(self._on_typed)
        self.field.returnPressed.connect(self._on_enter)
        self._question = label(role="quiet", wrap=True)
        self.choices = ChoiceList("Speakers, then clips")
        self.choices.picked.connect(self._take)
        self.choices.marked.connect(self._on_marked)
        self.consequence = label(role="quiet", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        column.addWidget(label("Whose voice is it?", "heading"))
        for part in (self.field, self._question, self.consequence, self.choices):
            column.addWidget(part, int(part is self.choices))

    def begin(self, reaches: list[Choice]) -> None:
        """`reaches` are the clips that can be meant, the nearest first."""
        self._reaches = reaches
        self.field.clear()
        self._on_typed("")
        self.field.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.choices.step(event.key()):
            super().keyPressEvent(event)

    def _on_typed(self, typed: str) -> None:
        self._name = ""
        self._question.setText(_HINT)
        self.consequence.hide()
        self.choices.offer(with_new(self._speakers(typed), typed, "New speaker “{}”"))

    def _on_enter(self) -> None:
        choice = self.choices.choice
        if choice is not None:
            self._take(choice)

    def _take(self, choice: str) -> None:
        if self._name:
            self.given.emit(self._name, choice)
            return
        self._name = choice
        self.field.setText(choice)
        self._question.setText(f"Which clips are of speaker {choice}?")
        self.choices.offer(self._reaches)

    def _on_marked(self, choice: str) -> None:
        if self._name and choice:
            self.reach_marked.emit(self._name, choice)
