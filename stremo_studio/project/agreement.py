"""How far the annotators of a project agree, and where they do not.

Agreement is measured on answers that were given alone: none given after a look at a model's or at
others' answers, and none given in Review. Disagreements are all there are, however they came about.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from stremo_studio.domain.agreement import (
    AnsweredClip,
    ClassAgreement,
    Coefficient,
    PairAgreement,
    class_agreements,
    cross_table,
    fleiss_kappa,
    krippendorff_alpha,
    observed_agreement,
    pair_agreements,
)
from stremo_studio.domain.annotation import (
    ADJUDICATED,
    BY_IMPORT,
    BY_KEY,
    CANNOT_TELL,
    DISCARDED,
    IMPORTED,
    UNUSABLE,
)
from stremo_studio.domain.clip import ClipId
from stremo_studio.domain.consensus import Opinion
from stremo_studio.domain.worklist import Worklist
from stremo_studio.errors import StudioError
from stremo_studio.project.project import Project
from stremo_studio.store import opinions
from stremo_studio.store.opinions import SaidOfClip
from trainer.contract.files import write_text_atomically
from trainer.contract.labels import CLASSES

ANSWERS = (*CLASSES, CANNOT_TELL, UNUSABLE, DISCARDED)
COLUMNS = ("corpus", "clip", "video_or_speaker", "start", "end", "label")
"""Of the sheet of answers, before one for each annotator; `label` is the consensus."""
_NOBODY = {IMPORTED, ADJUDICATED}
_ALONE = (BY_KEY, BY_IMPORT)


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """Alpha, Fleiss' kappa and classes are of people; pairs are also with the labels that the
    clips came with, which count as an annotator called `import`."""

    annotators: tuple[str, ...]
    """People who have answered, by name."""
    alpha: Coefficient
    fleiss: Coefficient
    observed: float
    """The share of pairs of answers that are the same."""
    classes: tuple[ClassAgreement, ...]
    pairs: tuple[PairAgreement, ...]
    left_out: int
    """Answers of people that were not given alone."""
    disagreements: tuple[ClipId, ...]
    """Clips that people answer differently and nobody has adjudicated; ties first."""
    ties: int
    """How many of them have no label therefore."""
    adjudicated: int
    clips: tuple[AnsweredClip, ...]
    """What was said alone, the labels that clips came with among it."""

    def cells(self, first: str, second: str) -> dict[tuple[str, str], list[ClipId]]:
        """The clips that both answered, by what they said."""
        return cross_table(self.clips, first, second)


def agreement_report(project: Project) -> AgreementReport:
    """Everything about agreement; takes its time with many clips, and any thread will do that
    opened the project itself."""
    said = opinions.everything_said(project.database)
    people = sorted({one.annotator for one in said} - _NOBODY, key=str.casefold)
    alone = [one for one in said if one.source in _ALONE]
    with_import = tuple(_answered(alone))
    by_people = list(_answered(one for one in alone if one.annotator != IMPORTED))
    named = [*people, *([IMPORTED] if any(s.annotator == IMPORTED for s in said) else [])]
    ties, others, settled = _disagreements(said)
    return AgreementReport(
        annotators=tuple(people),
        alpha=krippendorff_alpha(by_people),
        fleiss=fleiss_kappa(by_people, people),
        observed=observed_agreement(by_people)[0],
        classes=tuple(class_agreements(by_people, ANSWERS)),
        pairs=tuple(pair_agreements(with_import, named)) if people else (),
        left_out=sum(s.source not in _ALONE for s in said if s.annotator != ADJUDICATED),
        disagreements=(*ties, *others),
        ties=len(ties),
        adjudicated=settled,
        clips=with_import,
    )


def opinions_of(project: Project, clip_id: ClipId) -> list[Opinion]:
    """What everybody says of one clip now, the first to answer first."""
    return opinions.of_clip(project.database, clip_id)


def settled_among(project: Project, clip_ids: Iterable[ClipId]) -> frozenset[ClipId]:
    """Those of the clips that were adjudicated."""
    return opinions.adjudicated(project.database, clip_ids)


def export_answers(project: Project, path: Path) -> int:
    """Write a row for each clip and a column for each annotator as CSV (UTF-8, LF); returns how
    many rows. Raises StudioError when it cannot be written."""
    said: dict[ClipId, dict[str, str]] = {}
    for one in opinions.everything_said(project.database):
        said.setdefault(one.clip_id, {})[one.annotator] = one.label
    people = sorted({name for row in said.values() for name in row} - _NOBODY, key=str.casefold)
    voices = [*people, IMPORTED, ADJUDICATED]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([_cell(name) for name in (*COLUMNS, *voices)])
    clips = project.clips(project.clip_ids(Worklist()))
    for clip in clips:
        answers = said.get(clip.id, {})
        facts = (clip.corpus, clip.name, clip.group, f"{clip.start:.3f}", f"{clip.end:.3f}")
        cells = (*facts, clip.label or "", *(answers.get(voice, "") for voice in voices))
        writer.writerow([_cell(cell) for cell in cells])
    try:
        write_text_atomically(path, text.getvalue())
    except OSError as error:
        reason = error.strerror or str(error)
        raise StudioError(
            f"{path} cannot be written: {reason}.", "Choose another place."
        ) from error
    return len(clips)


def _cell(text: str) -> str:
    """A spreadsheet must not take a name for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "@", "\t", "\r") else text


def _answered(said: Iterable[SaidOfClip]) -> Iterable[AnsweredClip]:
    for (clip_id, group), some in groupby(said, lambda one: (one.clip_id, one.group)):
        yield AnsweredClip(clip_id, group, {one.annotator: one.label for one in some})


def _disagreements(said: Iterable[SaidOfClip]) -> tuple[list[ClipId], list[ClipId], int]:
    """Clips without a majority, clips with one, and how many are adjudicated."""
    ties: list[ClipId] = []
    others: list[ClipId] = []
    settled = 0
    for clip_id, some in groupby(said, lambda one: one.clip_id):
        answers = {one.annotator: one.label for one in some}
        answers.pop(IMPORTED, None)
        if answers.pop(ADJUDICATED, None) is not None:
            settled += 1
            continue
        votes = Counter(answers.values()).most_common(2)
        if len(votes) == 2:
            (ties if votes[0][1] == votes[1][1] else others).append(clip_id)
    return ties, others, settled
