"""Several annotators on one project: each works alone, and their answers make the label."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from stremo_studio.domain.annotation import BY_ADJUDICATION, DISPUTED, Answer
from stremo_studio.domain.clip import ClipId
from stremo_studio.domain.worklist import FILTERS, SORTS, Worklist
from stremo_studio.errors import StudioError
from stremo_studio.project.annotators import (
    choose_annotator,
    eye,
    is_blind,
    known_annotators,
    set_blind,
)
from stremo_studio.project.changes import Changes
from stremo_studio.project.commands import FlagClips, LabelClips
from stremo_studio.project.preflight import all_clips, preflight, trainable
from stremo_studio.project.project import Project
from stremo_studio.store.database import Database
from stremo_studio.store.opinions import fold
from tests.builders import corpus_clip, import_clips
from trainer.contract.config import RunConfig

NEGATIVE, POSITIVE = Answer("negative", "fear"), Answer("positive")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Six clips: 1, 2 and 3 came with the label neutral."""
    project = Project.create(tmp_path / "p", annotator="Ann")
    clips = (corpus_clip(n, audio=True, label="neutral" if n < 3 else None) for n in range(6))
    import_clips(project, clips)
    yield project
    project.close()


def say(project: Project, name: str, answer: Answer, *clips: int) -> None:
    choose_annotator(project, name)
    project.do(LabelClips(tuple(ClipId(clip) for clip in clips), answer))


def labels(project: Project, name: str | None = None) -> list[str | None]:
    return [c.label for c in project.clips([ClipId(n) for n in range(1, 7)], name)]


def test_the_label_is_what_most_say_and_a_tie_has_none(project: Project) -> None:
    say(project, "Ann", POSITIVE, 1, 4, 5)
    assert labels(project) == ["positive", "neutral", "neutral", "positive", "positive", None]
    say(project, "Ben", NEGATIVE, 1, 4)
    assert labels(project)[:4] == [DISPUTED, "neutral", "neutral", DISPUTED]
    say(project, "Cem", NEGATIVE, 1)
    first = project.clips([ClipId(1)])[0]
    assert (first.label, first.emotion, first.annotator) == ("negative", "fear", "Cem")
    assert [c.id for c in trainable(all_clips(project))] == [1, 2, 3, 5]
    assert preflight(project, RunConfig()).left_out == {"disputed": 1, "unlabelled": 1}


def test_adjudication_wins_and_is_nobodys_own_answer(project: Project) -> None:
    say(project, "Ann", POSITIVE, 1)
    say(project, "Ben", NEGATIVE, 1)
    project.do(LabelClips((ClipId(1),), Answer("neutral"), BY_ADJUDICATION))
    assert project.undo_sentence == "Settle clip 1 as neutral"
    assert labels(project)[0] == "neutral"
    assert labels(project, "Ben")[0] == "negative"
    say(project, "Cem", NEGATIVE, 1)
    assert labels(project)[0] == "neutral"
    project.undo()
    choose_annotator(project, "Ben")
    project.undo()
    assert labels(project)[0] == DISPUTED
    project.redo()
    assert labels(project)[0] == "neutral"


def test_whoever_works_blind_sees_their_own_answers_only(project: Project) -> None:
    say(project, "Ann", POSITIVE, 1, 4)
    assert not is_blind(project)
    assert eye(project) is None
    choose_annotator(project, "Ben")
    assert is_blind(project)
    assert labels(project, eye(project)) == [None] * 6
    project.do(LabelClips((ClipId(5),), NEGATIVE))
    assert labels(project, eye(project)) == [None, None, None, None, "negative", None]
    seen = project.clips([ClipId(1), ClipId(5)], "Ben")
    assert [(c.annotator, c.emotion) for c in seen] == [(None, None), ("Ben", "fear")]
    assert [a.clip_id for a in project.standing_annotations(12, eye(project))] == [5]
    set_blind(project, False)
    assert labels(project, eye(project))[0] == "positive"
    assert [a.clip_id for a in project.standing_annotations(12, eye(project))] == [5, 4, 1]


@pytest.mark.parametrize("name", [None, "Ann", "Ben", "import"])
def test_filters_orders_and_counts_agree_for_every_eye(project: Project, name: str | None) -> None:
    say(project, "Ann", POSITIVE, 1, 4)
    say(project, "Ben", NEGATIVE, 1, 6)
    own = labels(project, name)
    counts = project.counts(name)
    for show in FILTERS:
        found = project.clip_ids(Worklist(show, eye=name))
        assert len(found) == getattr(counts, show)
        if show in ("labelled", "unlabelled"):
            assert [own[n - 1] is None for n in found] == [show == "unlabelled"] * len(found)
    assert sum(counts.by_label.values()) == counts.labelled
    for sort in SORTS:
        assert sorted(project.clip_ids(Worklist(sort=sort, eye=name))) == [1, 2, 3, 4, 5, 6]
    backwards = project.clip_ids(Worklist(sort="label", eye=name, descending=True))
    keys = [own[n - 1] or "" for n in backwards]
    assert keys == sorted(keys, reverse=True)
    playlist = Worklist("unlabelled", search="made", playlist=(ClipId(6), ClipId(2)), eye=name)
    assert project.clip_ids(playlist) == [n for n in (6, 2) if own[n - 1] is None]


