"""The speaker's card (M): five fields to type into, Enter for the next.

What is said holds for all clips of the speaker. The first change asks, in the list below the
fields, whether it does, or whether this clip is of somebody else.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from stremo_studio.domain.speaker import FIELDS, KnownSpeaker
from stremo_studio.domain.wording import counted
from stremo_studio.project.speakers import titles
from stremo_studio.ui.label.choice_list import ChoiceList, with_new
from stremo_studio.ui.label.speaker_line import Ring
from stremo_studio.ui.theme import GRID, Theme
from stremo_studio.ui.widgets import give_role, label

ALL, ONLY = "all", "only"
"""How far something reaches: all clips that were said to be the speaker's, or this clip alone."""
_PERCEIVED = "As you perceive it. “declined” leaves it open on purpose, “unknown” is for no idea."
_HINT = "Enter takes it and goes on. Esc goes back to the player."


class DescribeCard(QWidget):
    """`said(str, object, str)`: a field, its value or None, and how far; `done`: the last field
    is over; `reach_marked(str)` what Enter would answer to the question now."""

    said = Signal(str, object, str)
    done = Signal()
    reach_marked = Signal(str)

    def __init__(self, theme: Theme, values: Callable[[str, str], list[str]]) -> None:
        """`values(field, typed)` is what can be said."""
        super().__init__()
        self._values = values
        self._speaker: KnownSpeaker | None = None
        self._reaches: dict[str, str] = {}
        self._reach = ""
        self._said_here: set[str] = set()
        self._at = 0
        self._wanted: str | None = None
        self._asking = self._touched = False
        self._name = label(role="heading", wrap=True)
        self._ring = Ring(theme)
        self._facts = label(role="quiet", wrap=True)
        self.fields = {name: self._field(name) for name in FIELDS}
        self._inherited = {name: label(role="quiet") for name in FIELDS}
        self._question = label(role="quiet", wrap=True)
        self.choices = ChoiceList("What can be said")
        self.choices.picked.connect(self._take)
        self.choices.marked.connect(self._on_marked)
        self.consequence = label(role="quiet", wrap=True)
        self._lay_out()

    def _field(self, name: str) -> QLineEdit:
        field = QLineEdit()
        field.setAccessibleName(titles()[name])
        field.setPlaceholderText("not said")
        field.setToolTip(_PERCEIVED if "Perceived" in titles()[name] else "")
        field.textEdited.connect(self._on_typed)
        field.returnPressed.connect(self._on_enter)
        field.installEventFilter(self)
        return field

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID // 2)
        top = QHBoxLayout()
        top.addWidget(self._name, 1)
        top.addWidget(self._ring)
        column.addLayout(top)
        column.addWidget(self._facts)
        for name, field in self.fields.items():
            head = QHBoxLayout()
            head.addWidget(QLabel(titles()[name]), 1)
            head.addWidget(self._inherited[name])
            column.addLayout(head)
            column.addWidget(field)
        column.addSpacing(GRID)
        column.addWidget(self._question)
        column.addWidget(self.consequence)
        column.addWidget(self.choices, 1)

    def show_speaker(
        self, speaker: KnownSpeaker | None, reaches: dict[str, str], *, fresh: bool
    ) -> None:
        """Show what is known. `reaches` are the answers to how far a change goes, as sentences;
        `fresh` when another clip came to the front."""
        if fresh:
            self._said_here, self._reach, self._at = set(), "", 0
        self._speaker, self._reaches, self._asking = speaker, reaches, False
        clips = speaker.clips if speaker else 0
        self._name.setText(f"Speaker {speaker.facts.name}" if speaker else "Speaker not stated")
        self._ring.show_described(speaker.facts.described if speaker else 0)
        self._facts.setText(
            f"What is said holds for {counted(clips, 'clip')}." if clips > 1 else ""
        )
        for name, field in self.fields.items():
            value = self._known(name)
            inherited = bool(value) and clips > 1 and name not in self._said_here
            field.setText(value or "")
            give_role(field, "inherited" if inherited else "")
            self._inherited[name].setText("inherited" if inherited else "")
        self._offer()

    def begin(self) -> None:
        """Type into the first field that nothing is said in."""
        open_ones = [n for n, name in enumerate(FIELDS) if self._known(name) is None]
        self._go_to(open_ones[0] if open_ones else 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            for at, (name, field) in enumerate(self.fields.items()):
                if field is watched:
                    self._at = at
                else:  # what was typed there and not taken
                    field.setText(self._known(name) or "")
            self._asking = False
            self._offer()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.choices.step(event.key()):
            self._touched = True
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        if forward:
            self._on_enter()
        else:
            self._go_to(max(0, self._at - 1))
        return True

    def _known(self, name: str) -> str | None:
        return self._speaker.facts.fact(name) if self._speaker else None

    def _go_to(self, at: int) -> None:
        field = self.fields[FIELDS[at]]
        field.setText(self._known(FIELDS[at]) or "")
        field.setFocus()
        field.selectAll()
        self._at = at
        self._offer()

    def _offer(self) -> None:
        """What can be said in the field in front."""
        name = FIELDS[self._at]
        text, value = self.fields[name].text(), self._known(name)
        typed = "" if text == (value or "") else text
        values = with_new([(v, v) for v in self._values(name, typed)], typed, "New: “{}”")
        self._touched = bool(typed)
        offered = [v for v, _ in values]
        self.choices.offer(values, 0 if typed else offered.index(value) if value in offered else -1)
        self._question.setText(_HINT)
        self.consequence.hide()

    def _on_typed(self) -> None:
        self._asking = False
        self._offer()

    def _on_enter(self) -> None:
        choice = self.choices.choice
        if self._asking or (self._touched and choice is not None):
            self._take(choice or ALL)
        else:
            self._take(self.fields[FIELDS[self._at]].text().strip())

    def _take(self, choice: str) -> None:
        if self._asking:
            self._reach = choice
            self._say()
            return
        self._wanted = choice or None
        if self._wanted == self._known(FIELDS[self._at]):
            self._go_on()
        elif self._reaches and not self._reach:
            self._ask()
        else:
            self._say()

    def _ask(self) -> None:
        name = FIELDS[self._at]
        self.fields[name].setText(self._wanted or "")
        self._asking = True
        said = f"“{self._wanted}”" if self._wanted else "Nothing said"
        self._question.setText(f"{titles()[name]}: {said}. For which clips?")
        self.choices.offer(list(self._reaches.items()))

    def _say(self) -> None:
        self._asking = False
        name = FIELDS[self._at]
        self._said_here.add(name)
        self.said.emit(name, self._wanted, self._reach or ALL)
        self._go_on()

    def _go_on(self) -> None:
        if self._at + 1 < len(FIELDS):
            self._go_to(self._at + 1)
        else:
            self.done.emit()

    def _on_marked(self, choice: str) -> None:
        if self._asking:
            self.reach_marked.emit(choice)
