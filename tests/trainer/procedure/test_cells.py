"""Cells that really run: taken up again, run once, and named when they fail."""

import threading
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from tests.trainer.backends.one_node import wait_until
from tests.trainer.voices import voices
from trainer.backends.local import ATTEMPTS, LocalProcesses
from trainer.contract.config import AcousticConfig, RunConfig, SplitConfig
from trainer.contract.errors import TrainerError
from trainer.contract.labels import NEGATIVE
from trainer.contract.run_folder import RunFolder
from trainer.procedure.cells import Cell, result_of, run_cells

pytestmark = pytest.mark.slow
HERE = LocalProcesses(print, devices=[None])


def _cells(folder: Path) -> list[Cell]:
    clips = tuple(voices(folder / "voices"))
    config = RunConfig(
        "acoustic", split=SplitConfig(0.34, 0.25), acoustic=AcousticConfig(strengths=(0.1,))
    )
    return [Cell(f"seed {seed}", replace(config, seed=seed), clips) for seed in (1, 2)]


def _times(cells: list[Cell], folder: Path) -> list[int]:
    return [RunFolder(folder / c.address).result_file.stat().st_mtime_ns for c in cells]


def test_only_missing_cells_run(tmp_path: Path) -> None:
    first, second = _cells(tmp_path)
    said: list[str] = []
    run_cells([first], tmp_path / "cells", tmp_path / "cache", HERE, said.append)
    before = _times([first], tmp_path / "cells")
    run_cells([first, second], tmp_path / "cells", tmp_path / "cache", HERE, said.append)
    assert _times([first], tmp_path / "cells") == before
    assert result_of(second, tmp_path / "cells") is not None
    assert "1 of 2 cells are there already" in said


def test_two_processes_share_the_cells(tmp_path: Path) -> None:
    cells = _cells(tmp_path)
    backend = LocalProcesses(print, devices=[None, None])
    run_cells(cells, tmp_path / "cells", tmp_path / "cache", backend, print)
    logs = [RunFolder(tmp_path / "cells" / cell.address).log_file for cell in cells]
    first, second = (log.read_text(encoding="utf-8").splitlines() for log in logs)
    assert first[0][:19] < second[-1][:19]  # the one began before the other was over,
    assert second[0][:19] < first[-1][:19]  # each in a process of its own


def test_cells_that_ask_for_the_same_run_once(tmp_path: Path) -> None:
    first, second = _cells(tmp_path)
    twin = replace(first, name="balanced, where nothing had to be left out")
    said: list[str] = []
    run_cells([first, twin, second], tmp_path / "cells", tmp_path / "cache", HERE, said.append)
    assert said[-1] == "2 of 2 done"
    assert result_of(twin, tmp_path / "cells") is not None


def _kill_at_work(run: RunFolder, times: int) -> None:
    """Kill the process that works on this run, and as often the one that takes its place."""
    for _ in range(times):
        wait_until(lambda: run.log_file.exists() and run.is_held(), "somebody is at work")
        for child in psutil.Process().children():
            child.kill()
        wait_until(lambda: not run.is_held(), "it is dead")


def test_a_killed_worker_is_replaced_and_a_cell_that_kills_them_is_given_up(
    tmp_path: Path,
) -> None:
    cells, said = _cells(tmp_path), list[str]()
    folder = tmp_path / "cells"
    deadly = RunFolder(folder / cells[0].address)
    killer = threading.Thread(target=_kill_at_work, args=(deadly, ATTEMPTS))
    killer.start()
    backend = LocalProcesses(said.append, devices=[None])
    with pytest.raises(TrainerError, match="seed 1: the trainer was killed 2 times"):
        run_cells(cells, folder, tmp_path / "cache", backend, said.append)
    killer.join()
    assert said.count("A trainer was killed (signal 9); another takes its place") == 2
    assert result_of(cells[1], folder) is not None  # the other one had its turn


def test_a_failing_cell_says_why_and_may_be_tried_again(tmp_path: Path) -> None:
    clips = tuple(clip for clip in voices(tmp_path / "voices") if clip.label == NEGATIVE)
    cell = Cell("one class only", RunConfig("acoustic"), clips)
    for _ in range(2):
        with pytest.raises(TrainerError, match="one class only: The labelled clips are all neg"):
            run_cells([cell], tmp_path / "cells", tmp_path / "cache", HERE, print)
