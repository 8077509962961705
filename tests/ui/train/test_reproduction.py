"""The paper's procedure started from the train workspace, as a child process of its own group."""

import os
import sys
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from stremo_studio.app import Studio
from stremo_studio.errors import StudioError
from stremo_studio.ui.train import reproduction as module
from stremo_studio.ui.train.page import TrainPage
from stremo_studio.ui.train.reproduction import Asked, Reproduction
from tests.trainer.corpora.trees import plant
from tests.ui.conftest import Opened
from trainer.contract import protocol

WAIT = 10_000
ASKED = Asked("/corpora", "/out", "strict", "tiny-from-scratch")
REPORT = protocol.encode(protocol.ReportWritten("/out/report.html"))
POLITE = "import sys; print('1/8 load', file=sys.stderr, flush=True); sys.stdin.read(); sys.exit(4)"
STUBBORN = (
    "import os, signal, subprocess, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']); "
    "print(child.pid, file=sys.stderr, flush=True); child.wait()"
)


def _program(text: str) -> list[str]:
    return [sys.executable, "-c", text]


def _start(text: str, qtbot: QtBot, *, lines: int = 1) -> Reproduction:
    made = Reproduction(command=_program(text))
    made.start(ASKED)
    qtbot.waitUntil(lambda: len(made.lines) >= lines or not made.at_work, timeout=WAIT)
    return made


def _end(made: Reproduction, qtbot: QtBot) -> str:
    qtbot.waitUntil(lambda: not made.at_work, timeout=WAIT)
    return made.sentence


def test_it_is_asked_for_as_on_the_command_line() -> None:
    words = ASKED.arguments()
    assert words[:4] == ["reproduce", "--studio", "--corpora", "/corpora"]
    assert words[4:] == ["--preset", "strict", "--out", "/out", "--model", "tiny-from-scratch"]
    assert len(Asked("/corpora", "/out").arguments()) == 8
    more = Asked("/corpora", "/out", mosei="paper", transcripts=" /t.csv ").arguments()
    assert more[8:] == ["--mosei", "paper", "--transcripts", "/t.csv"]


@pytest.mark.parametrize(("asked", "words"), [(Asked(), "corpora"), (Asked("/c"), "output")])
def test_what_was_not_chosen_is_named(asked: Asked, words: str) -> None:
    made = Reproduction()
    with pytest.raises(StudioError, match=words) as caught:
        made.start(asked)
    assert caught.value.hint
    assert not made.at_work


def test_the_report_is_where_the_program_says(qtbot: QtBot) -> None:
    made = _start(f"print({REPORT!r})", qtbot, lines=9)
    assert _end(made, qtbot) == "The report is ready."
    assert made.report == Path("/out/report.html")


STAGES = [
    protocol.StageProgressed("Load", 0, 0, ""),
    protocol.StageProgressed("Cross-validate", 3, 15, "cells", 7_260.0),
]
SHOWS_STAGES = (
    "import sys; "
    f"print({protocol.encode(STAGES[0])!r}); print({protocol.encode(STAGES[1])!r}, flush=True); "
    "sys.stdin.read(); sys.exit(4)"
)


def test_the_job_bar_of_every_workspace_shows_stage_time_left_and_stop(
    opened: Opened, qtbot: QtBot
) -> None:
    studio = opened()
    training = _page(studio).training
    bar = training.paper_bar
    assert bar.isHidden()
    _use(_page(studio), SHOWS_STAGES)
    training.reproduction.start(ASKED)
    assert bar.text == "Reproduction  Starting…"
    studio.bring("label")
    qtbot.waitUntil(lambda: "Cross-validate" in bar.text, timeout=WAIT)
    assert bar.isVisible()
    assert bar.text == "Reproduction  Cross-validate 3 of 15 cells  ETA 2:01:00"
    assert (bar.bar.value(), bar.bar.maximum()) == (3, 15)
    bar.stop.click()
    assert not bar.stop.isEnabled()
    assert "what is done is kept" in bar.text
    qtbot.waitUntil(lambda: bar.close_button.isVisible(), timeout=WAIT)
    assert "started again, it goes on where it was" in bar.text
    bar.close_button.click()
    assert bar.isHidden()


def test_the_job_bar_opens_the_report_and_is_gone_once_it_was_seen(
    opened: Opened, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: shown.append(url.toLocalFile()))
    studio = opened()
    page = _page(studio)
    bar = page.training.paper_bar
    _use(page, f"print({REPORT!r})")
    page.training.reproduction.start(ASKED)
    qtbot.waitUntil(lambda: bar.report.isVisible(), timeout=WAIT)
    assert bar.text == "Reproduction  The report is ready."
    bar.report.click()
    assert shown == ["/out/report.html"]
    assert bar.isHidden()


def test_a_fault_of_the_world_is_the_programs_own_sentence(qtbot: QtBot) -> None:
    text = (
        "import sys; print('No corpus lies in /c. Choose another.', file=sys.stderr); sys.exit(2)"
    )
    made = _start(text, qtbot)
    assert _end(made, qtbot) == "No corpus lies in /c. Choose another."
    assert made.failed


@pytest.mark.parametrize("text", ["raise ValueError", "import os; os.kill(os.getpid(), 9)"])
def test_a_bug_and_a_kill_are_told_and_lose_nothing(text: str, qtbot: QtBot) -> None:
    made = _start(text, qtbot, lines=99)
    assert "Start it again: what is done is kept." in _end(made, qtbot)
    assert made.failed


