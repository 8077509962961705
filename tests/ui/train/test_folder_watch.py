"""A run that another studio left at work is watched from its folder."""

import subprocess

import pytest
from pytestqt.qtbot import QtBot

from stremo_studio.ui.train.active_run import ActiveRun, Phase
from tests.ui.conftest import Opened
from tests.ui.runs import fake
from trainer.contract.config import RunConfig
from trainer.contract.run_folder import INTERRUPTED

WAIT = 20_000


@pytest.mark.parametrize(("kill", "status"), [(False, "finished"), (True, INTERRUPTED)])
def test_a_run_at_work_is_found_when_its_project_opens(
    opened: Opened, qtbot: QtBot, kill: bool, status: str
) -> None:
    from stremo_studio.project.training import start_run

    studio = opened(36, labelled=True)
    assert studio.desk is not None
    project = studio.desk.project
    folder = project.folder
    run = start_run(project, RunConfig())
    command = [*fake("normal", 3.0), "run", str(project.run_folder(run).path), "--studio"]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    try:
        qtbot.waitUntil(project.run_folder(run).is_held, timeout=WAIT)
        studio.close_project()
        studio.open(folder)
        assert studio.training is not None
        active = studio.training.active
        assert active.at_work
        assert not active.can_be_stopped
        assert not active.is_ours
        qtbot.waitUntil(lambda: bool(active.progress.steps), timeout=WAIT)
        if kill:
            child.kill()
        qtbot.waitUntil(lambda: active.phase is Phase.ENDED, timeout=WAIT)
        assert active.ending is not None
        assert active.ending.status == status
    finally:
        child.kill()
        child.communicate()


def test_an_interrupted_run_is_not_taken_for_one_at_work(opened: Opened) -> None:
    from stremo_studio.project.training import start_run

    studio = opened(36, labelled=True)
    assert studio.desk is not None
    project = studio.desk.project
    folder = project.run_folder(start_run(project, RunConfig()))
    folder.log_file.write_text("It began.\n")
    active = ActiveRun(project)
    assert active.status(project.runs()[0]) == INTERRUPTED
