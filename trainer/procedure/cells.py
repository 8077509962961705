"""The grid as cells: one run folder for each thing to fit, named by what it is asked to do.

The name is the hash of configuration and manifest. So a procedure can be stopped at any time and
started again: cells with a result are taken as they are, the others run, and adding a learning
rate runs only the new ones. A trainer process works through them, one process for each GPU.
"""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from shutil import rmtree
from typing import Any

from trainer.contract import protocol
from trainer.contract.config import RunConfig
from trainer.contract.errors import TrainerError
from trainer.contract.manifest import ManifestClip, manifest_hash
from trainer.contract.run_folder import FAILED, FINISHED, RunFolder

Say = Callable[[str], None]


@dataclass(frozen=True)
class Cell:
    """One fit. `name` says it to people, e.g. `learning rate 1e-05, fold 2`."""

    name: str
    config: RunConfig
    clips: tuple[ManifestClip, ...]

    @cached_property
    def address(self) -> str:
        """Sixteen hexadecimal digits; where the cache lies does not change what is computed."""
        asked = replace(self.config, cache=None, name="").to_json()
        text = json.dumps(asked, sort_keys=True) + manifest_hash(self.clips)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def run_cells(cells: Sequence[Cell], folder: Path, cache: Path, say: Say) -> None:
    """Run the cells that have no result yet. Raises TrainerError for the first that fails.

    Cells that ask for the same run once: balancing changes nothing where classes are equal.
    """
    cells = list({cell.address: cell for cell in cells}.values())
    missing = [cell for cell in cells if result_of(cell, folder) is None]
    if len(missing) < len(cells):
        say(f"{len(cells) - len(missing)} of {len(cells)} cells are there already")
    for cell in missing:
        _prepare(cell, RunFolder(folder / cell.address), cache)
    devices = _devices() if missing else []
    with ThreadPoolExecutor(max(1, len(devices))) as pool:
        waiting = [
            pool.submit(_work_through, missing[i :: len(devices)], folder, device, say)
            for i, device in enumerate(devices)
        ]
        for done in as_completed(waiting):
            done.result()


def result_of(cell: Cell, folder: Path) -> dict[str, Any] | None:
    """The record of a finished cell; None where it still has to run."""
    result = RunFolder(folder / cell.address).read_result()
    return result if result is not None and result["status"] == FINISHED else None


def _prepare(cell: Cell, folder: RunFolder, cache: Path) -> None:
    """A cell that failed or was cancelled before starts anew; an interrupted one is taken up."""
    if folder.result_file.exists() or not folder.config_file.exists():
        rmtree(folder.path, ignore_errors=True)
        config = replace(cell.config, cache=str(cache), name=cell.name)
        folder.create(config, list(cell.clips))


def _work_through(cells: Sequence[Cell], folder: Path, device: str | None, say: Say) -> None:
    """One process for many cells: importing torch and transformers takes seconds."""
    waiting = list(cells)
    for line in _child([folder / cell.address for cell in cells], device):
        event = protocol.decode(line)
        if isinstance(event, protocol.RunFinished | protocol.RunFailed) and waiting:
            _require_result(waiting.pop(0), folder)
            say(f"{len(cells) - len(waiting)} of {len(cells)} done")
        elif event is not None and waiting:
            _tell(waiting[0], event, say)
    for cell in waiting:
        _require_result(cell, folder)


def _require_result(cell: Cell, folder: Path) -> None:
    run = RunFolder(folder / cell.address)
    result = run.read_result()
    if result is None or result["status"] != FINISHED:
        error = (result or {}).get("error") or {}
        raise TrainerError(
            f"{cell.name}: {error.get('message', 'the trainer ended without a result.')}",
            error.get("hint") or f"See {run.log_file}, then start again: nothing is lost.",
            error.get("code", FAILED),
        )


def _child(paths: Sequence[Path], device: str | None) -> Iterator[str]:
    """Event lines of a trainer process, which ends with this one: its standard input closes."""
    environment = dict(os.environ)
    if device is not None:
        environment["CUDA_VISIBLE_DEVICES"] = device
    frozen = getattr(sys, "frozen", False)
    program = [sys.executable, "--trainer"] if frozen else [sys.executable, "-m", "trainer"]
    with subprocess.Popen(
        [*program, "cells", *map(str, paths)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        text=True,
        encoding="utf-8",
        errors="replace",
    ) as child:
        assert child.stdout is not None
        yield from child.stdout


def _tell(cell: Cell, event: protocol.Message, say: Say) -> None:
    if isinstance(event, protocol.EpochFinished):
        score = f"dev macro F1 {event.dev_macro_f1:.3f}"
        say(f"{cell.name}: epoch {event.epoch}/{event.epochs}, {score}")
    elif isinstance(event, protocol.Warned):
        say(f"{cell.name}: {event.message}")


def _devices() -> Sequence[str | None]:
    """One cell for each GPU, or one on the CPU."""
    import torch  # noqa: PLC0415 - seconds; only cells need it

    return [str(i) for i in range(torch.cuda.device_count())] or [None]
