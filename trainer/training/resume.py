"""States that a killed training goes on from: the last two, each one file, each written whole.

A file holds tensors (weights, optimiser, random states); its header holds, as JSON, everything
else and a checksum. A damaged one is passed over for the one before it.
"""

import json
import os
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from trainer.faults import system_errors
from trainer.recipes.recipe import RunContext

FORMAT = 2
"""Counted up when what a state holds changes: older states are not used then."""
LONGEST_GAP_S = 600.0
"""Within a long epoch a state is saved this often: an hour of a large model is much to lose."""
LARGEST_SHARE = 0.1
"""Of the time that may go into saving. A tiny model is saved after every epoch; one of 3.8 GB
with epochs of seconds is not."""
_KEPT = 2


@dataclass(frozen=True, slots=True)
class State:
    """A training at rest between two steps. `values` can be written as JSON."""

    tensors: Mapping[str, torch.Tensor]
    values: Mapping[str, Any]


class ResumePoints:
    """The states of one run, saved at a pace that costs little and never at the run's expense."""

    def __init__(self, run: RunContext) -> None:
        self._folder, self._reporter = run.folder, run.reporter
        self._saved_at, self._cost = time.monotonic(), 0.0
        self._failed = False

    def due(self, *, epoch_over: bool) -> bool:
        """Whether it is time to save: at the end of an epoch, or well into a long one."""
        since = time.monotonic() - self._saved_at
        return self._cost <= since * LARGEST_SHARE and (epoch_over or since >= LONGEST_GAP_S)

    def save(self, state: State) -> None:
        """Add a state and drop the oldest. Where the disk does not take it, the one before it
        stays, a warning says so, and the training goes on."""
        if not self._folder.path.exists():
            return
        began = time.monotonic()
        try:
            self._write(state)
            self._drop_after(_KEPT)
            self._failed = False
        except OSError as error:
            self._drop_after(1)  # room for the next attempt
            earlier = self._folder.resume_points()
            onward = "be resumed from an earlier step" if earlier else "start over"
            if not self._failed:
                self._failed = True
                self._reporter.warn(
                    f"The state of the training could not be saved: {error.strerror or error}.",
                    f"It goes on. Interrupted, it would {onward}.",
                )
        finally:
            rmtree(self._aside, ignore_errors=True)
            self._saved_at = time.monotonic()
            self._cost = self._saved_at - began

    def load(self, fits: Callable[[State], bool]) -> State | None:
        """The newest state that is whole and `fits`; says so when it has to pass one over.
        Metrics recorded after it are taken back: they come again."""
        found = None
        for point in self._folder.resume_points():
            try:
                found = _read(point, fits)
                break
            except (OSError, SafetensorError, ValueError, KeyError, TypeError) as error:
                point.unlink(missing_ok=True)
                self._reporter.warn(
                    f"A saved state of the training cannot be used ({error}).",
                    "The run goes on from the one before it, or from the start.",
                )
        self._reporter.rewind(found.values["metrics"] if found else 0)
        return found

    def make_room(self) -> bool:
        """Give up all states for something that matters more; whether there were any."""
        if not self._folder.resume_points():
            return False
        rmtree(self._folder.resume_folder, ignore_errors=True)
        self._reporter.warn(
            "The disk is full: the saved state of the training made room for the best model.",
            "Free some space: until the next save, an interrupted run would start over.",
        )
        return True

    @property
    def _aside(self) -> Path:
        """A folder, because safetensors writes through a file of a name of its own."""
        return self._folder.resume_folder / "saving"

    def _write(self, state: State) -> None:
        earlier = self._folder.resume_points()
        number = int(earlier[0].stem.rpartition("-")[2]) + 1 if earlier else 1
        values = {**state.values, "format": FORMAT, "metrics": self._reporter.recorded()}
        tensors = {name: t.detach().cpu().contiguous() for name, t in state.tensors.items()}
        text = json.dumps(values)
        self._aside.mkdir(parents=True, exist_ok=True)
        aside = self._aside / "state.safetensors"
        header = {"values": text, "checksum": str(_checksum(tensors, text))}
        with system_errors():
            save_file(tensors, aside, header)
        with aside.open("rb+") as file:
            os.fsync(file.fileno())
        aside.replace(self._folder.resume_point(number))

    def _drop_after(self, count: int) -> None:
        for point in self._folder.resume_points()[count:]:
            point.unlink(missing_ok=True)


def _read(point: Path, fits: Callable[[State], bool]) -> State:
    with safe_open(point, framework="pt") as file:
        header = file.metadata()
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    if int(header["checksum"]) != _checksum(tensors, header["values"]):
        raise ValueError("its checksum is wrong")
    values = json.loads(header["values"])
    if values["format"] != FORMAT:
        raise ValueError(f"format {values['format']} is unknown")
    state = State(tensors, values)
    if not fits(state):
        raise ValueError("it belongs to another model")
    return state


def _checksum(tensors: Mapping[str, torch.Tensor], text: str) -> int:
    found = zlib.crc32(text.encode())
    for name in sorted(tensors):
        found = zlib.crc32(tensors[name].reshape(-1).view(torch.uint8).numpy().data, found)
    return found
