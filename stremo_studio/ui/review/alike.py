"""What the model takes for alike: training clips near the one in front, and one that it gets right.

Hearing another clip leaves the one in front in front: an answer is about that one, always.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Slot

from stremo_studio.domain.clip import Clip, ClipId
from stremo_studio.domain.recording import READY
from stremo_studio.project.neighbours import Embeddings, Neighbour
from stremo_studio.project.prediction_index import PredictionIndex
from stremo_studio.ui.listening import Listening
from stremo_studio.ui.page import Desk
from stremo_studio.ui.review.alike_bar import KEYS, NO_EMBEDDINGS, RIGHT, AlikeBar, Other
from stremo_studio.ui.review.reviewed_run import ReviewedRun
from stremo_studio.ui.words import audio_words

_CALM_MS = 120
_NEAREST = KEYS[:-1]


@dataclass(frozen=True, slots=True)
class _Found:
    nearest: list[Neighbour]
    right: Neighbour | ClipId | None


class Alike(QObject):
    """Follows the clip in front, finds the others in the background, and lets them be heard."""

    def __init__(
        self, desk: Desk, reviewed: ReviewedRun, listening: Listening, bar: AlikeBar,
        parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._desk, self._reviewed, self._listening, self._bar = desk, reviewed, listening, bar
        self._clip: Clip | None = None
        self._others: Mapping[str, Other] = {}
        self._wanted, self._ticket, self._heard_ms = "", 0, 0
        self.heard = ""
        """The key of the clip that is heard instead; "" while it is the one in front."""
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.setInterval(_CALM_MS)
        self._calm.timeout.connect(self._look)
        bar.asked.connect(self.hear)

    @property
    def heard_ms(self) -> int:
        """How much of the clip in front was played, whatever is heard now."""
        return self._heard_ms if self.heard else self._listening.heard_ms

    def follow(self, clip: Clip | None) -> None:
        """Another clip is in front."""
        self._desk.background.forget(self._ticket)
        self._clip, self._wanted, self.heard, self._heard_ms = clip, "", "", 0
        self._show({}, "")
        if clip is not None:
            self._calm.start()

    def hear(self, key: str) -> None:
        """Play one of the others; the same again, or R, goes back."""
        other = self._others.get(key)
        if key == self.heard:
            self.go_back()
        elif other is None:
            self._wanted = key if self._calm.isActive() or self._ticket else ""
        elif other.clip.audio != READY:
            self._desk.banners.show_note(f"{other.clip.name}: {audio_words(other.clip)}")
        else:
            self._heard_ms, self.heard = self.heard_ms, key
            self._listening.open(other.clip, play=True)
            self._bar.show_heard(key)

    def go_back(self) -> bool:
        """The clip in front again, from its start; whether another was heard."""
        if not self.heard:
            return False
        self.heard = ""
        self._bar.show_heard("")
        self._listening.open(self._clip, play=True)
        return True

    @Slot()
    def _look(self) -> None:
        clip, index, embeddings = self._clip, self._reviewed.index, self._reviewed.embeddings
        if clip is None or clip.id not in index.by_clip:
            return

        def look() -> _Found:
            return _find(clip.id, index, embeddings)

        self._ticket = self._desk.background.run(look, self._on_found)

    def _on_found(self, found: _Found) -> None:
        self._ticket = 0
        near = dict(zip(_NEAREST, found.nearest, strict=False))
        wanted = {key: one.clip_id for key, one in near.items()}
        likeness = {key: one.similarity for key, one in near.items()}
        if isinstance(found.right, Neighbour):
            wanted[RIGHT], likeness[RIGHT] = found.right
        elif found.right is not None:
            wanted[RIGHT] = found.right
        index = self._reviewed.index
        clips = {clip.id: clip for clip in self._desk.project.clips(list(wanted.values()))}
        others = {
            key: Other(clips[one], str(index.by_clip[one].label), key != RIGHT, likeness.get(key))
            for key, one in wanted.items()
            if one in clips
        }
        self._show(others, "" if self._reviewed.embeddings is not None else NO_EMBEDDINGS)
        if self._wanted:
            self.hear(self._wanted)

    def _show(self, others: Mapping[str, Other], words: str) -> None:
        self._others = others
        self._bar.show_others(others, words)


def _find(clip: ClipId, index: PredictionIndex, embeddings: Embeddings | None) -> _Found:
    """The nearest training clips, and of the clips of the same split that are rightly what this
    one is called the nearest; the surest where a run kept no embeddings."""
    said = index.by_clip[clip]
    split = "test" if said.split not in ("dev", "train") else said.split
    right = [c for c in index.select(split).cell(said.predicted, said.predicted) if c != clip]
    if embeddings is None:
        return _Found([], right[-1] if right else None)
    nearest = embeddings.nearest(clip, index.select("train").clip_ids(), len(_NEAREST))
    best = embeddings.nearest(clip, right, 1)
    return _Found(nearest, best[0] if best else None)
