"""Projects of every format that was ever released open, undo and export, for ever.

The files under `saved` were written by `save_project.py` and are never changed."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from stremo_studio.domain.source import NOT_FETCHED, READY, UNAVAILABLE, WAITING
from stremo_studio.project.exporting import export_sheet
from stremo_studio.project.project import Project
from stremo_studio.project.sources import sources
from stremo_studio.project.speakers import speaker_of
from stremo_studio.store import opinions
from stremo_studio.store.database import newest_version
from tests.builders import all_clips
from tests.store.save_project import SAVED

FORMATS = range(1, newest_version() + 1)


@pytest.fixture(params=FORMATS, ids=[f"format-{number}" for number in FORMATS])
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A project folder as that format left it."""
    with closing(sqlite3.connect(tmp_path / "project.db")) as connection:
        saved = SAVED / f"format-{request.param}.sql"
        connection.executescript(saved.read_text(encoding="utf-8"))
    return tmp_path


def test_a_saved_project_opens_with_everything_in_it(folder: Path) -> None:
    project = Project.open(folder)
    facts = [
        (c.name, c.start, c.end, c.speaker, c.label, c.emotion, c.sure, c.annotator, c.flagged)
        for c in project.clips(all_clips(project))
    ]
    assert facts == [
        ("-aaaaaaaaaa_1", 3, 9, "-aaaaaaaaaa female", "negative", "fear", False, "Ann", False),
        ("-aaaaaaaaaa_2", 10, 12, "-aaaaaaaaaa female", "cannot_tell", None, True, "Ann", False),
        ("bbbbbbbbbbb", 60, 61, "bbbbbbbbbbb male", "positive", "happiness", True, "stremo", True),
        ("ccccccccccc", 120, 124, "ccccccccccc male", "cannot_tell", None, True, "Ann", False),
    ]
    first = project.annotations(project.clips(all_clips(project))[0].id)
    assert [(a.answer.label, a.source, a.heard_ms) for a in first] == [
        ("negative", "import", None),
        ("negative", "key", 2500),
    ]
    assert (project.annotator, project.setting("colour")) == ("Ann", "blue")
    assert project.redo_sentence == "Write the note of clip 3"
    project.close()


def test_its_history_goes_on(folder: Path) -> None:
    project = Project.open(folder)
    project.redo()
    assert project.clips(all_clips(project))[2].note == "laughter, très fort"
    while project.undo_sentence and not project.undo_sentence.startswith("Import"):
        project.annotator = "Ben" if project.undo_sentence == "an answer of Ben" else "Ann"
        project.undo()
    labels = [clip.label for clip in project.clips(all_clips(project))]
    assert labels == ["negative", "neutral", "positive", None]
    project.close()


def test_each_annotator_of_it_has_answers_of_their_own(folder: Path) -> None:
    project = Project.open(folder)
    ids = all_clips(project)
    own = {
        name: [clip.label for clip in project.clips(ids, name)]
        for name in ("import", "Ann", *opinions.people(project.database))
    }
    assert own["import"] == ["negative", "neutral", "positive", None]
    assert own["Ann"] == ["negative", "cannot_tell", None, "cannot_tell"]
    if "Ben" in own:  # since format 6
        assert own["Ben"] == [None, "neutral", None, None]
    project.close()


def test_its_cells_come_back_as_they_were(folder: Path, tmp_path: Path) -> None:
    project = Project.open(folder)
    export_sheet(project, tmp_path / "out.csv")
    rows = (tmp_path / "out.csv").read_text().splitlines()
    assert rows[1] == (
        "-aaaaaaaaaa_1,English,Female ,White,,16-25,0:00:03,0:00:09,-aaaaaaaaaa,YouTube,Fear"
    )
    assert rows[3] == "bbbbbbbbbbb,,Male,,,,0:01:00,0:01:00,bbbbbbbbbbb,YouTube,Happiness"
    project.close()


def test_its_sources_are_as_they_were_left(folder: Path) -> None:
    project = Project.open(folder)
    found = [(s.name, s.state, s.fault and s.fault.kind, s.attempts) for s in sources(project)]
    if any(state == READY for _, state, _, _ in found):  # since format 2
        assert found == [
            ("-aaaaaaaaaa", READY, None, 0),
            ("bbbbbbbbbbb", UNAVAILABLE, "private", 1),
            ("ccccccccccc", WAITING, None, 0),
            ("https://example.org/speech.mp3", NOT_FETCHED, None, 0),
        ]
        assert sources(project)[0].facts.format == "opus in webm"
    else:
        assert [state for _, state, _, _ in found] == [NOT_FETCHED] * 3
    project.close()


def test_what_was_said_of_a_speaker_is_kept_and_can_be_taken_back(folder: Path) -> None:
    project = Project.open(folder)
    last = all_clips(project)[3]
    if speaker_of(project, last).facts.accent == "Irish":  # since format 7
        while project.undo_sentence != "Set the accent of speaker ccccccccccc male to Irish":
            project.undo()
        project.undo()
    assert speaker_of(project, last).facts.accent is None
    project.close()
