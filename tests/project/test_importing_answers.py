"""Answers that come from other programs: added to the clips that are here, never over an answer."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from stremo_studio.domain.annotation import Answer
from stremo_studio.domain.clip import ClipId
from stremo_studio.project.commands import LabelClips
from stremo_studio.project.exporting import export_project, read_project
from stremo_studio.project.importing import ImportPlan, plan_import, scan_source, write_import
from stremo_studio.project.project import Project
from tests.builders import all_clips, corpus_clip, import_clips


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    project = Project.create(tmp_path / "p", annotator="Ann")
    import_clips(project, (corpus_clip(n, label="neutral") for n in range(4)))
    yield project
    project.close()


def _import(project: Project, source: Path) -> ImportPlan:
    plan = plan_import(project, scan_source(source))
    for _ in write_import(project, plan):
        pass
    return plan


def _said(project: Project, clip: ClipId) -> dict[str, str | None]:
    found = {one.id: one for one in read_project(project).clips}[clip]
    return {one.annotator: one.answer.label for one in found.opinions}


def test_a_colleagues_track_becomes_the_colleagues_answers(
    project: Project, tmp_path: Path
) -> None:
    first, second, *_ = all_clips(project)
    project.do(LabelClips((first,), Answer("negative")))
    out = tmp_path / "out"
    export_project(project, "audacity", out)
    (out / "video-000 - Ben.txt").write_text("0\t2\tpositive\n2\t4\tsad ?\n")
    plan = _import(project, out)
    assert (plan.new, plan.already_here, len(plan.answered)) == ((), 4, 2)
    assert plan.sentence == "Import answers to 2 clips of made"
    assert _said(project, first) == {
        "import": "neutral", "Ann": "negative", "Ben": "positive",
    }  # fmt: skip
    (clip,) = project.clips([first])
    assert clip.label == "disputed"
    assert project.undo_sentence == plan.sentence
    project.undo()
    assert _said(project, first) == {"import": "neutral", "Ann": "negative"}
    assert _said(project, second) == {"import": "neutral"}
    assert not plan_import(project, scan_source(out)).new


def test_an_answer_that_is_here_stays_and_is_told(project: Project, tmp_path: Path) -> None:
    out = tmp_path / "out"
    clip = all_clips(project)[0]
    project.do(LabelClips((clip,), Answer("negative")))
    export_project(project, "audacity", out)
    project.do(LabelClips((clip,), Answer("positive")))
    plan = plan_import(project, scan_source(out))
    assert (plan.writes, plan.contradicted) == (False, ("clip-000",))
    assert plan.findings[-1].message == "Clips answered otherwise here, which stays so: 1."


def test_an_export_that_comes_back_says_nothing_otherwise(project: Project, tmp_path: Path) -> None:
    """Nothing was done since, and `neutral` is the word for a class and for an emotion."""
    out = tmp_path / "out"
    first, second, *_ = all_clips(project)
    project.do(LabelClips((first,), Answer("neutral")))
    project.do(LabelClips((second,), Answer("neutral", "neutral", False)))
    export_project(project, "textgrid", out)
    plan = plan_import(project, scan_source(out))
    assert (plan.writes, plan.contradicted) == (False, ())


@pytest.mark.parametrize("format_id", ["events", "textgrid", "label-studio"])
def test_clips_whose_annotators_differ_are_told_as_such(
    project: Project, tmp_path: Path, format_id: str
) -> None:
    clip = all_clips(project)[0]
    for name, label in (("Ann", "negative"), ("Ben", "positive")):
        project.annotator = name
        project.do(LabelClips((clip,), Answer(label)))
    out = tmp_path / ("events.jsonl" if format_id == "events" else "out")
    export_project(project, format_id, out)
    found = scan_source(out / "tasks.json" if format_id == "label-studio" else out)
    told = {one.rule: one.rows for one in found.findings}
    assert told["annotators who differ"] == ("clip-000",)
    assert "discarded labels" not in told
    assert [one.source_label for one in found.clips].count(None) == 1


def test_marks_of_another_program_are_known_by_recording_and_times(
    project: Project, tmp_path: Path
) -> None:
    """Somebody marks a video of the project without knowing what its clips are called."""
    grid = tmp_path / "any name [video-00000].txt"
    key = "youtube:video-00000"
    project.database.execute("UPDATE recording SET key = ?, video_id = 'video-00000'", key)
    grid.write_text("0\t2\tangry\n2.0004\t4\tcalm\n10\t12\thappy\n")
    plan = _import(project, grid)
    assert (len(plan.new), plan.already_here) == (1, 2)
    again = plan_import(project, scan_source(grid))
    assert (again.writes, again.already_here) == (False, 3)


def test_importing_twice_adds_nothing(project: Project, tmp_path: Path) -> None:
    source = tmp_path / "talk.txt"
    source.write_text("0\t2\tangry\n3\t4\tboredom\n")
    assert len(_import(project, source).new) == 2
    counts = project.counts()
    assert (counts.by_label["negative"], counts.by_label["discarded"]) == (1, 1)
    again = plan_import(project, scan_source(source))
    assert (again.writes, again.already_here) == (False, 2)


def test_an_import_that_dies_half_way_leaves_no_answers(project: Project, tmp_path: Path) -> None:
    source = tmp_path / "talk.txt"
    source.write_text("0\t2\tangry\n3\t4\tboredom\n")
    writing = write_import(project, plan_import(project, scan_source(source)))
    next(writing)
    writing.close()  # type: ignore[attr-defined]  # a generator
    assert project.database.value("SELECT count(*) FROM annotation") == 4
    assert project.database.value("SELECT count(*) FROM opinion") == 4