def test_answers_on_an_import_that_was_undone_are_not_counted(project: Project) -> None:
    say(project, "Ann", POSITIVE, 1, 4)
    import_clips(project, [corpus_clip(9)])
    say(project, "Ann", NEGATIVE, 7)
    assert project.counts("Ann").labelled == 3
    with project.database.transaction():
        project.database.execute("UPDATE clip SET present = 0 WHERE id IN (4, 7)")
    assert (project.counts("Ann").labelled, project.counts("Ann").all) == (1, 5)
    assert project.counts("Ann").by_label["negative"] == 0


def test_nobody_takes_back_the_answer_of_another(project: Project) -> None:
    say(project, "Ann", POSITIVE, 1)
    choose_annotator(project, "Ben")
    assert project.undo_sentence == "an answer of Ann"
    with pytest.raises(StudioError, match="is an answer of Ann, and you are Ben") as refused:
        project.undo()
    assert "choose who annotates" in refused.value.hint
    assert labels(project)[0] == "positive"
    project.do(FlagClips((ClipId(1),), True))
    project.undo()
    choose_annotator(project, "Ann")
    project.undo()
    assert labels(project)[0] == "neutral"
    choose_annotator(project, "Ben")
    assert project.redo_sentence == "an answer of Ann"
    with pytest.raises(StudioError, match="step to redo is an answer of Ann"):
        project.redo()


def test_what_concerns_the_project_anybody_may_take_back(project: Project) -> None:
    project.do(FlagClips((ClipId(1),), True))
    choose_annotator(project, "Ben")
    project.undo()
    project.undo()
    assert project.counts().all == 0


def test_undo_gives_each_their_own_answer_back(project: Project) -> None:
    say(project, "Ann", POSITIVE, 1)
    say(project, "Ben", POSITIVE, 1)
    say(project, "Ben", NEGATIVE, 1)
    project.undo()
    assert (labels(project, "Ann")[0], labels(project, "Ben")[0]) == ("positive", "positive")
    project.undo()
    assert (labels(project)[0], labels(project, "Ben")[0]) == ("positive", None)
    project.redo()
    project.redo()
    assert labels(project, "Ben")[0] == "negative"


def test_annotators_are_those_chosen_and_those_who_answered(
    project: Project, tmp_path: Path
) -> None:
    heard: list[Changes] = []
    project.changes.subscribe(heard.append)
    say(project, "Ann", POSITIVE, 1, 2)
    choose_annotator(project, "  Ben   Okri ")
    assert heard[-1].settings
    assert heard[-1].worklist
    choose_annotator(project, "ben okri")
    assert [(a.name, a.answered) for a in known_annotators(project)] == [
        ("Ann", 2),
        ("Ben Okri", 0),
    ]
    project.close()
    again = Project.open(tmp_path / "p")
    assert again.annotator == "Ben Okri"
    again.close()


@pytest.mark.parametrize("name", ["", "  ", "Import", "adjudicated", "x" * 41])
def test_some_names_are_refused(project: Project, name: str) -> None:
    with pytest.raises(StudioError):
        choose_annotator(project, name)
    assert project.annotator == "Ann"


def test_a_first_annotator_who_never_answered_makes_nobody_blind(project: Project) -> None:
    choose_annotator(project, "Ben")
    assert not is_blind(project)


def test_opinions_are_a_fold_of_the_annotations(project: Project) -> None:
    """What is kept beside the annotations can be made again from them, step by step."""
    for step in range(40):
        choose_annotator(project, ("Ann", "Ben", "Cem")[step * 5 % 3])
        if step % 4 == 3:
            try:
                project.undo() if step % 8 == 3 else project.redo()
            except StudioError:
                continue
        else:
            source = BY_ADJUDICATION if step % 11 == 10 else "key"
            answer = Answer((None, "negative", "neutral", "positive")[step * 7 % 4])
            clips = (ClipId(step % 6 + 1), ClipId(step * 5 % 6 + 1))
            project.do(LabelClips(clips, answer, source))
    kept = _kept(project.database)
    with project.database.transaction():
        project.database.execute("DELETE FROM opinion WHERE annotator <> 'import'")
        for (command,) in project.database.rows("SELECT id FROM command ORDER BY id"):
            fold(project.database, command)
    assert _kept(project.database) == kept
    assert len(kept[0]) > 12


def _kept(database: Database) -> tuple[list[object], list[object]]:
    opinions = database.rows("SELECT * FROM opinion ORDER BY 1, 2")
    return list(opinions), list(database.rows("SELECT id, annotation_id, label, sure FROM clip"))
