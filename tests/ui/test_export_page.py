"""Export through the window: choose with the arrows, Enter writes, labelling goes on meanwhile."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from stremo_studio.app import Studio
from stremo_studio.ui.actions import EXPORT
from stremo_studio.ui.export_page import ExportPage
from tests.ui.runs import finished_run, labelled_clips

Opened = Callable[..., Studio]
CTRL = Qt.KeyboardModifier.ControlModifier


def _page(studio: Studio, qtbot: QtBot) -> ExportPage:
    qtbot.keyClick(studio.window, Qt.Key.Key_E, CTRL)
    page = studio.window.page(EXPORT)
    assert isinstance(page, ExportPage)
    assert studio.window.workspace == EXPORT
    return page


def _words(page: ExportPage) -> str:
    return " ".join(one.text() for one in page.findChildren(QLabel) if one.isVisible())


def _write(studio: Studio, page: ExportPage, qtbot: QtBot) -> Path:
    qtbot.keyClick(studio.window, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.result is not None)
    assert page.result is not None
    return page.result.place


def test_enter_writes_the_sheet_into_the_project(opened: Opened, qtbot: QtBot) -> None:
    studio = opened(labelled=True)
    page = _page(studio, qtbot)
    assert "Goes to" in _words(page)
    place = _write(studio, page, qtbot)
    assert studio.desk is not None
    assert place == studio.desk.project.folder / "exports" / "StrEmo.csv"
    assert place.read_text().startswith("Filename,")
    assert f"Wrote 6 clips to {place}." in _words(page)


def test_arrows_choose_the_format_or_all_without_sound(opened: Opened, qtbot: QtBot) -> None:
    studio = opened()
    page = _page(studio, qtbot)
    for _ in range(5):
        qtbot.keyClick(studio.window, Qt.Key.Key_Down)
    assert page.target.name == "elan"
    for _ in range(4):
        qtbot.keyClick(studio.window, Qt.Key.Key_Down)
    place = _write(studio, page, qtbot)
    assert len(json.loads((place / "manifest.json").read_text())["formats"]) == 8
    qtbot.keyClick(studio.window, Qt.Key.Key_Up)
    assert page.result is None
    assert "other people's recordings" in _words(page)


def test_whoever_comes_back_can_export_again(opened: Opened, qtbot: QtBot) -> None:
    studio = opened()
    page = _page(studio, qtbot)
    place = _write(studio, page, qtbot)
    qtbot.keyClick(studio.window, Qt.Key.Key_Escape)
    place.write_text("old")
    assert _page(studio, qtbot) is page
    assert "and replaces it." in _words(page)
    assert _write(studio, page, qtbot).read_text() != "old"


def test_an_older_export_is_replaced_and_that_is_said(opened: Opened, qtbot: QtBot) -> None:
    studio = opened()
    page = _page(studio, qtbot)
    place = _write(studio, page, qtbot)
    place.write_text("old")
    page.step("down")
    page.step("up")
    assert "and replaces it." in _words(page)
    assert _write(studio, page, qtbot).read_text() != "old"


def test_a_folder_of_the_users_own_is_refused(
    opened: Opened, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine" / "audacity").mkdir(parents=True)
    (tmp_path / "mine" / "audacity" / "work.aup3").write_text("")
    studio = opened()
    page = _page(studio, qtbot)
    monkeypatch.setattr(
        "stremo_studio.ui.export_page.QFileDialog.getExistingDirectory",
        lambda *_: str(tmp_path / "mine"),
    )
    qtbot.keyClick(studio.window, Qt.Key.Key_D)
    assert page.target == tmp_path / "mine" / "StrEmo.csv"
    for _ in range(3):
        page.step("down")
    assert "is no export. Choose another folder." in _words(page)
    qtbot.keyClick(studio.window, Qt.Key.Key_Return)
    assert [p.name for p in (tmp_path / "mine").rglob("*")] == ["audacity", "work.aup3"]


def test_labelling_goes_on_while_it_is_written(opened: Opened, qtbot: QtBot) -> None:
    studio = opened()
    page = _page(studio, qtbot)
    qtbot.keyClick(studio.window, Qt.Key.Key_Return)
    qtbot.keyClick(studio.window, Qt.Key.Key_Escape)
    assert studio.window.workspace == "label"
    qtbot.waitUntil(lambda: page.result is not None)
    assert any("Exported to" in text for text in studio.window.banners.texts())


def test_the_folder_opens(opened: Opened, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", shown.append)
    studio = opened()
    page = _page(studio, qtbot)
    qtbot.keyClick(studio.window, Qt.Key.Key_O)
    assert shown == []
    place = _write(studio, page, qtbot)
    qtbot.keyClick(studio.window, Qt.Key.Key_O)
    assert [url.toLocalFile() for url in shown] == [str(place.parent)]


def test_a_place_that_cannot_be_written_is_a_banner(
    opened: Opened, qtbot: QtBot, tmp_path: Path
) -> None:
    studio = opened()
    page = _page(studio, qtbot)
    (tmp_path / "project" / "exports").write_text("a file where the folder belongs")
    qtbot.keyClick(studio.window, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(studio.window.banners.texts()))
    assert "cannot be written" in " ".join(studio.window.banners.texts())
    assert page.result is None


def test_the_last_choice_is_what_the_active_model_says(opened: Opened, qtbot: QtBot) -> None:
    studio = opened(36, labelled=True)
    page = _page(studio, qtbot)
    for _ in range(20):
        qtbot.keyClick(studio.window, Qt.Key.Key_Down)
    qtbot.keyClick(studio.window, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(studio.window.banners.texts()))
    assert "No run has a model yet." in studio.window.banners.texts()[0]
    assert studio.desk is not None
    project = studio.desk.project
    finished_run(project, {clip.id: "neutral" for clip in labelled_clips(project)})
    place = _write(studio, page, qtbot)
    assert {file.suffix for file in place.iterdir()} == {".csv", ".svg", ".json"}


def test_without_a_project_it_says_so(studio: Studio, qtbot: QtBot) -> None:
    qtbot.keyClick(studio.window, Qt.Key.Key_E, CTRL)
    assert "No project is open." in studio.window.banners.texts()


def test_annotations_come_in_by_the_same_report(
    opened: Opened, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "talk.txt").write_text("0\t1\tangry\n")
    monkeypatch.setattr(
        "stremo_studio.ui.window_actions.QFileDialog.getOpenFileName",
        lambda *_: (str(tmp_path / "talk.txt"), ""),
    )
    studio = opened()
    assert studio.desk is not None
    before = studio.desk.project.counts().all
    modifiers = CTRL | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(studio.window, Qt.Key.Key_E, modifiers)
    qtbot.waitUntil(lambda: studio.window.workspace == "import")
    page = studio.window.page("import")
    qtbot.waitUntil(lambda: page.plan is not None)  # type: ignore[union-attr]
    qtbot.keyClick(studio.window, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: studio.window.workspace == "label")
    assert studio.desk.project.counts().all == before + 1
