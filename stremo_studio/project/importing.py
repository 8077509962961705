"""Import in three steps: scan (reads only, any thread), plan (the report), write (in chunks).

Nothing is overwritten: a clip is known by its corpus and name (by its recording and times where the
source gives no names), and one that is there already keeps its labels whatever the source says now.
Answers of annotators who had given none are added to it.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, TypeVar

from stremo_studio.domain.annotation import DISCARDED
from stremo_studio.domain.clip import ClipId
from stremo_studio.domain.recording import MISSING, READY, Recording, RecordingId
from stremo_studio.domain.speaker import Speaker
from stremo_studio.domain.wording import counted
from stremo_studio.errors import StudioError
from stremo_studio.project.changes import Changes
from stremo_studio.project.known_clips import KnownClips, given_answers, recording_key
from stremo_studio.project.project import Project
from stremo_studio.store import staging
from stremo_studio.store.annotations import GivenAnswer
from stremo_studio.store.clips import set_field
from stremo_studio.store.history import Edit
from stremo_studio.store.staging import IncomingClip
from trainer.corpora.rows import (
    FIXED,
    NEEDS_YOU,
    NOTE,
    CorpusClip,
    CorpusError,
    CorpusScan,
    Finding,
    SpeakerFacts,
)
from trainer.corpora.scan import scan

CHUNK = 250
"""Rows a transaction: a few milliseconds, so that whoever writes can breathe in between."""
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """The dry-run report: what writing would do. Nothing is written yet.

    `ok`, `fixed` and `needs_you` count rows of the source by the worst finding they met.
    """

    scan: CorpusScan
    new: tuple[CorpusClip, ...]
    restored: tuple[ClipId, ...]
    """Clips of an import that was undone: shown again, with the labels they had."""
    relinked: tuple[tuple[ClipId, CorpusClip], ...]
    """Clips that could not be heard and whose audio was found now."""
    already_here: int
    ok: int
    fixed: int
    needs_you: int
    answered: tuple[tuple[ClipId, tuple[GivenAnswer, ...]], ...] = ()
    """Clips that are here already, with the answers of annotators who had given none."""
    contradicted: tuple[str, ...] = ()
    """Clips whose annotators answered otherwise here: that stays."""

    @property
    def corpus(self) -> str:
        return self.scan.corpus

    @property
    def findings(self) -> tuple[Finding, ...]:
        found = self.scan.findings
        if self.contradicted:
            message = f"Clips answered otherwise here, which stays so: {len(self.contradicted)}."
            found += (Finding("other answers here", NOTE, message, self.contradicted),)
        return found

    @property
    def writes(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.new or self.restored or self.relinked or self.answered)

    @property
    def sentence(self) -> str:
        """The step's name in the Edit menu."""
        clips = counted(len(self.new) + len(self.restored), "clip")
        if self.answered and not (self.new or self.restored):
            clips = f"answers to {counted(len(self.answered), 'clip')}"
        return f"Import {clips} of {self.corpus}"


def scan_source(path: Path, corpus: str | None = None) -> CorpusScan:
    """Everything at `path`; reads only, so it may run on any thread. Raises StudioError when
    there is nothing to import."""
    try:
        return scan(path.expanduser(), corpus)
    except CorpusError as error:
        raise StudioError(error.message, error.hint) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise StudioError(f"{path} cannot be read: {reason}.", "Check the disk.") from error


def plan_import(project: Project | None, found: CorpusScan) -> ImportPlan:
    """Compare a scan with the project, or with one that is yet to be made. Nothing is written."""
    here = KnownClips.of(project, found)
    new, restored, relinked, already = [], [], [], 0
    answered, contradicted = [], []
    for clip in found.clips:
        known = here.like(clip)
        if known is None:
            new.append(clip)
            continue
        if known.present:
            already += 1
        else:
            restored.append(known.id)
        lost = not known.heard or (known.path != clip.path and not _is_file(known.path))
        if clip.path and not clip.problem and lost:
            relinked.append((known.id, clip))
        if clip.answers:
            fresh, others = here.compared(known, clip)
            if fresh:
                answered.append((known.id, fresh))
            if others:
                contradicted.append(clip.name)
    fixed = _rows(found.findings, FIXED)
    needs_you = _rows(found.findings, NEEDS_YOU)
    names = {clip.name for clip in found.clips}
    return ImportPlan(
        found, tuple(new), tuple(restored), tuple(relinked), already,
        ok=len(names - fixed - needs_you), fixed=len(fixed - needs_you), needs_you=len(needs_you),
        answered=tuple(answered), contradicted=tuple(contradicted),
    )  # fmt: skip


