"""What was heard and decided while auditioning one run, and how far it is.

A decision is the annotation that was written; this only counts those of the run in front.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stremo_studio.domain.annotation import (
    BY_REVIEW,
    BY_UNDO,
    UNUSABLE,
    Annotation,
)
from stremo_studio.domain.clip import ClipId
from stremo_studio.project.project import Project
from trainer.contract.evaluation import Prediction

CONFIRMED, RELABELLED, SET_ASIDE = "confirmed", "relabelled", "unusable"
_ORDER = (RELABELLED, CONFIRMED, SET_ASIDE)


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts over one playlist."""

    clips: int
    heard: int
    decided: dict[str, int]

    @property
    def words(self) -> str:
        """E.g. `12 of 37 heard · 5 relabelled · 6 confirmed`."""
        told = [f"{self.decided[v]} {v}" for v in _ORDER if self.decided.get(v)]
        return "  ·  ".join([f"{self.heard} of {self.clips} heard", *told])


class Verdicts:
    """Per clip of one run: heard or not, and what a review annotation says of it."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._heard: set[ClipId] = set()
        self._decided: dict[ClipId, str] = {}
        self._predictions: dict[ClipId, Prediction] = {}

    def begin(self, predictions: dict[ClipId, Prediction]) -> None:
        """Another run: what was heard before counts no more."""
        self._heard.clear()
        self._decided.clear()
        self._predictions = predictions

    def hear(self, clip_id: ClipId) -> bool:
        """Mark a clip as heard; whether that is news."""
        if clip_id in self._heard:
            return False
        self._heard.add(clip_id)
        return True

    def look_again(self, clip_ids: Iterable[ClipId]) -> None:
        """The annotations of these clips changed: by a decision here, or by its undo."""
        for clip_id in clip_ids:
            prediction = self._predictions.get(clip_id)
            if prediction is None:
                continue
            verdict = _verdict(self._project.annotations(clip_id), prediction)
            if verdict:
                self._decided[clip_id] = verdict
            else:
                self._decided.pop(clip_id, None)

    def word(self, clip_id: ClipId) -> str:
        """`confirmed`, `relabelled`, `unusable`, `heard`, or nothing."""
        return self._decided.get(clip_id) or ("heard" if clip_id in self._heard else "")

    def tally(self, clip_ids: Sequence[ClipId]) -> Tally:
        decided: dict[str, int] = {}
        for clip_id in clip_ids:
            verdict = self._decided.get(clip_id)
            if verdict:
                decided[verdict] = decided.get(verdict, 0) + 1
        return Tally(len(clip_ids), len(self._heard.intersection(clip_ids)), decided)


def _verdict(annotations: Sequence[Annotation], prediction: Prediction) -> str:
    """What the annotation in force decided in review; empty when it was given elsewhere."""
    current = _in_force(annotations)
    if current is None or current.source != BY_REVIEW:
        return ""
    if current.answer.label == UNUSABLE:
        return SET_ASIDE
    return CONFIRMED if current.answer.label == prediction.label else RELABELLED


def _in_force(annotations: Sequence[Annotation]) -> Annotation | None:
    """The answer that stands after all undoing: the last one, or what an undo brought back."""
    last = annotations[-1] if annotations else None
    if last is None or last.source != BY_UNDO:
        return last
    return next((one for one in annotations if one.id == last.stands), None)
