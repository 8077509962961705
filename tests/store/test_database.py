"""The project's file: brought up to date, refused kindly, and never half written."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from stremo_studio.domain.annotation import Answer
from stremo_studio.domain.clip import ClipId
from stremo_studio.errors import StudioError
from stremo_studio.project.commands import LabelClips, NoteClip
from stremo_studio.project.folder import ProjectLockedError
from stremo_studio.project.project import Project
from stremo_studio.store import database as database_module
from stremo_studio.store.database import Database, newest_version
from tests.builders import all_clips, project_with_clips

ONE = (ClipId(1),)


def test_a_commit_is_on_the_disk_before_the_next_key(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "project.db")
    pragmas = [
        database.value(f"PRAGMA {p}") for p in ("journal_mode", "synchronous", "foreign_keys")
    ]
    assert pragmas == ["wal", 2, 1]
    database.close()


def test_answers_can_only_be_added(tmp_path: Path) -> None:
    project = project_with_clips(tmp_path / "p")
    project.do(LabelClips(ONE, Answer("positive")))
    for sql in ("UPDATE annotation SET label = 'neutral'", "DELETE FROM annotation"):
        with pytest.raises(sqlite3.IntegrityError, match="only ever added"):
            project.database.execute(sql)
    project.close()


def test_a_project_of_a_newer_studio_is_refused_and_left_alone(tmp_path: Path) -> None:
    project_with_clips(tmp_path / "p").close()
    file = tmp_path / "p" / "project.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(f"PRAGMA user_version = {newest_version() + 1}")
    before = file.read_bytes()
    for read_only in (False, True):
        with pytest.raises(StudioError, match="made by a newer StrEmo Studio") as refused:
            Project.open(tmp_path / "p", read_only=read_only)
        assert "newest version" in refused.value.hint
    assert file.read_bytes() == before


def test_an_older_project_is_copied_aside_before_it_is_brought_up_to_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project_with_clips(tmp_path / "p").close()
    newer = tmp_path / "migrations"
    newer.mkdir()
    for file in database_module.MIGRATIONS.glob("*.sql"):
        (newer / file.name).write_text(file.read_text())
    number = newest_version() + 1
    (newer / f"{number:04}_more.sql").write_text("ALTER TABLE clip ADD COLUMN loudness REAL;")
    monkeypatch.setattr(database_module, "MIGRATIONS", newer)
    project = Project.open(tmp_path / "p")
    assert project.database.value("PRAGMA user_version") == number
    assert project.database.value("SELECT count(loudness) FROM clip") == 0
    assert project.counts().all == 12
    project.close()
    aside = tmp_path / "p" / f"project-format-{number - 1}.db"
    with closing(sqlite3.connect(aside)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (number - 1,)
        assert connection.execute("SELECT count(*) FROM clip").fetchone() == (12,)


def test_a_migration_that_fails_leaves_the_project_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project_with_clips(tmp_path / "p").close()
    broken = tmp_path / "migrations"
    broken.mkdir()
    number = newest_version() + 1
    (broken / f"{number:04}_broken.sql").write_text("DROP TABLE run; SELECT nonsense;")
    with monkeypatch.context() as patched:
        patched.setattr(database_module, "MIGRATIONS", broken)
        with pytest.raises(sqlite3.OperationalError, match="nonsense"):
            Project.open(tmp_path / "p")
    project = Project.open(tmp_path / "p")
    assert project.runs() == []
    project.close()


@pytest.mark.parametrize("content", [b"not a database at all, but long enough to be one" * 40, b""])
def test_a_file_that_is_no_project_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "project.db").write_bytes(content)
    with pytest.raises(StudioError):
        Project.open(tmp_path, read_only=True)


def test_another_programs_database_is_not_touched(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "project.db")) as other:
        other.execute("CREATE TABLE theirs (x)")
    with pytest.raises(StudioError, match="no project file"):
        Project.open(tmp_path)


def test_a_damaged_project_is_one_sentence(tmp_path: Path) -> None:
    project_with_clips(tmp_path / "p", 400).close()
    file = tmp_path / "p" / "project.db"
    raw = bytearray(file.read_bytes())
    raw[4096:] = b"\xff" * (len(raw) - 4096)
    file.write_bytes(raw)
    with pytest.raises(StudioError, match="damaged"):
        Project.open(tmp_path / "p")


def test_a_full_disk_loses_nothing_and_work_goes_on_when_there_is_room(tmp_path: Path) -> None:
    project = project_with_clips(tmp_path / "p")
    project.do(LabelClips(ONE, Answer("positive")))
    pages = project.database.value("PRAGMA page_count")
    project.database.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StudioError, match="The disk is full"):
        project.do(NoteClip(ClipId(1), "x" * 50_000))
    assert project.undo_sentence == "Label clip 1 positive"
    assert project.clips(ONE)[0].note == ""
    project.database.execute("PRAGMA max_page_count = 100000")
    project.do(NoteClip(ClipId(1), "x" * 50_000))
    project.undo()
    project.undo()
    assert project.clips(ONE)[0].label is None
    project.close()


def test_a_project_deleted_while_open_takes_no_more_labels_and_can_be_saved_elsewhere(
    tmp_path: Path,
) -> None:
    project = project_with_clips(tmp_path / "p")
    project.do(LabelClips(ONE, Answer("positive")))
    for file in (tmp_path / "p").iterdir():
        file.unlink()
    with pytest.raises(StudioError, match="is gone"):
        project.do(LabelClips(ONE, Answer("negative")))
    project.save_copy(tmp_path / "rescued")
    project.close()
    rescued = Project.open(tmp_path / "rescued")
    assert rescued.clips(ONE)[0].label == "positive"
    assert rescued.undo_sentence == "Label clip 1 positive"
    rescued.close()


def test_a_second_studio_is_told_and_may_look(tmp_path: Path) -> None:
    project = project_with_clips(tmp_path / "p")
    with pytest.raises(ProjectLockedError, match="open in another studio") as locked:
        Project.open(tmp_path / "p")
    assert "read-only" in locked.value.hint
    looking = Project.open(tmp_path / "p", read_only=True)
    project.do(LabelClips(ONE, Answer("positive")))
    assert looking.clips(ONE)[0].label == "positive"
    with pytest.raises(StudioError, match="read-only"):
        looking.do(LabelClips(ONE, Answer("negative")))
    looking.close()
    project.close()
    Project.open(tmp_path / "p").close()


def test_a_project_is_not_made_over_another(tmp_path: Path) -> None:
    project_with_clips(tmp_path / "p").close()
    with pytest.raises(StudioError, match="already holds a project"):
        Project.create(tmp_path / "p")


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StudioError, match="cannot be made"):
        Project.create(tmp_path / "file" / "p")


@contextmanager
def _nobody() -> Iterator[None]:
    """As a user who may not write; root may write anywhere."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions are another matter on Windows")
@pytest.mark.parametrize("left_log", [False, True])
def test_a_read_only_folder_is_offered_for_looking_and_can_be_looked_at(left_log: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "p"
        project_with_clips(folder).close()
        if left_log:  # an empty one, as a reader leaves it behind
            (folder / "project.db-wal").touch()
        for path in (*folder.iterdir(), folder, Path(name)):
            path.chmod(0o555 if path.is_dir() else 0o444)
        try:
            with _nobody():
                with pytest.raises(ProjectLockedError, match="cannot be written"):
                    Project.open(folder)
                looking = Project.open(folder, read_only=True)
                assert len(all_clips(looking)) == 12
                looking.close()
        finally:
            for path in (Path(name), folder, *folder.iterdir()):
                path.chmod(0o755)