def write_import(project: Project, plan: ImportPlan) -> Iterator[int]:
    """Carry out a plan; yields how many clips are written so far.

    Clips are staged out of sight, at most `CHUNK` a transaction; the last step shows them all in
    one undoable command. Dropped half-way, nothing of it is seen.
    """
    plan = plan_import(project, plan.scan)  # the project may have moved on since the report
    database, done = project.database, 0
    stage = staging.begin(database, plan.sentence, project.annotator) if plan.new else None
    try:
        for chunk in _chunks(plan.new):
            staging.add(database, stage or 0, [_incoming(clip) for clip in chunk])
            done += len(chunk)
            yield done
        for found in _chunks(plan.relinked):
            staging.relink(database, [(clip_id, _incoming(clip)) for clip_id, clip in found])
            done += len(found)
            yield done
    except BaseException:
        if database.is_open:  # a project closed meanwhile is swept when it is opened again
            staging.sweep(database)
        raise
    _finish(project, plan, stage)


@dataclass(frozen=True, slots=True)
class ShowClips:
    """Let staged clips and those of an import undone before be seen, and others no longer."""

    kind: ClassVar[str] = "import"
    sentence: str
    staging: int | None
    restored: tuple[ClipId, ...] = ()
    hidden: tuple[ClipId, ...] = ()
    answered: tuple[tuple[ClipId, tuple[GivenAnswer, ...]], ...] = ()

    def apply(self, edit: Edit) -> Changes:
        shown = staging.show(edit, self.staging, self.restored)
        shown |= staging.answer(edit, self.answered)
        return Changes(shown | set_field(edit, self.hidden, "present", 0), worklist=True)


def columns_key(corpus: str) -> str:
    """The project setting that keeps the header of the sheet a corpus came from."""
    return f"columns of {corpus}"


def _finish(project: Project, plan: ImportPlan, stage: int | None) -> None:
    if plan.scan.columns:
        project.set_setting(columns_key(plan.corpus), json.dumps(plan.scan.columns))
    if plan.new or plan.restored or plan.answered:
        project.do(ShowClips(plan.sentence, stage, plan.restored, (), plan.answered))
    elif plan.relinked:
        clips = frozenset(clip_id for clip_id, _ in plan.relinked)
        project.announce(Changes(clips, worklist=True, history=False))


def _incoming(clip: CorpusClip) -> IncomingClip:
    label, emotion = clip.label, clip.emotion
    if clip.answers:
        label = emotion = None
    elif label is None and clip.source_label:
        label = DISCARDED
    heard = clip.path is not None
    return IncomingClip(
        corpus=clip.corpus,
        name=clip.name,
        recording=Recording(
            RecordingId(0),
            key=recording_key(clip),
            path=clip.path,
            video_id=clip.video_id,
            audio=READY if heard else MISSING,
            problem="" if heard else clip.problem,
        ),
        start=clip.start,
        end=clip.start if clip.end is None else clip.end,
        group=clip.group,
        speaker=_speaker(clip.corpus, clip.speaker) if clip.speaker else None,
        label=label,
        emotion=emotion,
        transcript=clip.transcript,
        problem=clip.problem if heard or clip.end is None else "",
        cells=clip.cells,
        answers=given_answers(clip),
    )


def _speaker(corpus: str, facts: SpeakerFacts) -> Speaker:
    return Speaker(
        corpus, facts.name, facts.gender, facts.age, facts.language, facts.accent, facts.ethnicity
    )


def _rows(findings: Sequence[Finding], severity: str) -> set[str]:
    return {row for finding in findings if finding.severity == severity for row in finding.rows}


def _is_file(path: str | None) -> bool:
    return path is not None and Path(path).is_file()


def _chunks(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    for first in range(0, len(rows), CHUNK):
        yield rows[first : first + CHUNK]
