"""Undo and redo: unlimited, named, and there again after a restart."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from stremo_studio.domain.annotation import BY_UNDO, CANNOT_TELL, Answer
from stremo_studio.domain.clip import Clip, ClipId
from stremo_studio.project.changes import Changes
from stremo_studio.project.commands import FlagClips, LabelClips, NoteClip
from stremo_studio.project.project import Project
from tests.builders import all_clips, project_with_clips

POSITIVE = Answer("positive", "happiness")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    project = project_with_clips(tmp_path / "p")
    yield project
    project.close()


def _clip(project: Project, clip_id: int = 1) -> Clip:
    return project.clips([ClipId(clip_id)])[0]


def test_undo_restores_the_answer_that_stood_before_and_redo_brings_the_new_one_back(
    project: Project,
) -> None:
    one = (ClipId(1),)
    project.do(LabelClips(one, POSITIVE))
    project.do(LabelClips(one, Answer("negative", "fear", sure=False)))
    after = _clip(project)
    assert (after.label, after.emotion, after.sure, after.annotator) == (
        *("negative", "fear", False, "Ann"),
    )
    project.undo()
    before = _clip(project)
    assert (before.label, before.emotion, before.sure, before.annotator) == (
        *("positive", "happiness", True, "Ann"),
    )
    project.redo()
    assert _clip(project) == after


def test_every_answer_is_kept_and_undo_adds_one_more(project: Project) -> None:
    project.do(LabelClips((ClipId(1),), POSITIVE, heard_ms=1500))
    project.undo()
    answers = project.annotations(ClipId(1))
    assert [(a.answer.label, a.source, a.heard_ms) for a in answers] == [
        ("positive", "key", 1500),
        (None, BY_UNDO, None),
    ]


def test_undo_and_redo_name_the_step(project: Project) -> None:
    assert project.undo_sentence == "Import 12 clips of made"
    assert (project.redo_sentence, project.redo()) == (None, None)
    project.do(LabelClips((ClipId(1),), POSITIVE))
    project.do(LabelClips((ClipId(1), ClipId(2)), Answer(CANNOT_TELL)))
    assert project.undo_sentence == "Label 2 clips cannot tell"
    changes = project.undo()
    assert changes is not None
    assert changes.sentence == "Undo: Label 2 clips cannot tell"
    assert project.undo_sentence == "Label clip 1 positive (happiness)"
    assert project.redo_sentence == "Label 2 clips cannot tell"


def test_a_new_step_after_undo_ends_the_redo(project: Project) -> None:
    project.do(FlagClips((ClipId(1),), True))
    project.undo()
    project.do(NoteClip(ClipId(1), "laughter"))
    assert project.redo() is None
    assert (_clip(project).flagged, _clip(project).note) == (False, "laughter")


def test_undo_and_redo_survive_a_restart(tmp_path: Path) -> None:
    project = project_with_clips(tmp_path / "p")
    for note in ("one", "two", "three"):
        project.do(NoteClip(ClipId(1), note))
    project.undo()
    project.close()
    again = Project.open(tmp_path / "p")
    assert (again.undo_sentence, again.redo_sentence) == ("Write the note of clip 1",) * 2
    again.redo()
    assert _clip(again).note == "three"
    for expected in ("two", "one", ""):
        again.undo()
        assert _clip(again).note == expected
    again.undo()
    assert (all_clips(again), again.undo_sentence, again.undo()) == ([], None, None)
    again.close()


def test_a_step_that_changes_nothing_leaves_no_trace(project: Project) -> None:
    project.do(FlagClips((ClipId(1),), True))
    project.undo()
    seen: list[Changes] = []
    project.changes.subscribe(seen.append)
    assert not project.do(FlagClips((ClipId(2),), False)).clips
    assert seen == []
    assert project.redo_sentence == "Flag clip 1"


def test_many_clips_are_one_step(project: Project) -> None:
    ids = tuple(all_clips(project))
    project.do(LabelClips(ids, POSITIVE))
    assert project.counts().by_label["positive"] == len(ids)
    project.undo()
    assert project.counts().unlabelled == len(ids)


def test_a_step_that_fails_changes_nothing_and_leaves_the_history(project: Project) -> None:
    project.do(LabelClips((ClipId(1),), POSITIVE))
    seen: list[Changes] = []
    project.changes.subscribe(seen.append)
    with pytest.raises(Exception, match="FOREIGN KEY"):
        project.do(LabelClips((ClipId(1), ClipId(999)), Answer("negative")))
    assert _clip(project).label == "positive"
    assert project.undo_sentence == "Label clip 1 positive (happiness)"
    assert len(project.annotations(ClipId(1))) == 1
    assert seen == []


def test_what_changed_is_told_after_it_was_committed(project: Project, tmp_path: Path) -> None:
    def read_from_outside(changes: Changes) -> None:
        outside = Project.open(tmp_path / "p", read_only=True)
        seen.append((changes, _clip(outside).label))
        outside.close()

    seen: list[tuple[Changes, str | None]] = []
    project.changes.subscribe(read_from_outside)
    project.do(LabelClips((ClipId(1),), POSITIVE))
    sentence = "Label clip 1 positive (happiness)"
    assert seen == [(Changes(frozenset({ClipId(1)}), sentence=sentence), "positive")]
