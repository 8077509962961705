"""A studio killed at any moment loses no label that it has said to be saved.

`STREMO_KILLS=200 pytest tests/project/test_kill.py` kills it as often as one likes.
"""

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from stremo_studio.domain.annotation import Answer
from stremo_studio.domain.clip import Clip
from stremo_studio.project.commands import LabelClips
from stremo_studio.project.project import Project
from tests.builders import all_clips, project_with_clips
from tests.project import labeller

KILLS = int(os.environ.get("STREMO_KILLS", "20"))
_LATEST_S = 0.15
"""Killed at a random moment up to here after the first saved step: some fifty steps."""


def _kill_a_labeller(folder: Path, after: float) -> int:
    """How many steps it said to be saved before it was killed."""
    command = [sys.executable, "-m", "tests.project.labeller", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        saved = process.stdout.readline()
        try:
            process.wait(timeout=after)
        except subprocess.TimeoutExpired:
            process.kill()
        lines = [saved, *process.stdout.read().splitlines(keepends=True)]
    assert process.returncode == -9, "the labeller must not end by itself"
    return int([line for line in lines if line.endswith("\n")][-1])


def _state(project: Project) -> list[Clip]:
    return project.clips(all_clips(project))


@pytest.mark.slow
@pytest.mark.timeout(60 + 3 * KILLS)
@pytest.mark.skipif(sys.platform == "win32", reason="return codes of a kill differ")
def test_no_saved_label_is_lost_at_any_moment(tmp_path: Path) -> None:
    fresh = tmp_path / "fresh"
    project_with_clips(fresh, labeller.CLIPS).close()
    rng = random.Random()
    for trial in range(KILLS):
        folder = tmp_path / f"killed-{trial}"
        shutil.copytree(fresh, folder)
        saved = _kill_a_labeller(folder, rng.uniform(0, _LATEST_S))
        expected = _replay(shutil.copytree(fresh, tmp_path / f"replay-{trial}"), saved)

        project = Project.open(folder)
        # one step more may have been saved and not yet said
        assert _state(project) in expected
        _check_that_work_goes_on(project)
        project.close()


def _replay(folder: Path, steps: int) -> list[list[Clip]]:
    """What should be there after so many steps, and after one more."""
    project = Project.open(folder)
    for number in range(steps):
        labeller.take_step(project, number)
    states = [_state(project)]
    labeller.take_step(project, steps)
    states.append(_state(project))
    project.close()
    return states


def _check_that_work_goes_on(project: Project) -> None:
    before = _state(project)
    clip = before[0].id
    project.do(LabelClips((clip,), Answer("positive", "excitement")))
    assert project.clips([clip])[0].emotion == "excitement"
    project.undo()
    assert _state(project) == before
    while project.undo_sentence != f"Import {labeller.CLIPS} clips of made":
        project.undo()
    assert all(c.label is None and not c.flagged for c in _state(project))
    assert project.database.value("PRAGMA integrity_check") == "ok"
