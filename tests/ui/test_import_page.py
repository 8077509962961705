"""Import through the window: a report first, nothing written before Import, never a stall."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from stremo_studio.app import Studio
from stremo_studio.project.project import Project
from stremo_studio.ui.actions import IMPORT
from stremo_studio.ui.import_page import ImportPage
from stremo_studio.ui.label.page import LabelPage
from tests.ui.sounds import write_recordings, write_tone

ENTER = Qt.Key.Key_Return


@pytest.fixture
def empty(studio: Studio, tmp_path: Path) -> Studio:
    studio.open(_project(tmp_path))
    return studio


def test_the_report_comes_before_anything_is_written(
    empty: Studio, tmp_path: Path, qtbot: QtBot
) -> None:
    source = write_recordings(tmp_path / "audio", 4, labelled=True)
    (source / "anger" / "text.wav").write_text("not audio")
    page = _report(empty, source, qtbot)
    words = " ".join(label.text() for label in page.findChildren(QLabel))
    assert "5 clips found" in words
    assert "text" in words
    assert _clips(empty) == 0


def test_enter_imports_and_shows_the_clips(empty: Studio, tmp_path: Path, qtbot: QtBot) -> None:
    _report(empty, write_recordings(tmp_path / "audio", 4), qtbot)
    qtbot.keyClick(empty.window, ENTER)
    qtbot.waitUntil(lambda: empty.window.workspace == "label")
    assert _clips(empty) == 4
    assert "4 clips imported. Ctrl+Z takes the import back." in empty.window.banners.texts()


def test_after_an_import_into_an_empty_project_the_answer_keys_work_at_once(
    empty: Studio, tmp_path: Path, qtbot: QtBot
) -> None:
    assert empty.window.workspace == "label"  # the empty state: its list cannot take the focus
    _report(empty, write_recordings(tmp_path / "audio", 4), qtbot)
    qtbot.keyClick(empty.window, ENTER)
    qtbot.waitUntil(lambda: empty.window.workspace == "label")
    page = empty.window.page("label")
    assert isinstance(page, LabelPage)
    assert empty.window.focusWidget() is page.queue.view


def test_esc_cancels_and_writes_nothing(empty: Studio, tmp_path: Path, qtbot: QtBot) -> None:
    _report(empty, write_recordings(tmp_path / "audio", 4), qtbot)
    qtbot.keyClick(empty.window, Qt.Key.Key_Escape)
    assert empty.window.workspace == "label"
    assert _clips(empty) == 0


def test_the_same_source_again_brings_nothing_new(
    empty: Studio, tmp_path: Path, qtbot: QtBot
) -> None:
    source = write_recordings(tmp_path / "audio", 4)
    _report(empty, source, qtbot).confirm()
    qtbot.waitUntil(lambda: empty.window.workspace == "label")
    page = _report(empty, source, qtbot)
    assert page.plan is not None
    assert (page.plan.already_here, page.plan.new) == (4, ())


def test_nothing_to_import_is_one_sentence(empty: Studio, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "nothing").mkdir()
    empty.importing.start(tmp_path / "nothing", None)
    qtbot.waitUntil(lambda: bool(empty.window.banners.texts()))
    assert empty.window.workspace == "label"


def test_an_import_without_a_project_makes_one(
    studio: Studio, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "stremo_studio.ui.import_flow.projects_folder", lambda: tmp_path / "projects"
    )
    page = _report(studio, write_recordings(tmp_path / "voices", 3), qtbot)
    page.confirm()
    qtbot.waitUntil(lambda: studio.window.workspace == "label")
    assert (tmp_path / "projects" / "voices" / "project.db").exists()
    assert _clips(studio) == 3


def test_a_cancelled_import_leaves_no_project_behind(
    studio: Studio, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "stremo_studio.ui.import_flow.projects_folder", lambda: tmp_path / "projects"
    )
    _report(studio, write_recordings(tmp_path / "voices", 3), qtbot)
    qtbot.keyClick(studio.window, Qt.Key.Key_Escape)
    assert studio.window.workspace == "start"
    assert list((tmp_path / "projects").iterdir()) == []
    assert studio.memory.recent == []


def test_the_practice_set_needs_one_click(
    studio: Studio, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stremo_studio.ui.import_flow.projects_folder", lambda: tmp_path)
    monkeypatch.setattr("stremo_studio.practice.make_practice_set", _small_practice_set)
    studio.actions.open_practice()
    qtbot.waitUntil(lambda: studio.desk is not None and _clips(studio) == 3)
    studio.close_project()
    studio.actions.open_practice()
    assert _clips(studio) == 3


def _small_practice_set(folder: Path) -> Path:
    write_recordings(folder, 3)
    table = folder / "practice-set.csv"
    table.write_text("path,emotion,speaker\n" + "".join(f"clip-{n:02}.wav,,s\n" for n in range(3)))
    return table


def _report(studio: Studio, source: Path, qtbot: QtBot) -> ImportPage:
    studio.importing.start(source, None)
    page = studio.window.page(IMPORT)
    assert isinstance(page, ImportPage)
    qtbot.waitUntil(lambda: page.plan is not None)
    return page


def _clips(studio: Studio) -> int:
    assert studio.desk is not None
    return studio.desk.project.counts().all


def _project(folder: Path) -> Path:
    Project.create(folder / "project").close()
    write_tone(folder / "unused.wav")
    return folder / "project"
