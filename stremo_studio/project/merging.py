"""Two copies of a project brought together: what annotators answered in the other comes here.

Each annotator's newest answer to a clip wins, by the clocks of the two computers. Nothing is ever
removed: an answer that was taken back in the other copy stays where it came to before. A clip is
the same when corpus, name and times are.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from stremo_studio.domain.annotation import BY_IMPORT
from stremo_studio.domain.wording import counted
from stremo_studio.errors import StudioError
from stremo_studio.project.changes import Changes
from stremo_studio.project.known_clips import word_of
from stremo_studio.project.project import Project
from stremo_studio.store import merging
from stremo_studio.store.history import Edit
from stremo_studio.store.merging import StandingAnswer

NEW, HERE, OLDER, UNKNOWN, MOVED = "new", "here", "older", "unknown", "moved"
WORDS = {
    NEW: "new",
    HERE: "already here",
    OLDER: "older than the answer here",
    UNKNOWN: "to clips that are not here",
    MOVED: "to clips with other times here",
}
_SAME_S = 0.001
"""A copy that came through another program has its times in whole milliseconds."""


@dataclass(frozen=True, slots=True)
class MergePlan:
    """The dry-run report. Nothing is written yet."""

    answers: tuple[StandingAnswer, ...]
    """The new ones, with the clip ids of this copy."""
    counts: Mapping[str, Counter[str]]
    """By annotator, or `adjudicated`: how many answers of each of the `WORDS`."""
    name: str
    """What the other copy is called."""


@dataclass(frozen=True, slots=True)
class MergeAnswers:
    """Take over the answers of another copy."""

    kind: ClassVar[str] = "merge"
    answers: tuple[StandingAnswer, ...]
    name: str

    @property
    def sentence(self) -> str:
        return f"Merge {counted(len(self.answers), 'answer')} from {self.name}"

    def apply(self, edit: Edit) -> Changes:
        if self.answers:
            merging.take_over(edit, self.answers)
        return Changes(clips=frozenset(answer.clip_id for answer in self.answers))


def plan_merge(project: Project, other: Project) -> MergePlan:
    """Compare two copies. Raises StudioError when they are the same folder, or share no clip."""
    if project.folder == other.folder:
        raise StudioError(f"{other.folder} is the project itself.", "Name another copy of it.")
    here = merging.spans(project.database)
    if not here.keys() & merging.spans(other.database).keys():
        raise StudioError(
            f"{other.folder} shares no clip with {project.folder}.",
            "Merge copies of one project, or projects of the same corpus.",
        )
    stands = {(a.clip_id, a.voice): a for a in merging.standing_answers(project.database)}
    new: list[StandingAnswer] = []
    counts: dict[str, Counter[str]] = {}
    for theirs in merging.standing_answers(other.database):
        place = here.get((theirs.corpus, theirs.name))
        if place is None:
            found = UNKNOWN
        elif max(abs(theirs.start - place[1]), abs(theirs.end - place[2])) > _SAME_S:
            found = MOVED
        else:
            ours = replace(theirs, clip_id=place[0])
            found = _compare(stands.get((ours.clip_id, ours.voice)), ours)
            new += [ours] * (found == NEW)
        counts.setdefault(theirs.voice, Counter())[found] += 1
    return MergePlan(tuple(new), counts, other.name)


def merge(project: Project, plan: MergePlan) -> Changes:
    """Carry out a plan, as one step of the history."""
    return project.do(MergeAnswers(plan.answers, plan.name))


def _compare(stands: StandingAnswer | None, theirs: StandingAnswer) -> str:
    """An answer that came to the other copy in a file, and says what stands here, is the same one:
    its clock tells of the import."""
    if stands is None:
        return NEW
    if theirs.source == BY_IMPORT and word_of(theirs.answer) == word_of(stands.answer):
        return HERE
    if stands.at == theirs.at:
        return HERE
    return NEW if stands.at < theirs.at else OLDER
