"""Cells that really run: taken up again, run once, and named when they fail."""

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from tests.trainer.voices import voices
from trainer.contract.config import AcousticConfig, RunConfig, SplitConfig
from trainer.contract.errors import TrainerError
from trainer.contract.labels import NEGATIVE
from trainer.contract.run_folder import RunFolder
from trainer.procedure import cells as procedure_cells
from trainer.procedure.cells import Cell, result_of, run_cells

pytestmark = pytest.mark.slow


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
    run_cells([first], tmp_path / "cells", tmp_path / "cache", said.append)
    before = _times([first], tmp_path / "cells")
    run_cells([first, second], tmp_path / "cells", tmp_path / "cache", said.append)
    assert _times([first], tmp_path / "cells") == before
    assert result_of(second, tmp_path / "cells") is not None
    assert "1 of 2 cells are there already" in said


def test_two_devices_share_the_cells_between_two_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shares: dict[str | None, int] = {}
    start = procedure_cells._child

    def counted(paths: Sequence[Path], device: str | None) -> Iterator[str]:
        shares[device] = len(paths)
        return start(paths, device)

    monkeypatch.setattr(procedure_cells, "_devices", lambda: ["0", "1"])
    monkeypatch.setattr(procedure_cells, "_child", counted)
    cells = _cells(tmp_path)
    run_cells(cells, tmp_path / "cells", tmp_path / "cache", lambda line: None)
    assert shares == {"0": 1, "1": 1}
    assert all(result_of(cell, tmp_path / "cells") for cell in cells)


def test_cells_that_ask_for_the_same_run_once(tmp_path: Path) -> None:
    first, second = _cells(tmp_path)
    twin = replace(first, name="balanced, where nothing had to be left out")
    said: list[str] = []
    run_cells([first, twin, second], tmp_path / "cells", tmp_path / "cache", said.append)
    assert said[-1] == "2 of 2 done"
    assert result_of(twin, tmp_path / "cells") is not None


def test_a_killed_worker_is_named_and_taken_up_again(tmp_path: Path) -> None:
    cells = _cells(tmp_path)
    folder = tmp_path / "cells"
    run = RunFolder(folder / cells[0].address)

    def kill_it_at_work() -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if run.log_file.exists():
                for child in psutil.Process().children():
                    child.kill()
                return
            threading.Event().wait(0.005)

    killer = threading.Thread(target=kill_it_at_work)
    killer.start()
    with pytest.raises(TrainerError, match="seed 1: the trainer ended without a result"):
        run_cells(cells, folder, tmp_path / "cache", lambda line: None)
    killer.join()
    run_cells(cells, folder, tmp_path / "cache", lambda line: None)
    assert all(result_of(cell, folder) for cell in cells)


def test_a_failing_cell_says_why_and_may_be_tried_again(tmp_path: Path) -> None:
    clips = tuple(clip for clip in voices(tmp_path / "voices") if clip.label == NEGATIVE)
    cell = Cell("one class only", RunConfig("acoustic"), clips)
    for _ in range(2):
        with pytest.raises(TrainerError, match="one class only: The labelled clips are all neg"):
            run_cells([cell], tmp_path / "cells", tmp_path / "cache", lambda line: None)
