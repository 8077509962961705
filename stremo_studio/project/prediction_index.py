"""A run's predictions, laid out once so that a cell of the matrix, of all clips or of a slice, is a
mask over columns of numbers.

A score stays as it was reported: counts come from the predictions of the run alone, so a cell and
its playlist always agree, whatever has been relabelled or hidden since. Making the index takes its
time with many clips, and works on any thread.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from stremo_studio.domain.clip import ClipId
from stremo_studio.project.slices import (
    Codes,
    Facts,
    Mask,
    ScoredSlice,
    Slice,
    nothing_known,
    score_slices,
)
from trainer.contract.evaluation import Prediction
from trainer.contract.labels import CLASSES
from trainer.contract.manifest import SPLITS

EVERY = "all"
"""Beside the splits: all of them together, worth a look where no clip was answered by a model that
had learnt it."""
FactsOf = Callable[[Sequence[ClipId]], Facts]


@dataclass(frozen=True, slots=True)
class PredictionIndex:
    """The columns have a row for each labelled clip, in playlist order: of mistakes the most
    confident first, they are wrong labels or blind spots; on the diagonal the least confident."""

    by_clip: dict[ClipId, Prediction]
    ids: Codes
    split: Codes
    human: Codes
    model: Codes
    facts: Facts

    def select(self, split: str, part: Slice | None = None) -> "Selection":
        """The clips of a split or of every one, or of one slice of them."""
        every = split == EVERY
        rows: Mask = np.full(len(self.ids), True) if every else self.split == SPLITS.index(split)
        return Selection(self, rows if part is None else rows & self.facts.where(part))

    def confidence(self, clip_id: ClipId) -> float:
        """Probability of the class that was predicted."""
        return max(self.by_clip[clip_id].probabilities)


@dataclass(frozen=True, slots=True)
class Selection:
    """Some rows of an index. Counts and playlists come from one mask, so the two cannot
    disagree."""

    index: PredictionIndex
    rows: Mask

    def counts(self) -> list[list[int]]:
        """Rows human, columns model, in the order of the label scheme."""
        size = len(CLASSES)
        cells = (self.index.human * size + self.index.model)[self.rows]
        found: list[list[int]] = np.bincount(cells, minlength=size**2).reshape(size, size).tolist()
        return found

    def cell(self, human: str, model: str) -> list[ClipId]:
        """The clips behind one cell, exactly as many as it counts."""
        index = self.index
        is_row, is_column = index.human == CLASSES.index(human), index.model == CLASSES.index(model)
        return self._ids(self.rows & is_row & is_column)

    def misclassified(self) -> list[ClipId]:
        """All clips off the diagonal, the most confident mistakes first."""
        return self._ids(self.rows & (self.index.human != self.index.model))

    def clip_ids(self) -> list[ClipId]:
        return self._ids(self.rows)

    def slices(self) -> list[ScoredSlice]:
        """The scores of every slice, the worst first: not for the GUI thread."""
        return score_slices(self.index.facts, self.index.human, self.index.model, self.rows)

    def _ids(self, rows: Mask) -> list[ClipId]:
        found: list[ClipId] = self.index.ids[rows].tolist()
        return found


def index_predictions(
    found: Sequence[Prediction], facts: FactsOf = nothing_known
) -> PredictionIndex:
    """Lay out the predictions of one run; `facts` tells what is known of clips."""
    rows = [p for p in found if p.label is not None and p.split in SPLITS]
    place = {name: number for number, name in enumerate(CLASSES)}
    ids = _column(int(p.clip_id) for p in rows)
    human = _column(place[str(p.label)] for p in rows)
    model = _column(place[p.predicted] for p in rows)
    sure = np.array([p.probabilities[place[p.predicted]] for p in rows], dtype=float)
    order = np.lexsort((ids, np.where(human == model, sure, -sure)))
    ids = ids[order]
    clips: list[ClipId] = ids.tolist()
    return PredictionIndex(
        {ClipId(int(p.clip_id)): p for p in found},
        ids,
        _column(SPLITS.index(p.split) for p in rows)[order],
        human[order],
        model[order],
        facts(clips),
    )


def _column(values: Iterable[int]) -> Codes:
    return np.array(list(values), dtype=np.int64)
