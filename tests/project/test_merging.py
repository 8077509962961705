"""Two copies of a project, labelled on two computers and brought together."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from stremo_studio.domain.annotation import BY_ADJUDICATION, BY_KEY, DISPUTED, Answer
from stremo_studio.domain.clip import ClipId
from stremo_studio.errors import StudioError
from stremo_studio.project.annotators import choose_annotator
from stremo_studio.project.commands import LabelClips
from stremo_studio.project.exporting import export_project
from stremo_studio.project.importing import plan_import, scan_source, write_import
from stremo_studio.project.mapping import move_clip
from stremo_studio.project.merging import MergePlan, merge, plan_merge
from stremo_studio.project.project import Project
from tests.builders import all_clips, corpus_clip, import_clips


@pytest.fixture
def copies(tmp_path: Path) -> Iterator[tuple[Project, Project]]:
    """Two copies of six clips; clip 1 was answered by Ann before they parted."""
    one = Project.create(tmp_path / "one", annotator="Ann")
    import_clips(one, (corpus_clip(n, label="neutral") for n in range(6)))
    say(one, "Ann", "positive", 1)
    one.close()
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    here, there = Project.open(tmp_path / "one"), Project.open(tmp_path / "two")
    yield here, there
    here.close()
    there.close()


def say(project: Project, name: str, label: str | None, *clips: int, source: str = BY_KEY) -> None:
    choose_annotator(project, name)
    ids = tuple(ClipId(clip) for clip in clips)
    project.do(LabelClips(ids, Answer(label, sure=False), source, heard_ms=900))


def said(project: Project, name: str | None = None) -> list[str | None]:
    return [clip.label for clip in project.clips([ClipId(n) for n in range(1, 7)], name)]


def counts(plan: MergePlan) -> dict[str, dict[str, int]]:
    return {voice: dict(found) for voice, found in plan.counts.items()}


def test_answers_of_the_other_copy_come_with_all_that_is_known_of_them(
    copies: tuple[Project, Project],
) -> None:
    here, there = copies
    say(there, "Ben", "negative", 1, 2)
    say(there, "Ann", "neutral", 2, source=BY_ADJUDICATION)
    plan = plan_merge(here, there)
    assert counts(plan) == {"Ann": {"here": 1}, "Ben": {"new": 2}, "adjudicated": {"new": 1}}
    changes = merge(here, plan)
    assert changes.clips == {1, 2}
    assert said(here)[:3] == [DISPUTED, "neutral", "neutral"]
    assert said(here, "Ben")[:3] == ["negative", "negative", None]
    mine, theirs = here.annotations(ClipId(1))[-1], there.annotations(ClipId(1))[-1]
    for name in ("annotator", "answer", "source", "at", "heard_ms", "voice"):
        assert getattr(mine, name) == getattr(theirs, name), name
    assert here.undo_sentence == "Merge 3 answers from two"


def test_merging_again_adds_nothing(copies: tuple[Project, Project]) -> None:
    here, there = copies
    say(there, "Ben", "negative", 1, 2)
    merge(here, plan_merge(here, there))
    before = len(here.annotations(ClipId(1)))
    plan = plan_merge(here, there)
    assert counts(plan) == {"Ann": {"here": 1}, "Ben": {"here": 2}}
    assert not merge(here, plan).clips
    assert len(here.annotations(ClipId(1))) == before
    assert here.undo_sentence == "Merge 2 answers from two"


def test_it_is_one_step_that_anybody_takes_back(copies: tuple[Project, Project]) -> None:
    here, there = copies
    say(there, "Ben", "negative", 1, 2, 3)
    say(there, "Ann", "positive", 3)
    start = said(here)
    merge(here, plan_merge(here, there))
    end = said(here)
    choose_annotator(here, "Cem")
    here.undo()
    assert (said(here), said(here, "Ben")) == (start, [None] * 6)
    choose_annotator(here, "Ann")
    here.redo()
    assert said(here) == end


def test_each_annotators_newest_answer_wins_in_both_directions(
    copies: tuple[Project, Project],
) -> None:
    here, there = copies
    say(there, "Ann", "negative", 1, 2)
    say(here, "Ann", "neutral", 2)
    merge(here, plan_merge(here, there))
    assert said(here, "Ann")[:2] == ["negative", "neutral"]
    plan = plan_merge(there, here)
    assert counts(plan) == {"Ann": {"here": 1, "new": 1}}
    merge(there, plan)
    assert said(there) == said(here)
    assert counts(plan_merge(here, there)) == {"Ann": {"here": 2}}


def test_what_was_taken_back_there_stays_here(copies: tuple[Project, Project]) -> None:
    here, there = copies
    say(there, "Ben", "negative", 2)
    merge(here, plan_merge(here, there))
    there.undo()
    plan = plan_merge(here, there)
    assert counts(plan) == {"Ann": {"here": 1}}
    merge(here, plan)
    assert said(here, "Ben")[1] == "negative"


def test_clips_that_are_not_the_same_are_left_out_and_counted(
    copies: tuple[Project, Project],
) -> None:
    here, there = copies
    say(there, "Ben", "negative", 1, 2)
    import_clips(there, [corpus_clip(20)])
    say(there, "Ben", "negative", all_clips(there)[-1])
    move_clip(there, there.clips([ClipId(2)])[0], 2.25, 4.0)
    plan = plan_merge(here, there)
    assert counts(plan)["Ben"] == {"new": 1, "moved": 1, "unknown": 1}
    assert [answer.clip_id for answer in plan.answers] == [1]


def test_a_copy_that_came_through_another_program_adds_what_is_new_only(
    copies: tuple[Project, Project], tmp_path: Path
) -> None:
    """Its answers are as old as its import, and its times are whole milliseconds."""
    here, _ = copies
    move_clip(here, here.clips([ClipId(1)])[0], 0.0, 1.9995)
    export_project(here, "elan", tmp_path / "out")
    other = Project.create(tmp_path / "other", annotator="Ben")
    for _ in write_import(other, plan_import(other, scan_source(tmp_path / "out"))):
        pass
    first, *_ = [c for c in other.clips(all_clips(other)) if c.name == "clip-000"]
    say(other, "Ben", "negative", first.id)
    assert counts(plan_merge(here, other)) == {"Ann": {"here": 1}, "Ben": {"new": 1}}
    other.close()


def test_clips_are_known_by_name_and_not_by_number(tmp_path: Path) -> None:
    here = Project.create(tmp_path / "one", annotator="Ann")
    there = Project.create(tmp_path / "two", annotator="Ben")
    import_clips(here, (corpus_clip(n) for n in (3, 4, 5)))
    import_clips(there, (corpus_clip(n) for n in (5, 4, 3)))
    say(there, "Ben", "negative", 1)
    merge(here, plan_merge(here, there))
    assert said(here, "Ben") == [None, None, "negative"]
    here.close()
    there.close()


def test_what_cannot_be_merged_is_refused(copies: tuple[Project, Project], tmp_path: Path) -> None:
    here, _ = copies
    with pytest.raises(StudioError, match="is the project itself"):
        plan_merge(here, here)
    stranger = Project.create(tmp_path / "three")
    with pytest.raises(StudioError, match="shares no clip"):
        plan_merge(here, stranger)
    stranger.close()
