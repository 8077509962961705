"""Scores of parts of a split, by corpus, speaker and length: where a model fails that looks good
on the whole.

Facts are columns of numbers with a row for each clip, made once for a run and off the GUI thread,
so that narrowing fifty thousand clips to a slice is one mask.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stremo_studio.domain.clip import ClipId
from stremo_studio.project.project import Project
from stremo_studio.store import clip_facts
from stremo_studio.store.clip_facts import ClipFacts
from trainer.scores import Matrix, counted, intervals, scores

NOT_STATED = "not stated"
FEWEST_CLIPS, FEWEST_GROUPS = 20, 3
"""With fewer clips, or speakers and videos, a slice's score is called rough."""
_SPEAKER = ("gender", "age", "accent", "language", "ethnicity")
_DURATIONS = ((2, "under 2 s"), (3, "2 to 3 s"), (5, "3 to 5 s"), (8, "5 to 8 s"))
_LONGEST = "8 s and more"
_SEED = 13

Codes = Matrix
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Slice:
    """The clips of which one fact is one value, e.g. gender female."""

    field: str
    value: str

    @property
    def words(self) -> str:
        return f"{self.field.capitalize()}: {self.value}"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of every clip: what it can be, and by number what it is."""

    values: tuple[str, ...]
    codes: Codes


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of some clips, a row for each. `groups` by number: what splits keep together
    and intervals are drawn over."""

    groups: Codes
    by_field: dict[str, Fact]

    def same_as(self, other: "Facts") -> bool:
        """Whether nothing that is known has changed."""
        if not np.array_equal(self.groups, other.groups):
            return False
        return all(
            mine.values == other.by_field[name].values
            and np.array_equal(mine.codes, other.by_field[name].codes)
            for name, mine in self.by_field.items()
        )

    def where(self, part: Slice) -> Mask:
        """The rows of a slice; none where nobody is of it."""
        fact = self.by_field.get(part.field)
        if fact is None or part.value not in fact.values:
            return np.zeros(len(self.groups), dtype=bool)
        found: Mask = fact.codes == fact.values.index(part.value)
        return found


@dataclass(frozen=True, slots=True)
class ScoredSlice:
    """`intervals` are 95 %, by score, over speakers or videos; empty for a single one."""

    part: Slice
    clips: int
    groups: int
    uar: float
    macro_f1: float
    intervals: dict[str, list[float]]

    @property
    def is_rough(self) -> bool:
        return self.clips < FEWEST_CLIPS or self.groups < FEWEST_GROUPS


def read_facts_of(folder: Path, clip_ids: Sequence[ClipId]) -> Facts:
    """Of these clips of a project, in this order; of a clip that is gone nothing is stated. Opens
    the project for itself, so it works on any thread."""
    project = Project.open(folder, read_only=True)
    try:
        known = {one.id: one for one in clip_facts.read(project.database, clip_ids)}
    finally:
        project.close()
    return facts_of([known.get(clip) or _nothing(clip) for clip in clip_ids])


def nothing_known(clip_ids: Sequence[ClipId]) -> Facts:
    """Where no project can be asked."""
    return facts_of([_nothing(clip) for clip in clip_ids])


def facts_of(rows: Sequence[ClipFacts]) -> Facts:
    """Make columns of rows."""
    named = {
        "corpus": _fact(row.corpus for row in rows),
        **{name: _fact(getattr(row, name) for row in rows) for name in _SPEAKER},
        "duration": _durations([row.duration for row in rows]),
    }
    return Facts(_fact(row.group for row in rows).codes, named)


def score_slices(facts: Facts, human: Codes, model: Codes, shown: Mask) -> list[ScoredSlice]:
    """Every slice of the rows shown, the worst first, rough ones last. A fact that is the same of
    all of them makes no slice. Takes a while with many voices: not for the GUI thread."""
    found = []
    for field, fact in facts.by_field.items():
        present = np.unique(fact.codes[shown]).tolist()
        if len(present) > 1:
            for code in present:
                part = Slice(field, fact.values[code])
                here = shown & (fact.codes == code)
                found.append(_scored(part, facts.groups[here], human[here], model[here]))
    return sorted(found, key=lambda one: (one.is_rough, one.macro_f1))


def _scored(part: Slice, groups: Codes, human: Codes, model: Codes) -> ScoredSlice:
    names, which = np.unique(groups, return_inverse=True)
    by_group = counted(which, human, model)
    found = scores(by_group.sum(axis=0))
    return ScoredSlice(
        part,
        len(human),
        len(names),
        float(found["uar"]),
        float(found["macro_f1"]),
        intervals(by_group, _SEED),
    )


def _fact(values: Iterable[str | None]) -> Fact:
    stated = [value or NOT_STATED for value in values]
    names, codes = np.unique(np.array(stated, dtype=str), return_inverse=True)
    return Fact(tuple(names.tolist()), codes.astype(np.int64))


def _durations(seconds: Sequence[float]) -> Fact:
    edges = [edge for edge, _ in _DURATIONS]
    codes = np.searchsorted(edges, np.array(seconds, dtype=float), side="right")
    return Fact((*(name for _, name in _DURATIONS), _LONGEST), codes.astype(np.int64))


def _nothing(clip: ClipId) -> ClipFacts:
    return ClipFacts(clip, f"clip {clip}", 0.0, "", None, None, None, None, None)
