"""`stremo-trainer reproduce`: the procedure with a line for each thing that happens."""

import os
import threading
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from trainer.backends.backend import Backend
from trainer.backends.options import say
from trainer.contract import protocol
from trainer.contract.errors import TrainerError
from trainer.procedure.grid import Plan
from trainer.procedure.mosei import Cleaning
from trainer.procedure.preset import load_preset
from trainer.procedure.reproduce import reproduce
from trainer.procedure.stages import nobody
from trainer.training.wishes import stdin_bytes

_PATIENCE = 3
INTERRUPTED = 4
"""Exit code: to be run again."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What to reproduce, from what, and where to; no model is the preset's."""

    corpora: Path
    preset: str
    model: str | None
    out: Path
    epochs: int


def reproduce_paper(asked: Asked, mosei: Cleaning, backend: Backend, studio: bool = False) -> int:
    """Run the procedure and name the report: as the last line of standard output or, for the
    studio, as the last of the events there. Returns the exit code; raises TrainerError."""
    if asked.epochs < 1:
        raise TrainerError(
            f"{asked.epochs} epochs are too few.", "Give --epochs a number from 1 on."
        )
    preset, out = load_preset(asked.preset), asked.out
    plan = Plan(preset, asked.model or preset.model, asked.epochs, _PATIENCE)
    tell = _tell if studio else nobody
    try:
        out.mkdir(parents=True, exist_ok=True)
        with FileLock(out / "reproduce.lock", timeout=0):
            report = reproduce(asked.corpora, plan, out, backend, say, mosei, tell)
    except Timeout as error:
        raise TrainerError(
            f"Another reproduction is at work in {out}.", "Wait for it, or choose another folder."
        ) from error
    except OSError as error:
        raise TrainerError(
            f"{out} cannot be written: {error.strerror or error}.", "Choose another folder."
        ) from error
    if not studio:
        print(report)
    return 0


def leave_with_the_studio() -> None:
    """End this process when standard input does. Nothing is lost: what is done is on disk, the
    lock goes with its process, and the cells' process ends with its own standard input."""
    threading.Thread(target=_wait_for_the_end, daemon=True).start()


def _wait_for_the_end() -> None:
    for _ in stdin_bytes():
        pass
    os._exit(INTERRUPTED)


def _tell(event: protocol.Event) -> None:
    print(protocol.encode(event), flush=True)
