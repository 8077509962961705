"""What a progress bar is told about the cells of a stage."""

import json
from pathlib import Path

from tests.trainer.voices import voices
from trainer.contract.config import RunConfig
from trainer.contract.protocol import ReportWritten, StageProgressed
from trainer.contract.run_folder import FINISHED, RunFolder
from trainer.procedure.cells import Cell
from trainer.procedure.stages import CellCount


def _finish(cell: Cell, folder: Path) -> None:
    path = RunFolder(folder / cell.address).result_file
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"status": FINISHED}))


def test_cells_count_as_done_by_their_folders(tmp_path: Path) -> None:
    clips = tuple(voices(tmp_path / "voices"))
    cells = [Cell(f"seed {seed}", RunConfig("acoustic", seed=seed), clips) for seed in (1, 2, 3)]
    _finish(cells[0], tmp_path)
    said: list[str] = []
    told: list[StageProgressed | ReportWritten] = []
    count = CellCount("Retrain", [*cells, cells[0]], tmp_path, said.append, told.append)
    assert told == [StageProgressed("Retrain", 1, 3, "cells", None)]
    _finish(cells[1], tmp_path)
    count.say("epoch 1/1")
    assert said == ["epoch 1/1"]
    last = told[-1]
    assert isinstance(last, StageProgressed)
    assert (last.done, last.total) == (2, 3)
    assert last.eta_s is not None
    assert last.eta_s > 0