def test_a_trainer_that_is_not_there_is_told(qtbot: QtBot) -> None:
    made = Reproduction(command=["/nowhere/python"])
    made.start(ASKED)
    assert "could not be started" in _end(made, qtbot)


def test_stop_asks_first(qtbot: QtBot) -> None:
    made = _start(POLITE, qtbot)
    made.stop()
    assert made.stopping
    assert _end(made, qtbot).startswith("Stopped. What is done is kept")
    assert not made.failed


@pytest.mark.skipif(sys.platform == "win32", reason="there are no groups")
@pytest.mark.parametrize("by", ["stop", "leave"])
def test_what_does_not_end_by_itself_is_ended_with_all_its_children(
    by: str, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_NEXT_RUNG_MS", 100)
    monkeypatch.setattr(module, "_LEAVE_MS", 300)
    made = _start(STUBBORN, qtbot)
    grandchild = int(made.lines[0])
    assert psutil.pid_exists(grandchild)
    getattr(made, by)()
    assert _end(made, qtbot).startswith("Stopped")
    qtbot.waitUntil(lambda: not _is_alive(grandchild), timeout=WAIT)


def _is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _cells(folder: Path) -> bool:
    """Whether a cell has a log: its process is at work."""
    return any(folder.glob("out/cells/*/run.log"))


def _page(studio: Studio) -> TrainPage:
    page = studio.bring("train")
    assert isinstance(page, TrainPage)
    return page


def _use(page: TrainPage, text: str) -> None:
    page.training.reproduction._command = _program(text)


def test_the_panel_opens_by_key_runs_and_opens_the_report(
    opened: Opened, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = _page(opened())
    shown: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: shown.append(url.toLocalFile()))
    assert page.paper.isHidden()
    qtbot.keyClick(page.window().focusWidget(), Qt.Key.Key_P)
    assert page.paper.isVisible()
    qtbot.keyClick(page.window().focusWidget(), Qt.Key.Key_P, Qt.KeyboardModifier.ShiftModifier)
    assert page.paper.state.text().startswith("No folder of corpora is chosen.")
    qtbot.keyClicks(page.paper.corpora, "/corpora")
    qtbot.keyClicks(page.paper.out, str(tmp_path))
    report = protocol.encode(protocol.ReportWritten(str(tmp_path / "r")))
    _use(page, f"import sys; print('8/8 score', file=sys.stderr); print({report!r})")
    page.paper.start.click()
    assert page.paper.stop.isVisible()
    assert not page.paper.corpora.isEnabled()
    qtbot.waitUntil(lambda: page.paper.open_report.isVisible(), timeout=WAIT)
    assert page.paper.log.toPlainText() == "8/8 score"
    assert page.paper.state.text() == "The report is ready."
    page.paper.open_report.click()
    assert shown == [str(tmp_path / "r")]


def test_what_was_asked_is_remembered_in_the_project(opened: Opened, qtbot: QtBot) -> None:
    studio = opened()
    page = _page(studio)
    page.toggle_reproduction()
    qtbot.keyClicks(page.paper.corpora, "/here")
    page.paper.preset.setCurrentIndex(page.paper.preset.findData("strict"))
    page.paper.model.setEditText("/models/mine")
    page.paper.mosei.mode.setCurrentIndex(page.paper.mosei.mode.findData("paper"))
    page.paper.mosei.edited.emit()
    assert studio.desk is not None
    folder = studio.desk.project.folder
    studio.close_project()
    studio.open(folder)
    assert _page(studio).paper.asked == Asked("/here", "", "strict", "/models/mine", "paper", "")


def test_closing_the_project_ends_it(opened: Opened, qtbot: QtBot) -> None:
    studio = opened()
    page = _page(studio)
    _use(page, POLITE)
    made = page.training.reproduction
    made.start(ASKED)
    qtbot.waitUntil(lambda: bool(made.lines), timeout=WAIT)
    leader = made._leader
    studio.close_project()
    assert not _is_alive(leader)


@pytest.mark.slow
def test_the_real_procedure_says_what_is_wrong(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    made = Reproduction()
    made.start(Asked(str(tmp_path / "empty"), str(tmp_path / "out")))
    assert _end(made, qtbot).startswith("No corpus and no audio lies in")
    assert made.failed


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there are no groups")
def test_the_real_procedure_ends_with_all_its_cells(qtbot: QtBot, tmp_path: Path) -> None:
    codes = ("01", "03", "05", "06")
    names = [f"03-01-{e}-01-0{s}-01-{a:02}.wav" for e in codes for s in (1, 2) for a in (1, 2, 3)]
    plant(tmp_path / "RAVDESS", names)
    made = Reproduction()
    made.start(Asked(str(tmp_path / "RAVDESS"), str(tmp_path / "out"), model="tiny-from-scratch"))
    qtbot.waitUntil(lambda: _cells(tmp_path) or not made.at_work, timeout=9 * WAIT)
    assert made.at_work, made.sentence
    family = psutil.Process(made._leader).children(recursive=True)
    assert family
    made.stop()
    assert _end(made, qtbot).startswith("Stopped")
    qtbot.waitUntil(lambda: not any(_is_alive(one.pid) for one in family), timeout=WAIT)
    assert os.listdir(tmp_path / "out" / "cells")  # noqa: PTH208 - a name is enough
