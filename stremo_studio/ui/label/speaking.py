"""Who speaks in the clip in front: joins the speaker's cards, the panel and the project.

The cards take the place of the label card while they are open: nothing above the window, no dialog.
"""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel, QScrollArea, QStackedWidget, QWidget

from stremo_studio.domain.clip import Clip, ClipId
from stremo_studio.domain.speaker import FIELDS, KnownSpeaker
from stremo_studio.domain.wording import counted
from stremo_studio.project.speakers import (
    DescribeSpeaker,
    GiveToSpeaker,
    clips_beside,
    clips_of,
    fresh_name,
    speaker_of,
    speakers_like,
    values_like,
    what_moves,
)
from stremo_studio.ui.label.choice_list import Choice
from stremo_studio.ui.label.clip_panel import WIDTH, ClipPanel
from stremo_studio.ui.label.describe_card import ALL, ONLY, DescribeCard
from stremo_studio.ui.label.give_card import GiveCard
from stremo_studio.ui.page import Desk
from stremo_studio.ui.widgets import give_role

_CLIP, _SELECTED, _RECORDING, _SPEAKER = "clip", "selected", "recording", "speaker"


class Speaking(QObject):
    """`left`: a card was closed by its last field. `place` goes where the panel was."""

    left = Signal()

    def __init__(self, desk: Desk, panel: ClipPanel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._panel = desk, panel
        self._clip: Clip | None = None
        self._speaker: KnownSpeaker | None = None
        self._targets: dict[str, tuple[ClipId, ...]] = {}
        self.card = DescribeCard(desk.theme, self._values)
        self.card.said.connect(self._on_said)
        self.card.done.connect(self.left)
        self.card.reach_marked.connect(self._on_reach)
        self.giving = GiveCard(self._speakers)
        self.giving.given.connect(self._on_given)
        self.giving.reach_marked.connect(self._on_target)
        self.place = QStackedWidget()
        self.place.setFixedWidth(WIDTH)
        self.place.addWidget(panel)
        for card in (self.card, self.giving):
            self.place.addWidget(_scrolled(card))

    @property
    def is_open(self) -> bool:
        """Whether a card is in front."""
        return self.place.currentIndex() > 0

    def show_clip(self, clip: Clip | None) -> None:
        """The clip in front is another one, or has changed."""
        fresh = self._clip is None or clip is None or clip.id != self._clip.id
        self._clip = clip
        self._speaker = speaker_of(self._desk.project, clip.id) if clip else None
        self._panel.speaker.show_speaker(self._speaker)
        self._panel.speaker.setEnabled(clip is not None)
        if clip is None or (fresh and self.place.currentIndex() == 2):
            self.close()
        elif self.place.currentIndex() == 1:
            self.card.show_speaker(self._speaker, self._reaches(clip), fresh=fresh)

    def describe(self) -> None:
        """Open the card of the speaker."""
        if self._clip is not None:
            self.place.setCurrentIndex(1)
            self.card.show_speaker(self._speaker, self._reaches(self._clip), fresh=True)
            self.card.begin()

    def give(self, selected: tuple[ClipId, ...]) -> None:
        """Ask whose voice it is; `selected` are the clips that the list has marked."""
        if self._clip is None:
            return
        clip, speaker = self._clip, self._speaker
        self._targets = {_CLIP: (clip.id,)}
        if len(selected) > 1:
            self._targets = {_SELECTED: selected}
        beside = clips_beside(self._desk.project, clip.id)
        if len(beside) > 1:
            self._targets[_RECORDING] = beside
        if speaker is not None and speaker.clips > 1:
            self._targets[_SPEAKER] = clips_of(self._desk.project, speaker)
        name = speaker.facts.name if speaker else ""
        words = {_CLIP: "This clip", _SELECTED: "The {} selected clips",
                 _RECORDING: "All {} clips of this recording",
                 _SPEAKER: f"All {{}} clips of speaker {name}"}  # fmt: skip
        self.place.setCurrentIndex(2)
        self.giving.begin([(k, words[k].format(len(ids))) for k, ids in self._targets.items()])

    def close(self) -> None:
        """Back to the label card."""
        self.place.setCurrentIndex(0)

    def _values(self, field: str, typed: str) -> list[str]:
        return values_like(self._desk.project, field, typed)

    def _speakers(self, typed: str) -> list[Choice]:
        assert self._clip is not None
        mine = self._speaker.id if self._speaker else None
        like = speakers_like(self._desk.project, self._clip.corpus, typed)
        found = [
            (s.facts.name, f"{s.facts.name}   {counted(s.clips, 'clip')}, {_how_known(s)}")
            for s in sorted(like, key=lambda s: s.id == mine)
        ]
        if not typed.strip():
            new = self._new_name()
            found.append((new, f"A new speaker, to be called {new}"))
        return found

    def _new_name(self) -> str:
        """For somebody else than the speaker, or for whoever speaks in a recording."""
        assert self._clip is not None
        clip = self._clip
        base = clip.speaker or clip.group.removeprefix(f"{clip.corpus}:")
        return fresh_name(self._desk.project, clip.corpus, base)

    def _reaches(self, clip: Clip) -> dict[str, str]:
        """How far something said may go, where there is a choice."""
        if self._speaker is None:
            beside = self._unsaid(clip)
            words = f"All {len(beside)} clips of this recording without a speaker"
            return {ALL: words, ONLY: "This clip only"} if len(beside) > 1 else {}
        if self._speaker.clips <= 1:
            return {}
        name = self._speaker.facts.name
        return {ALL: f"Speaker {name}, everywhere: {counted(self._speaker.clips, 'clip')}",
                ONLY: f"This clip only: a new speaker, {self._new_name()}"}  # fmt: skip

    def _unsaid(self, clip: Clip) -> tuple[ClipId, ...]:
        beside = self._desk.project.clips(clips_beside(self._desk.project, clip.id))
        return tuple(c.id for c in beside if c.speaker is None)

    def _on_said(self, field: str, value: str | None, reach: str) -> None:
        clip, speaker, project = self._clip, self._speaker, self._desk.project
        assert clip is not None
        if speaker is None:
            ids = (clip.id,) if reach == ONLY else self._unsaid(clip)
            project.do(GiveToSpeaker(ids, self._new_name(), {field: value}))
        elif reach == ALL or speaker.clips <= 1:
            project.do(DescribeSpeaker(speaker.id, speaker.facts.name, field, value))
        else:
            facts = {name: speaker.facts.fact(name) for name in FIELDS} | {field: value}
            project.do(GiveToSpeaker((clip.id,), self._new_name(), facts))

    def _on_reach(self, reach: str) -> None:
        clip = self._clip
        moves = clip is not None and (reach == ONLY or self._speaker is None)
        ids = (clip.id,) if clip and reach == ONLY else self._unsaid(clip) if clip else ()
        words = what_moves(self._desk.project, ids, self._new_name()) if moves else ""
        _warn(self.card.consequence, words)

    def _on_target(self, name: str, target: str) -> None:
        words = what_moves(self._desk.project, self._targets[target], name)
        _warn(self.giving.consequence, words)

    def _on_given(self, name: str, target: str) -> None:
        done = self._desk.project.do(GiveToSpeaker(self._targets[target], name))
        if done.sentence:
            self._desk.banners.show_note(f"{done.sentence}. Undo takes it back.")
        self.left.emit()


def _how_known(speaker: KnownSpeaker) -> str:
    described = speaker.facts.described
    return "complete" if described == len(FIELDS) else f"{described} of {len(FIELDS)}"


def _warn(place: QLabel, words: str) -> None:
    place.setText(words)
    place.setVisible(bool(words))
    give_role(place, "warning" if "frozen" in words else "quiet")


def _scrolled(card: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(card)
    return give_role(area, "panel")
