"""Import: a report first, then rows in chunks, one undoable step, and never a second copy."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from stremo_studio.domain.annotation import BY_IMPORT, Answer
from stremo_studio.domain.clip import ClipId
from stremo_studio.domain.worklist import MISSING_AUDIO, Worklist
from stremo_studio.errors import StudioError
from stremo_studio.project.commands import LabelClips
from stremo_studio.project.importing import CHUNK, plan_import, scan_source, write_import
from stremo_studio.project.project import Project
from tests.builders import all_clips
from trainer.corpora.rows import FIXED, NEEDS_YOU, CorpusClip, CorpusScan, Finding, SpeakerFacts


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    project = Project.create(tmp_path / "p", annotator="Ann")
    yield project
    project.close()


def _clip(name: str, **changes: object) -> CorpusClip:
    clip = CorpusClip(
        corpus="made", name=name, source_label="Anger", emotion="anger", label="negative",
        group="made:v1", speaker=SpeakerFacts("s1", gender="female"), path="/audio/v1.wav",
        start=1.0, end=3.5,
    )  # fmt: skip
    return replace(clip, **changes)  # type: ignore[arg-type]


def _scan(*clips: CorpusClip, findings: tuple[Finding, ...] = ()) -> CorpusScan:
    return CorpusScan("made", "/somewhere", clips, findings)


def _import(project: Project, scan: CorpusScan) -> list[int]:
    return list(write_import(project, plan_import(project, scan)))


def test_the_report_counts_each_row_once_and_by_its_worst_finding(project: Project) -> None:
    findings = (
        Finding("trimmed", FIXED, "2 values trimmed", ("a", "b")),
        Finding("formulas", NEEDS_YOU, "2 formulas", ("b", "row 9")),
    )
    plan = plan_import(project, _scan(_clip("a"), _clip("b"), _clip("c"), findings=findings))
    assert (plan.ok, plan.fixed, plan.needs_you, plan.already_here) == (1, 1, 2, 0)
    assert project.counts().all == 0


def test_clips_come_with_their_answer_as_the_corpus_gave_it(project: Project) -> None:
    _import(
        project,
        _scan(
            _clip("class"),
            _clip("outside", source_label="surprised", emotion="surprise", label=None),
            _clip("bare", source_label=None, emotion=None, label=None),
        ),
    )
    shown = project.clips(all_clips(project))
    assert [(c.name, c.label, c.emotion, c.annotator) for c in shown] == [
        ("class", "negative", "anger", "made"),
        ("outside", "discarded", "surprise", "made"),
        ("bare", None, None, None),
    ]
    first = shown[0]
    assert (first.speaker, first.path, first.start, first.end) == ("s1", "/audio/v1.wav", 1.0, 3.5)
    assert [a.source for a in project.annotations(first.id)] == [BY_IMPORT]
    assert project.counts().decisions == 0


def test_nothing_is_seen_before_the_last_chunk_and_then_everything_is_one_step(
    project: Project,
) -> None:
    scan = _scan(*(_clip(f"clip {n}") for n in range(2 * CHUNK + 7)))
    for done in write_import(project, plan_import(project, scan)):
        assert done <= len(scan.clips)
        assert project.counts().all == 0
        assert project.undo_sentence is None
    assert project.counts().all == len(scan.clips)
    assert project.undo_sentence == "Import 507 clips of made"
    project.undo()
    assert project.counts().all == 0
    project.redo()
    assert project.counts().all == len(scan.clips)


def test_labelling_goes_on_while_rows_are_written(project: Project) -> None:
    _import(project, _scan(_clip("first")))
    scan = _scan(*(_clip(f"clip {n}") for n in range(CHUNK + 1)))
    for _ in write_import(project, plan_import(project, scan)):
        project.do(LabelClips((ClipId(1),), Answer("positive")))
    assert project.counts().all == CHUNK + 2
    project.undo()
    assert (project.counts().all, project.counts().by_label["positive"]) == (1, 1)


def test_importing_again_adds_nothing_and_keeps_a_persons_label(project: Project) -> None:
    scan = _scan(_clip("a"), _clip("b"))
    _import(project, scan)
    project.do(LabelClips((ClipId(1),), Answer("positive")))
    plan = plan_import(project, _scan(_clip("a", label="neutral"), _clip("b"), _clip("c")))
    assert (len(plan.new), plan.already_here) == (1, 2)
    list(write_import(project, plan))
    assert [c.label for c in project.clips(all_clips(project))] == [
        *("positive", "negative", "negative"),
    ]


def test_an_import_that_was_undone_comes_back_with_its_labels(project: Project) -> None:
    scan = _scan(_clip("a"))
    _import(project, scan)
    project.undo()
    plan = plan_import(project, scan)
    assert (len(plan.new), len(plan.restored), plan.already_here) == (0, 1, 0)
    list(write_import(project, plan))
    assert [(c.id, c.label) for c in project.clips(all_clips(project))] == [(1, "negative")]


def test_audio_found_later_is_linked_to_the_clips_that_lacked_it(
    project: Project, tmp_path: Path
) -> None:
    lost = _clip("a", path=None, video_id="v1", problem="No audio of v1 lies beside the sheet.")
    _import(project, _scan(lost))
    clip = project.clips(all_clips(project))[0]
    assert (clip.audio, clip.problem) == ("missing", lost.problem)
    assert project.counts().missing == 1
    _import(project, _scan(_clip("a", path="/audio/v1.m4a", video_id="v1")))
    clip = project.clips(all_clips(project))[0]
    assert (clip.audio, clip.path, clip.problem) == ("ready", "/audio/v1.m4a", "")
    assert project.counts().missing == 0
    assert project.clip_ids(Worklist(show=MISSING_AUDIO)) == []


def test_a_clip_that_cannot_be_heard_says_why(project: Project) -> None:
    broken = _clip("a", end=None, problem="a.wav is empty.")
    _import(project, _scan(broken, _clip("b")))
    first, second = project.clips(all_clips(project))
    assert (first.audio, first.problem, first.duration) == ("unreadable", "a.wav is empty.", 0)
    assert (second.audio, second.problem) == ("ready", "")
    assert project.clip_ids(Worklist(show=MISSING_AUDIO)) == [first.id]


def test_an_import_dropped_half_way_leaves_nothing(project: Project) -> None:
    writing = write_import(
        project, plan_import(project, _scan(*(_clip(f"{n}") for n in range(600))))
    )
    next(writing)
    del writing  # as when whoever wrote it gave up
    assert project.database.value("SELECT count(*) FROM clip") == 0
    assert project.database.value("SELECT count(*) FROM annotation") == 0
    _import(project, _scan(_clip("0")))
    assert project.counts().all == 1


def test_what_a_killed_import_left_is_swept_at_the_next_opening(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "q")
    _import(project, _scan(_clip("kept")))
    writing = write_import(
        project, plan_import(project, _scan(*(_clip(f"{n}") for n in range(600))))
    )
    next(writing)
    project.close()  # what a kill leaves: chunks committed, the last step never taken
    again = Project.open(tmp_path / "q")
    names = again.database.rows("SELECT name FROM clip")
    assert names == [("kept",)]
    assert again.undo_sentence == "Import 1 clip of made"
    again.close()


def test_a_source_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(StudioError) as fault:
        scan_source(tmp_path / "nowhere")
    assert fault.value.hint


def test_ravdess_gives_its_720_clips(project: Project, real_data: Path) -> None:
    _import(project, scan_source(real_data / "ravdess", "ravdess"))
    counts = project.counts()
    assert counts.all == 720
    assert counts.by_label == {"positive": 96, "neutral": 144, "negative": 384, "discarded": 96}
    assert len({c.speaker for c in project.clips(all_clips(project))}) == 12


def test_the_released_sheet_gives_its_496_clips_and_a_report_that_names_its_oddities(
    project: Project, real_data: Path
) -> None:
    plan = plan_import(project, scan_source(real_data / "stremo" / "StrEmo.csv"))
    rows = {f.rule: f.rows for f in plan.findings}
    assert set(rows["zero-length clips"]) == {"DhbxfpzKYfI_14", "P4ZSt8Xv7PM_5", "P4ZSt8Xv7PM_6"}
    assert len(rows["trailing spaces"]) == 16
    assert len(rows["ids with a leading -"]) == 5
    assert (plan.ok, plan.fixed, plan.needs_you) == (477, 19, 0)
    list(write_import(project, plan))
    counts = project.counts()
    assert (counts.all, counts.missing) == (496, 496)
    assert counts.by_label == {"negative": 222, "neutral": 94, "positive": 180}
    assert len({c.group for c in project.clips(all_clips(project))}) == 107
