"""Projects of format 4, where whoever answered last gave the label, get opinions of their own."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from stremo_studio.domain.annotation import DISPUTED
from stremo_studio.domain.clip import ClipId
from stremo_studio.project.project import Project
from tests.store.save_project import SAVED


class Older:
    """A project of format 4, written as that format did."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with closing(sqlite3.connect(folder / "project.db")) as connection:
            connection.executescript((SAVED / "format-4.sql").read_text(encoding="utf-8"))

    def _write(self, kind: str, who: str, undoes: int | None, answer: tuple[object, ...]) -> int:
        """`answer`: annotator, label and source of clip 3, which came with positive."""
        annotator, label, source = answer
        with closing(sqlite3.connect(self.folder / "project.db")) as connection, connection:
            command = connection.execute(
                "INSERT INTO command (kind, sentence, annotator, at, undoes)"
                " VALUES (?, ?, ?, '2024-01-01T00:00:00.000+00:00', ?)",
                (kind, f"{kind} {label}", who, undoes),
            ).lastrowid
            row = connection.execute(
                "INSERT INTO annotation (clip_id, command_id, annotator, label, source, at)"
                " VALUES (3, ?, ?, ?, ?, '2024-01-01T00:00:00.000+00:00')",
                (command, annotator, label, source),
            ).lastrowid
            connection.execute(
                "UPDATE clip SET annotation_id = ?, label = ?, emotion = NULL WHERE id = 3",
                (row, label),
            )
        assert command is not None
        return command

    def say(self, who: str, label: str | None) -> int:
        return self._write("label", who, None, (who, label, "key"))

    def take_back(self, kind: str, who: str, undoes: int, first: str, label: str | None) -> int:
        """`first` gave the answer that stands again."""
        return self._write(kind, who, undoes, (first, label, "undo"))

    def open(self, annotator: str = "Ann") -> Project:
        project = Project.open(self.folder)
        project.annotator = annotator
        return project


@pytest.fixture
def older(tmp_path: Path) -> Older:
    return Older(tmp_path)


def third(project: Project, who: str | None = None) -> str | None:
    return project.clips([ClipId(3)], who)[0].label


def test_an_upgrade_changes_no_label_of_one_annotator(older: Older) -> None:
    older.say("Ann", "negative")
    project = older.open()
    assert (third(project), third(project, "Ann")) == ("negative", "negative")
    assert third(project, "import") == "positive"
    project.close()


def test_undo_and_redo_go_on_across_the_upgrade(older: Older) -> None:
    first = older.say("Ann", "negative")
    second = older.say("Ann", "neutral")
    undone = older.take_back("undo", "Ann", second, "Ann", "negative")
    older.take_back("undo", "Ann", first, "stremo", "positive")
    project = older.open()
    assert (third(project), third(project, "Ann")) == ("positive", None)
    project.redo()
    assert (third(project), third(project, "Ann")) == ("negative", "negative")
    project.redo()
    assert third(project, "Ann") == "neutral"
    project.undo()
    project.undo()
    assert (third(project), third(project, "Ann")) == ("positive", None)
    assert undone
    project.close()


def test_a_redo_before_the_upgrade_is_undone_after_it(older: Older) -> None:
    said = older.say("Ann", "negative")
    undone = older.take_back("undo", "Ann", said, "stremo", "positive")
    older.take_back("redo", "Ann", undone, "Ann", "negative")
    project = older.open()
    assert third(project, "Ann") == "negative"
    project.undo()
    assert (third(project), third(project, "Ann")) == ("positive", None)
    project.redo()
    assert third(project) == "negative"
    project.close()


def test_two_who_answered_differently_disagree_from_now_on(older: Older) -> None:
    older.say("Ann", "negative")
    older.say("Ben", "neutral")
    project = older.open("Ben")
    assert [third(project, who) for who in ("Ann", "Ben", None)] == [
        *("negative", "neutral", DISPUTED),
    ]
    project.undo()
    assert [third(project, who) for who in ("Ann", "Ben", None)] == ["negative", None, "negative"]
    project.close()


def test_most_win_from_now_on(older: Older) -> None:
    for who, label in (("Ann", "negative"), ("Ben", "negative"), ("Cem", "neutral")):
        older.say(who, label)
    project = older.open()
    clip = project.clips([ClipId(3)])[0]
    assert (clip.label, clip.annotator) == ("negative", "Ben")
    project.close()


def test_what_was_taken_back_is_nobodys_opinion(older: Older) -> None:
    older.say("Ann", "negative")
    said = older.say("Ben", "neutral")
    older.take_back("undo", "Ben", said, "Ann", "negative")
    project = older.open("Ben")
    assert [third(project, who) for who in ("Ann", "Ben", None)] == ["negative", None, "negative"]
    project.redo()
    assert [third(project, who) for who in ("Ann", "Ben", None)] == [
        *("negative", "neutral", DISPUTED),
    ]
    project.close()


def test_a_label_that_was_cleared_stays_cleared(older: Older) -> None:
    older.say("Ann", None)
    project = older.open()
    assert third(project) is None
    project.undo()
    assert third(project) == "positive"
    project.close()


def test_annotations_are_closed_again_after_the_upgrade(older: Older) -> None:
    older.open().close()
    with closing(sqlite3.connect(older.folder / "project.db")) as connection:
        with pytest.raises(sqlite3.IntegrityError, match="only ever added"):
            connection.execute("UPDATE annotation SET label = 'positive'")
        assert connection.execute(
            "SELECT count(*) FROM annotation WHERE voice = ''"
        ).fetchone() == (0,)
