"""The clip whose answers differ: its sound, who said what, and the answer that settles it."""

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from stremo_studio.domain.annotation import ADJUDICATED, IMPORTED
from stremo_studio.domain.clip import Clip
from stremo_studio.domain.consensus import Opinion
from stremo_studio.domain.recording import READY
from stremo_studio.domain.wording import counted
from stremo_studio.ui.actions import AGREEMENT
from stremo_studio.ui.clip_title import ClipTitle
from stremo_studio.ui.label.picture import SoundPicture
from stremo_studio.ui.label.player_bar import PlayerBar
from stremo_studio.ui.review.agreement.said_list import SaidList
from stremo_studio.ui.review.answers import AnswerBlock
from stremo_studio.ui.theme import GRID, Theme
from stremo_studio.ui.widgets import label
from stremo_studio.ui.words import audio_words, seconds_words


class AgreementStage(QWidget):
    """Shows; the page acts on `answers`."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._name = ClipTitle()
        self._facts = label(role="quiet", wrap=True)
        self._task = label(role="body", wrap=True)
        self.said = SaidList(theme)
        self.picture = SoundPicture(theme)
        self.player = PlayerBar(theme, AGREEMENT)
        self.answers = AnswerBlock(theme, AGREEMENT, "Majority", "Settle as most say")
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        column.addWidget(self._name)
        column.addWidget(self._facts)
        column.addWidget(self.picture, 1)
        for part in (self.player, self._task, self.said, self.answers):
            column.addWidget(part)
        self.show_clip(None, [], hidden=False, majority=None)

    @property
    def task_words(self) -> str:
        return self._task.text()

    def show_clip(
        self,
        clip: Clip | None,
        opinions: Sequence[Opinion],
        *,
        hidden: bool,
        majority: str | None,
    ) -> None:
        """`hidden`: what others said is not shown before this annotator has answered; `majority`:
        what most of them say, None at a tie."""
        self._name.show_name(clip.name if clip else "")
        self._facts.setText(_facts(clip) if clip else "")
        self.said.show_opinions([] if hidden else opinions)
        self._task.setText(_task(opinions, hidden, majority) if clip else "")
        settled = {o.annotator: o.answer for o in opinions}.get(ADJUDICATED)
        self.answers.show_answer(
            settled.label if settled and not hidden else None, sure=not settled or settled.sure
        )
        for part in (self.answers, self.player):
            part.setEnabled(clip is not None)
        self.answers.confirm.setEnabled(clip is not None and not hidden and majority is not None)
        if clip is None:
            self.picture.show_message("No clip")
        elif clip.audio != READY:
            self.picture.show_message(audio_words(clip))


def _facts(clip: Clip) -> str:
    speaker = f"speaker {clip.speaker}" if clip.speaker else "speaker not stated"
    return "  ·  ".join((clip.corpus, speaker, seconds_words(clip.duration)))


def _task(opinions: Sequence[Opinion], hidden: bool, majority: str | None) -> str:
    voices = [o.annotator for o in opinions if o.annotator != IMPORTED]
    if hidden:
        return f"Your own answer first: {counted(len(voices), 'other answer')} will be shown then."
    if ADJUDICATED in voices:
        return "This clip is settled. Another answer settles it anew."
    return "Your answer settles this clip." if majority else "A tie: your answer settles it."
