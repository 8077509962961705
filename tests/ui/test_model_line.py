"""The active model in the real window: named in the status bar, changed by key, undone by key."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from stremo_studio.app import Studio
from stremo_studio.domain.run import Run
from stremo_studio.project.changes import Changes
from stremo_studio.project.project import Project
from stremo_studio.ui.model_line import NONE
from stremo_studio.ui.review.page import ReviewPage
from stremo_studio.ui.train.page import TrainPage
from tests.ui.conftest import Opened
from tests.ui.runs import finished_run, labelled_clips

WAIT = 15_000
TwoRuns = Callable[[], tuple[Studio, Run, Run]]


def project(studio: Studio) -> Project:
    assert studio.desk is not None
    return studio.desk.project


@pytest.fixture
def two_runs(opened: Opened) -> TwoRuns:
    """A project with two finished runs, of which each has weights of its own."""

    def open_one() -> tuple[Studio, Run, Run]:
        studio = opened(36, labelled=True)
        told = {clip.id: str(clip.label) for clip in labelled_clips(project(studio))}
        runs = [finished_run(project(studio), told) for _ in range(2)]
        for run in runs:
            weights = project(studio).run_folder(run).checkpoints / "acoustic.safetensors"
            weights.parent.mkdir()
            weights.write_text(run.name)
        project(studio).changes.publish(Changes(runs=True, history=False))
        return studio, *runs

    return open_one


def says(studio: Studio, words: str) -> Callable[[], bool]:
    return lambda: words in studio.window.status.all_text()


def test_without_a_run_the_bar_says_that_there_is_no_model(opened: Opened, qtbot: QtBot) -> None:
    qtbot.waitUntil(says(opened(6), NONE), timeout=WAIT)


def test_y_in_review_promotes_and_undo_takes_it_back(two_runs: TwoRuns, qtbot: QtBot) -> None:
    studio, first, second = two_runs()
    digits = [project(studio).run_folder(run).checkpoint_hash()[:6] for run in (first, second)]
    assert digits[0] != digits[1]
    qtbot.waitUntil(says(studio, f"Active model {first.name}  {digits[0]}"), timeout=WAIT)
    page = studio.bring("review")
    assert isinstance(page, ReviewPage)
    qtbot.waitUntil(lambda: page.reviewed.run_id == second.id, timeout=WAIT)
    assert page.runs.promote.isVisible()
    qtbot.keyClick(studio.window.focusWidget(), Qt.Key.Key_Y)
    qtbot.waitUntil(says(studio, f"Active model {second.name}  {digits[1]}"), timeout=WAIT)
    qtbot.waitUntil(lambda: not page.runs.promote.isVisible(), timeout=WAIT)
    assert page.runs.runs.currentText() == f"{second.name}  ·  active"
    qtbot.keyClick(studio.window.focusWidget(), Qt.Key.Key_Backspace)
    qtbot.waitUntil(says(studio, f"Active model {first.name}"), timeout=WAIT)
    assert page.reviewed.run_id == second.id


def test_the_result_card_promotes_and_keeps(two_runs: TwoRuns, qtbot: QtBot) -> None:
    studio, _, second = two_runs()
    page = studio.bring("train")
    assert isinstance(page, TrainPage)

    def shown(*, active: bool) -> Callable[[], bool]:
        return lambda: page.result.report is not None and page.result.report.active is active

    qtbot.waitUntil(shown(active=False), timeout=WAIT)
    qtbot.keyClick(studio.window.focusWidget(), Qt.Key.Key_Y, Qt.KeyboardModifier.ShiftModifier)
    assert project(studio).undo_sentence == f"Keep the active model, not {second.name}"
    qtbot.waitUntil(lambda: not hasattr(page.result.beside, "keep"), timeout=WAIT)
    qtbot.mouseClick(page.result.beside.promote, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(shown(active=True), timeout=WAIT)
    assert project(studio).undo_sentence == f"Promote {second.name}"
    assert page.runs.chosen is not None
    assert (page.runs.chosen.run, page.runs.chosen.active) == (second, True)
