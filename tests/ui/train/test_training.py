"""Training in the real window, with a real child process."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from stremo_studio.app import Studio
from stremo_studio.domain.annotation import Answer
from stremo_studio.project.changes import Changes
from stremo_studio.project.commands import LabelClips
from stremo_studio.project.training import start_run
from stremo_studio.ui import run_process
from stremo_studio.ui.run_process import Patience
from stremo_studio.ui.train import active_run
from stremo_studio.ui.train.active_run import Phase
from stremo_studio.ui.train.page import TrainPage
from stremo_studio.ui.train.training import Training
from tests.ui.conftest import Opened
from tests.ui.runs import fake, labelled_clips
from trainer.contract.config import RunConfig
from trainer.contract.run_folder import FINISHED, INTERRUPTED, RUNNING

CTRL = Qt.KeyboardModifier.ControlModifier
WAIT = 20_000
Scripted = Callable[..., Studio]


@pytest.fixture
def scripted(opened: Opened, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> Iterator[Scripted]:
    """Opens a project of 36 labelled clips whose trainer follows a script."""
    used: list[Studio] = []

    def open_one(script: str, seconds: float = 0.6, *, labelled: bool = True) -> Studio:
        monkeypatch.setattr(run_process, "trainer_command", lambda: fake(script, seconds))
        patience = Patience(0.6, 0.3, 30.0, 0.3, 0.5)
        monkeypatch.setattr(active_run, "Patience", lambda: patience)
        studio = opened(36, labelled=labelled)
        used.append(studio)
        qtbot.waitUntil(lambda: training(studio).readiness.value is not None, timeout=WAIT)
        return studio

    yield open_one
    for studio in used:
        studio.close_project()  # ends a run at work; closing the window would ask


def training(studio: Studio) -> Training:
    assert studio.training is not None
    return studio.training


def press(qtbot: QtBot, studio: Studio, key: Qt.Key) -> None:
    qtbot.keyClick(studio.window.focusWidget() or studio.window, key, CTRL)


def page(studio: Studio) -> TrainPage:
    found = studio.bring("train")
    assert isinstance(found, TrainPage)
    return found


def reach(qtbot: QtBot, studio: Studio, phase: Phase) -> None:
    qtbot.waitUntil(lambda: training(studio).active.phase is phase, timeout=WAIT)


def test_the_button_says_where_the_run_stands(scripted: Scripted, qtbot: QtBot) -> None:
    studio = scripted("normal")
    button = training(studio).button
    assert button.text() == "Train (36 labelled)  Ctrl+R"
    said: list[str] = []
    training(studio).active.changed.connect(lambda: said.append(button.text()))
    press(qtbot, studio, Qt.Key.Key_R)
    assert button.text() == "Starting…"
    reach(qtbot, studio, Phase.ENDED)
    assert "Running 2/3" in said
    assert button.text() == "Result ready"
    press(qtbot, studio, Qt.Key.Key_R)
    assert studio.window.workspace == "train"
    qtbot.waitUntil(lambda: button.text() == "Retrain  Ctrl+R", timeout=WAIT)


def test_a_second_press_while_it_runs_starts_nothing(scripted: Scripted, qtbot: QtBot) -> None:
    studio = scripted("normal", 20)
    press(qtbot, studio, Qt.Key.Key_R)
    reach(qtbot, studio, Phase.RUNNING)
    press(qtbot, studio, Qt.Key.Key_R)
    assert studio.window.workspace == "train"
    assert studio.desk is not None
    assert len(studio.desk.project.runs()) == 1


def test_labelling_goes_on_while_it_runs_and_counts_for_the_next(
    scripted: Scripted, qtbot: QtBot
) -> None:
    studio = scripted("normal", 1.5)
    press(qtbot, studio, Qt.Key.Key_R)
    reach(qtbot, studio, Phase.RUNNING)
    assert studio.desk is not None
    clip = next(c for c in labelled_clips(studio.desk.project) if c.label == "negative")
    studio.desk.project.do(LabelClips((clip.id,), Answer("positive")))
    reach(qtbot, studio, Phase.ENDED)
    training(studio).active.acknowledge()
    qtbot.waitUntil(lambda: "1 fixed" in training(studio).button.text(), timeout=WAIT)


def test_while_it_runs_the_page_shows_curves_matrix_and_note(
    scripted: Scripted, qtbot: QtBot
) -> None:
    studio = scripted("normal", 2.0)
    shown = page(studio)
    press(qtbot, studio, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: bool(training(studio).active.progress.epochs), timeout=WAIT)
    counts = shown.live.matrix.cell("negative", "negative").count
    assert counts == training(studio).active.progress.epochs[-1].dev_confusion[0][0]
    assert "fake" in shown.live._note.text()
    assert not shown.live._note.isHidden()
    assert shown.runs.chosen is not None
    assert shown.runs.chosen.status == RUNNING
    reach(qtbot, studio, Phase.ENDED)


def test_the_result_stands_beside_chance_and_the_active_model(
    scripted: Scripted, qtbot: QtBot
) -> None:
    studio = scripted("normal", 0.3)
    shown = page(studio)
    for _ in range(2):
        training(studio).start()
        reach(qtbot, studio, Phase.ENDED)
        training(studio).active.acknowledge()
    qtbot.waitUntil(
        lambda: shown.result.report is not None and shown.result.report.comparison is not None,
        timeout=WAIT,
    )
    report = shown.result.report
    assert report is not None
    assert report.comparison is not None
    assert report.comparison.same_test_set
    assert report.comparison.fixed == report.comparison.broke == ()
    assert 0 < report.baseline < 0.5
    assert "95 %" in shown.result.accessibleDescription()


def test_stopping_is_acknowledged_at_once_and_keeps_the_best(
    scripted: Scripted, qtbot: QtBot
) -> None:
    studio = scripted("normal", 6)
    press(qtbot, studio, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: bool(training(studio).active.progress.steps), timeout=WAIT)
    training(studio).bar.stop.click()
    assert "Stopping after this step" in training(studio).bar.text
    reach(qtbot, studio, Phase.ENDED)
    ending = training(studio).active.ending
    assert ending is not None
    assert ending.status == "stopped", "\n".join(ending.log)


def test_a_trainer_that_dies_leaves_an_interrupted_run_and_changes_nothing_else(
    scripted: Scripted, qtbot: QtBot
) -> None:
    studio = scripted("dies")
    assert studio.desk is not None
    project = studio.desk.project
    before = (labelled_clips(project), project.counts(), project.undo_sentence)
    shown = page(studio)
    press(qtbot, studio, Qt.Key.Key_R)
    reach(qtbot, studio, Phase.ENDED)
    qtbot.waitUntil(lambda: "signal 9" in training(studio).bar.text, timeout=WAIT)
    assert training(studio).button.text() == "Run ended: see why"
    assert (labelled_clips(project), project.counts(), project.undo_sentence) == before
    qtbot.waitUntil(lambda: not shown.ending.isHidden(), timeout=WAIT)
    assert shown.runs.chosen is not None
    assert shown.runs.chosen.status == INTERRUPTED


def test_an_interrupted_run_starts_over_in_its_own_folder(
    scripted: Scripted, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = scripted("dies")
    shown = page(studio)
    press(qtbot, studio, Qt.Key.Key_R)
    reach(qtbot, studio, Phase.ENDED)
    qtbot.waitUntil(lambda: not shown.ending.isHidden(), timeout=WAIT)
    monkeypatch.setattr(run_process, "trainer_command", lambda: fake("normal", 0.3))
    assert shown.ending.again.text() == "Run again"
    shown.ending.again.click()
    qtbot.waitUntil(
        lambda: (
            training(studio).active.ending is not None
            and training(studio).active.ending.status == FINISHED
        ),
        timeout=WAIT,
    )
    assert studio.desk is not None
    assert len(studio.desk.project.runs()) == 1


def test_a_run_that_left_a_state_is_offered_to_be_resumed(scripted: Scripted, qtbot: QtBot) -> None:
    studio = scripted("normal")
    assert studio.desk is not None
    project = studio.desk.project
    folder = project.run_folder(start_run(project, RunConfig("finetune")))
    folder.log_file.touch()
    folder.resume_folder.mkdir(parents=True)
    folder.resume_point(1).touch()
    shown = page(studio)
    project.changes.publish(Changes(runs=True, history=False))
    qtbot.waitUntil(lambda: not shown.ending.isHidden(), timeout=WAIT)
    assert shown.ending.again.text() == "Resume"
    assert "goes on where it was" in shown.ending.text


def test_a_deaf_trainer_is_noticed_and_can_be_stopped_by_force(
    scripted: Scripted, qtbot: QtBot
) -> None:
    studio = scripted("stubborn")
    bar = training(studio).bar
    press(qtbot, studio, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: "no sign of life" in bar.text, timeout=WAIT)
    assert bar.force.isHidden()
    bar.cancel.click()
    assert "Cancelling after this step" in bar.text
    qtbot.waitUntil(lambda: not bar.force.isHidden(), timeout=WAIT)
    bar.force.click()
    reach(qtbot, studio, Phase.ENDED)
    assert "by force" in bar.text


def test_a_project_with_too_few_labels_blocks_and_says_why(
    scripted: Scripted, qtbot: QtBot
) -> None:
    studio = scripted("normal", labelled=False)
    assert training(studio).button.text().startswith("Blocked: no class has 10")
    press(qtbot, studio, Qt.Key.Key_R)
    assert studio.window.workspace == "train"
    assert next(kind for kind, _ in page(studio).preflight.lines) == "red"
    assert studio.desk is not None
    assert studio.desk.project.runs() == []


def test_a_broken_run_folder_is_one_sentence(scripted: Scripted, qtbot: QtBot) -> None:
    studio = scripted("normal", 0.3)
    press(qtbot, studio, Qt.Key.Key_R)
    reach(qtbot, studio, Phase.ENDED)
    folder = training(studio).active.folder
    assert folder is not None
    folder.result_file.write_text("{ not json")
    folder.config_file.write_text("neither")
    shown = page(studio)
    shown._list_runs()
    qtbot.waitUntil(lambda: not shown.ending.isHidden(), timeout=WAIT)
    assert "config.json cannot be read" in shown.ending.text


@pytest.mark.parametrize(
    ("choice", "leaves"), [("Quit and end the run", True), ("Keep working", False)]
)
def test_quitting_while_a_run_is_at_work_asks_first(
    scripted: Scripted, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, choice: str, leaves: bool
) -> None:
    studio = scripted("normal", 20)
    assert training(studio).may_leave(studio.window)
    press(qtbot, studio, Qt.Key.Key_R)
    reach(qtbot, studio, Phase.RUNNING)
    monkeypatch.setattr(QMessageBox, "exec", partial(_click, choice))
    assert training(studio).may_leave(studio.window) is leaves


def _click(choice: str) -> int:
    """In place of `QMessageBox.exec`: press the button with that text."""
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, QMessageBox):
            next(b for b in widget.buttons() if b.text() == choice).click()
    return 0


def test_what_was_chosen_to_train_is_remembered_and_reset_by_an_arrow(
    scripted: Scripted, qtbot: QtBot
) -> None:
    studio = scripted("normal")
    form = page(studio).form
    form._recipes["finetune"].click()
    row = next(r for r in form._rows if r.setting.place == ("finetune", "epochs"))
    row.field.setValue(7)  # type: ignore[attr-defined]
    assert not row.reset.isHidden()
    assert training(studio).config.finetune.epochs == 7
    assert studio.desk is not None
    folder = studio.desk.project.folder
    studio.close_project()
    studio.open(folder)
    assert (training(studio).config.recipe, training(studio).config.finetune.epochs) == (
        "finetune", 7,
    )  # fmt: skip
    again = next(r for r in page(studio).form._rows if r.setting.place == row.setting.place)
    again.reset.click()
    assert training(studio).config.finetune.epochs == 10
    assert again.reset.isHidden()


def test_one_model_is_chosen_for_probe_and_fine_tuning_and_stands_under_the_recipe(
    scripted: Scripted,
) -> None:
    studio = scripted("normal")
    form = page(studio).form
    assert form._model_box.isHidden()
    form._recipes["probe"].click()
    assert not form._model_box.isHidden()
    under_probe = form._column.indexOf(form._model_box)
    assert under_probe < form._column.indexOf(form._recipes["finetune"])
    form._model.setEditText("some/hubert")
    assert training(studio).config.probe.model == "some/hubert"
    form._recipes["finetune"].click()
    assert form._column.indexOf(form._model_box) > under_probe
    assert training(studio).config.model == form._model.currentText() == "some/hubert"
    assert all(not row.isHidden() for row in form._rows)


def test_the_preflight_says_how_long_the_run_will_take(scripted: Scripted) -> None:
    studio = scripted("normal")
    good = [sentence for kind, sentence in page(studio).preflight.lines if kind == "good"]
    assert good[-1] == "Takes a few seconds on this computer."
