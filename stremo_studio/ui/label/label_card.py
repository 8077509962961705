"""The label card: the three answers, the fine emotions behind E, what else can be said.

It shows the answer of the current clip and emits what the annotator chose; the page acts.
"""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from stremo_studio.domain.annotation import CANNOT_TELL, UNUSABLE
from stremo_studio.domain.clip import Clip
from stremo_studio.ui.actions import LABEL
from stremo_studio.ui.key_text import keyed
from stremo_studio.ui.label.answer_button import AnswerButton
from stremo_studio.ui.theme import GRID, Theme
from stremo_studio.ui.widgets import button, give_role, label
from trainer.contract.labels import paper_scheme

_OTHERS = ((CANNOT_TELL, "?  Cannot tell"), (UNUSABLE, "×  Unusable"))

_OUTSIDE = "kept, but in none of the three classes"


class LabelCard(QWidget):
    """`answered(str)` a class or another answer, `emotion_chosen(str)` a fine emotion."""

    answered = Signal(str)
    emotion_chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._answers: dict[str, AnswerButton] = {}
        self._others: dict[str, QPushButton] = {}
        self._emotions: dict[str, QPushButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        for label_class in paper_scheme().classes:
            answer = AnswerButton(label_class, theme, LABEL)
            answer.clicked.connect(partial(self.answered.emit, label_class.id))
            self._answers[label_class.id] = answer
            column.addWidget(answer)
        column.addLayout(self._other_row())
        column.addSpacing(GRID)
        self._hint = label("Fine emotion: E, then the letter", "quiet", wrap=True)
        column.addWidget(self._hint)
        column.addWidget(self._emotion_grid())

    def show_clip(self, clip: Clip | None) -> None:
        """Mark the answer that the clip has."""
        given = clip.label if clip else None
        for name, answer in self._answers.items():
            answer.show_answer(name == given, clip is not None and not clip.sure)
        for name, other in self._others.items():
            other.setChecked(name == given)
        for name, emotion in self._emotions.items():
            emotion.setChecked(clip is not None and clip.emotion == name)
        self.setEnabled(clip is not None)

    def show_waiting(self, waiting: bool) -> None:
        """E was pressed: the letter is awaited."""
        text = "Now the letter, or Esc" if waiting else "Fine emotion: E, then the letter"
        self._hint.setText(text)
        give_role(self._hint, "awaiting" if waiting else "quiet")

    def _other_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(GRID)
        for name, text in _OTHERS:
            other = button(text, "choice", checkable=True)
            keyed(other, text=f"{text}  {{label.{name}}}")
            other.clicked.connect(partial(self._on_other, name))
            self._others[name] = other
            row.addWidget(other)
        return row

    def _emotion_grid(self) -> QWidget:
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(GRID // 2)
        for place, emotion in enumerate(paper_scheme().emotions):
            words = emotion.id.capitalize()
            name = f"label.emotion.{emotion.id.replace(' ', '_')}"
            kept = f"counts as {emotion.class_id}" if emotion.class_id else _OUTSIDE
            choice = button("", "emotion", checkable=True)
            keyed(choice, text=f"{{{name}:last}}  {words}", tip=f"{{{name}}}: {kept}")
            choice.setMinimumWidth(64)
            choice.setAccessibleName(f"{words}, {emotion.class_id or 'outside the classes'}")
            choice.clicked.connect(partial(self._on_emotion, emotion.id))
            self._emotions[emotion.id] = choice
            grid.addWidget(choice, place // 2, place % 2)
        return body

    def _on_other(self, name: str) -> None:
        self.answered.emit(name)

    def _on_emotion(self, name: str) -> None:
        self.emotion_chosen.emit(name)
