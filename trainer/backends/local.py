"""Runs on this machine: a process for each graphics card, or one on the processor.

Each process is given the whole list and takes what nobody has taken yet, so that none is idle
while another has much left. One that dies is started again and resumes its run where it was.
"""

import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from trainer.backends.backend import Lost, Say
from trainer.contract.run_folder import INTERRUPTED, RunFolder

ATTEMPTS = 2
"""Times that a run may take its process down with it before it counts as lost."""
_PATIENCE = 30.0
"""Seconds that a process may take to finish its step and save."""
_LEFT = 4
"""Exit code of a process that was asked to leave."""


@dataclass(frozen=True, slots=True)
class _Worker:
    process: subprocess.Popen[bytes]
    device: str | None
    errors: IO[bytes]

    def last_words(self) -> str:
        self.errors.seek(0)
        lines = self.errors.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else ""

    def ask_to_leave(self) -> None:
        """Its standard input ends: it finishes the step, saves and leaves."""
        assert self.process.stdin is not None
        self.process.stdin.close()

    def wait(self) -> None:
        try:
            self.process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.ask_to_leave()
        self.errors.close()


class LocalProcesses:
    """See `Backend`. `devices` are values of CUDA_VISIBLE_DEVICES; None computes on the CPU."""

    pause = 0.2

    def __init__(self, say: Say, devices: Sequence[str | None] | None = None) -> None:
        self._say, self._devices = say, devices
        self._workers: list[_Worker] = []
        self._deaths: Counter[Path] = Counter()

    def start(self, runs: Sequence[RunFolder]) -> None:
        devices = self._devices or graphics_cards() or [None]
        for number, device in enumerate(devices[: len(runs)]):
            self._begin([*runs[number:], *runs[:number]], device)

    def lost(self, runs: Sequence[RunFolder]) -> Mapping[Path, Lost]:
        ended = [worker for worker in self._workers if worker.process.poll() is not None]
        if not ended:
            return {}
        self._workers = [worker for worker in self._workers if worker not in ended]
        left = [run for run in runs if run.read_result() is None]
        fallen = [run for run in left if run.status() == INTERRUPTED]
        self._deaths.update(run.path for run in fallen)
        found = {r.path: _killed(r) for r in fallen if self._deaths[r.path] >= ATTEMPTS}
        left = [run for run in left if run.path not in found]
        for worker in ended:
            code = worker.process.returncode
            if code < 0 and left and fallen:
                self._say(f"A trainer was killed (signal {-code}); another takes its place")
                self._begin(left, worker.device)
        if not self._workers:
            words = ended[-1].last_words()
            found |= {run.path: _abandoned(ended[-1].process.returncode, words) for run in left}
        for worker in ended:
            worker.wait()
        return found

    def cancel(self) -> None:
        for worker in self._workers:
            worker.ask_to_leave()
        self.close()

    def close(self) -> None:
        for worker in self._workers:
            worker.wait()
        self._workers = []

    def _begin(self, runs: Sequence[RunFolder], device: str | None) -> None:
        """One process for many runs: importing torch and transformers takes seconds."""
        environment = dict(os.environ)
        if device is not None:
            environment["CUDA_VISIBLE_DEVICES"] = device
        frozen = getattr(sys, "frozen", False)
        program = [sys.executable, "--trainer"] if frozen else [sys.executable, "-m", "trainer"]
        errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the process has ended
        process = subprocess.Popen(
            [*program, "cells", *(str(run.path) for run in runs)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env=environment,
        )
        self._workers.append(_Worker(process, device, errors))


def graphics_cards() -> list[str]:
    """Values of CUDA_VISIBLE_DEVICES, one for each card that this process may use."""
    import torch  # noqa: PLC0415 - seconds; only who starts runs needs it

    return cards(torch.cuda.device_count(), os.environ.get("CUDA_VISIBLE_DEVICES"))


def cards(count: int, visible: str | None) -> list[str]:
    """torch counts the cards it is shown from 0; a child is shown them by the names given here."""
    named = [name.strip() for name in visible.split(",")] if visible else map(str, range(count))
    return list(named)[:count]


def _killed(run: RunFolder) -> Lost:
    return Lost(
        f"the trainer was killed {ATTEMPTS} times at work on it",
        f"If memory ran out, make room. See {run.log_file}, then start again: nothing is lost.",
    )


def _abandoned(code: int, words: str) -> Lost:
    why = "the trainer was asked to end" if code == _LEFT else "the trainer ended without a result"
    return Lost(why + (f" ({words})" if words else ""), "Start again: nothing is lost.")
