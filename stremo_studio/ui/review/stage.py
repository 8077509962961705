"""The clip being auditioned: what people said, what the model says, its sound, the answers."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from stremo_studio.domain.clip import Clip
from stremo_studio.domain.recording import READY
from stremo_studio.ui.actions import REVIEW
from stremo_studio.ui.bars import ProbabilityBars
from stremo_studio.ui.clip_title import ClipTitle
from stremo_studio.ui.label.picture import SoundPicture
from stremo_studio.ui.label.player_bar import PlayerBar
from stremo_studio.ui.review.alike_bar import AlikeBar
from stremo_studio.ui.review.answers import AnswerBlock
from stremo_studio.ui.theme import GRID, Theme
from stremo_studio.ui.widgets import give_role, label
from stremo_studio.ui.words import audio_words, label_name, seconds_words
from trainer.contract.evaluation import Prediction

_ROOMY = 600


class ReviewStage(QWidget):
    """`answered(str)`: a class or another answer; `confirmed`: the label stands."""

    answered = Signal(str)
    confirmed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._name = ClipTitle()
        # A long line is cut, never a reason to push the other panels away.
        self._facts = label(role="quiet")
        self._facts.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._clip: Clip | None = None
        self._human = label(role="body", wrap=True)
        self._bars = ProbabilityBars(theme)
        self.picture = SoundPicture(theme)
        self.player = PlayerBar(theme, REVIEW)
        self.alike = AlikeBar()
        self.alike.said.connect(self._on_said)
        self.answers = AnswerBlock(theme, REVIEW, "Stands", "Label stands")
        self.stands = self.answers.confirm
        self.answers.answered.connect(self.answered)
        self.answers.confirmed.connect(self.confirmed)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        for part in (self._name, self._facts, self._human, self._bars):
            column.addWidget(part)
        column.addWidget(self.picture, 1)
        column.addWidget(self.player)
        column.addWidget(self.alike)
        column.addWidget(self.answers)
        self.show_clip(None, None)

    def show_clip(self, clip: Clip | None, prediction: Prediction | None) -> None:
        """Show a clip and what the run in front says of it."""
        self._name.show_name(clip.name if clip else "")
        self._clip = clip
        self._on_said("")
        self._human.setText(_human(clip, prediction) if clip else "")
        self._bars.show_probabilities(prediction.probabilities if prediction else ())
        self.answers.show_answer(clip.label if clip else None, sure=clip is None or clip.sure)
        for part in (self.answers, self.player):
            part.setEnabled(clip is not None)
        if clip is None:
            self.picture.show_message("No clip")
        elif clip.audio != READY:
            self.picture.show_message(audio_words(clip))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The strip of the whole recording makes room for the answers."""
        super().resizeEvent(event)
        self.picture.overview.setVisible(event.size().height() >= _ROOMY)

    def _on_said(self, words: str) -> None:
        """In the place of the facts, so that nothing moves: which clip is heard instead."""
        text = words or (_facts(self._clip) if self._clip else "")
        self._facts.setText(text)
        self._facts.setToolTip(text)
        give_role(self._facts, "awaiting" if words else "quiet")


def _facts(clip: Clip) -> str:
    speaker = f"speaker {clip.speaker}" if clip.speaker else "speaker not stated"
    return "  ·  ".join((clip.corpus, speaker, seconds_words(clip.duration)))


def _human(clip: Clip, prediction: Prediction | None) -> str:
    """The label now, and the one the run was scored against where they differ."""
    fine = f" ({clip.emotion})" if clip.emotion and clip.emotion != clip.label else ""
    words = f"Human: {label_name(clip.label)}{fine}{'' if clip.sure else ', unsure'}"
    if prediction is not None and prediction.label not in (None, clip.label):
        words += f"  ·  scored as {label_name(prediction.label)}"
    return words
