"""The grid as cells: one run folder for each thing to fit, named by what it is asked to do.

The name is the hash of configuration and manifest. So a procedure can be stopped at any time and
started again: cells with a result are taken as they are, the others run, and adding a learning
rate runs only the new ones. Where they run is the back-end's affair (`trainer.backends`).
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from shutil import rmtree
from typing import Any

from trainer.backends.backend import Backend, Say
from trainer.backends.watch import finish
from trainer.contract.config import RunConfig
from trainer.contract.manifest import ManifestClip, manifest_hash
from trainer.contract.run_folder import FINISHED, RunFolder


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


def run_cells(cells: Sequence[Cell], folder: Path, cache: Path, backend: Backend, say: Say) -> None:
    """Run the cells that have no result yet. Raises TrainerError for the first that fails.

    Cells that ask for the same run once: balancing changes nothing where classes are equal.
    """
    cells = list({cell.address: cell for cell in cells}.values())
    missing = [cell for cell in cells if result_of(cell, folder) is None]
    if len(missing) < len(cells):
        say(f"{len(cells) - len(missing)} of {len(cells)} cells are there already")
    for cell in missing:
        _prepare(cell, RunFolder(folder / cell.address), cache)
    finish({folder / cell.address: cell.name for cell in missing}, backend, say)


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
