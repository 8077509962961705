"""Runs as jobs of a SLURM cluster: one array of jobs, one run each, on a shared file system.

A run's folder says which job it was given to, written down before the job is submitted and under
a name that no other submission has. So whoever starts again finds the jobs in the queue, also
after a kill between submitting and noting the number, and nothing is submitted twice.
"""

import json
import os
import shutil
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from trainer.backends.backend import Lost, Say
from trainer.contract.errors import TrainerError
from trainer.contract.files import write_json
from trainer.contract.run_folder import RunFolder

_ANOTHER_TRY = ("PREEMPTED", "NODE_FAIL", "BOOT_FAIL")
"""Not the run's fault, where the cluster does not put jobs back into the queue by itself."""
OVER = {"COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "OUT_OF_MEMORY", "DEADLINE", *_ANOTHER_TRY}
"""States in which a job does nothing any more. One that `squeue` does not know is over, too."""
_TRIES = 3
_TIMES_PUT_BACK = 50
"""Time limits that one run may fill before its job is given up."""
_SAVING_S = 120
"""Seconds before the time limit at which a job is told to save and leave."""
_HINTS = {
    "OUT_OF_MEMORY": "Ask for more with --slurm mem=64G, then start again: it resumes.",
    "TIMEOUT": "Give it longer with --time, then start again: it resumes.",
    "CANCELLED": "Start again to resume it.",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What each job asks the cluster for. `more` are long options of sbatch without the dashes."""

    partition: str | None = None
    gpus_per_node: int = 1
    minutes: int = 240
    max_jobs: int | None = None
    more: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Job:
    """`number` is SLURM's, empty where it could not be noted; `task` is the place in the array."""

    name: str
    task: int
    number: str = ""


class SlurmJobs:
    """See `Backend`. Logs and what submitit needs lie in `folder`, which all nodes must see."""

    pause = 0.5

    def __init__(
        self, wanted: Wanted, folder: Path, say: Say, ask_every: float = 15.0, late: float = 30.0
    ) -> None:
        """`ask_every`: seconds between two questions to a quiet queue. `late`: seconds that a
        result may need to be seen here after its job has ended."""
        self._wanted, self._folder, self._say = wanted, folder.resolve(), say
        self._ask_every, self._late = ask_every, late
        self._states: dict[tuple[str, int], str] = {}
        self._asked, self._wait = 0.0, 0.0
        self._ended: dict[Path, float] = {}
        self._tries: Counter[Path] = Counter()
        self._jobs: dict[Path, _Job] = {}
        self._told, self._warned = "", False

    def start(self, runs: Sequence[RunFolder]) -> None:
        if shutil.which("sbatch") is None:
            raise TrainerError(
                "There is no SLURM here: sbatch was not found.",
                "Start this on a login node of the cluster, or use --on local.",
            )
        if getattr(sys, "frozen", False):
            raise TrainerError(
                "This build carries no Python for the cluster's nodes.",
                "Install stremo-trainer there with pip and start it with that.",
            )
        self._jobs = {run.path: job for run in runs if (job := _noted(run))}
        if self._jobs and not self._ask(time.monotonic()):
            raise TrainerError("SLURM does not answer: squeue failed.", "Try again in a while.")
        new = [run for run in runs if self._state(run.path) in (None, *OVER)]
        if len(new) < len(runs):
            self._say(f"{len(runs) - len(new)} of {len(runs)} have a job in the queue already")
        if new:
            self._submit(new)
        if not self._warned:
            self._say(
                "Ctrl+C cancels the jobs. Closing this terminal does not: start again to watch."
            )
        self._warned = True

    def lost(self, runs: Sequence[RunFolder]) -> Mapping[Path, Lost]:
        now = time.monotonic()
        if now < self._asked + self._wait or not self._ask(now):
            return {}
        found = {}
        for run in runs:
            state = self._state(run.path)
            if state is not None and state not in OVER:
                self._ended.pop(run.path, None)
                continue
            ended = self._ended.setdefault(run.path, now)
            if state in (None, "COMPLETED") and now < ended + self._late:
                continue
            if state in _ANOTHER_TRY and self._tries[run.path] < _TRIES:
                self._tries[run.path] += 1
                self._submit([run])
            elif now > ended:  # asked twice: on its way back into the queue a job looks odd
                found[run.path] = self._explain(run, state or "gone")
        return found

    def cancel(self) -> None:
        """Each job saves on the signal that cancels it."""
        if self._jobs:
            names = ",".join(sorted({job.name for job in self._jobs.values()}))
            subprocess.run(["scancel", f"--name={names}"], capture_output=True, check=False)
            self._say("The jobs were cancelled; started again, they resume")

    def close(self) -> None:
        """The queue forgets the jobs by itself."""

    def _submit(self, runs: Sequence[RunFolder]) -> None:
        name = f"stremo-{uuid.uuid4().hex[:12]}"
        for task, run in enumerate(runs):
            self._note(run, _Job(name, task))
        numbers = self._hand_in(name, runs)
        for task, (run, number) in enumerate(zip(runs, numbers, strict=True)):
            self._note(run, _Job(name, task, number))
            self._states[name, task] = "PENDING"
            self._ended.pop(run.path, None)
        self._wait = 0.0
        where = f" to partition {self._wanted.partition}" if self._wanted.partition else ""
        self._say(f"Submitted{where} as job {numbers[0].split('_')[0]}: {len(runs)} to run")

    def _hand_in(self, name: str, runs: Sequence[RunFolder]) -> list[str]:
        """Job numbers, in order. Raises TrainerError with sbatch's own words."""
        import submitit  # noqa: PLC0415 - who uses no cluster need not wait for it

        from trainer.backends.slurm_job import RunJob  # noqa: PLC0415 - imports submitit

        executor = submitit.SlurmExecutor(self._folder, max_num_timeout=_TIMES_PUT_BACK)
        executor.update_parameters(**self._parameters(name, len(runs)))
        try:
            with redirect_stderr(StringIO()), executor.batch():  # it prints what it also raises
                jobs = [executor.submit(RunJob(str(run.path.resolve()))) for run in runs]
            return [str(job.job_id) for job in jobs]
        except submitit.core.utils.FailedJobError as error:
            words = str(error).strip().splitlines() or ["sbatch failed"]  # the first says why
            reason = words[0].removeprefix("sbatch: ").removeprefix("error: ").rstrip(".")
            raise TrainerError(
                f"SLURM took no jobs: {reason}.",
                "Look at --partition, --gpus-per-node (0 where there is none), --time, --slurm.",
            ) from error

    def _parameters(self, name: str, count: int) -> dict[str, Any]:
        wanted = self._wanted
        asked: dict[str, Any] = {
            "job_name": name,
            "time": wanted.minutes,
            "array_parallelism": wanted.max_jobs or count,
            "signal_delay_s": _SAVING_S,
            "stderr_to_stdout": True,
            "additional_parameters": {"requeue": True, **_flags(wanted.more)},
        }
        if wanted.gpus_per_node:
            asked["gpus_per_node"] = wanted.gpus_per_node
        if wanted.partition:
            asked["partition"] = wanted.partition
        return asked

    def _note(self, run: RunFolder, job: _Job) -> None:
        self._jobs[run.path] = job
        write_json(_note_of(run), {"name": job.name, "task": job.task, "job": job.number})

    def _state(self, run: Path) -> str | None:
        job = self._jobs.get(run)
        return self._states.get((job.name, job.task)) if job else None

    def _ask(self, now: float) -> bool:
        """What the queue knows of our jobs; False when it does not answer. The longer nothing
        happens there, the less often it is asked: it has others to serve."""
        names = ",".join(sorted({job.name for job in self._jobs.values()}))
        question = ["squeue", "--noheader", "--array", "--states=all", f"--name={names}"]
        answer = subprocess.run(
            [*question, "--format=%j|%K|%T"], capture_output=True, text=True, check=False
        )
        self._asked = now
        if answer.returncode:
            self._wait = self._ask_every
            return False
        rows = [line.split("|") for line in answer.stdout.split()]
        states = {(n, int(task) if task.isdigit() else 0): state for n, task, state in rows}
        self._wait = min(2 * self._wait + 0.5, self._ask_every)
        if states != self._states:
            self._states, self._wait = states, 0.5
            self._tell()
        return True

    def _tell(self) -> None:
        """Somebody may look at this for hours before the first job has its turn."""
        counts = Counter(state.lower() for state in map(self._state, self._jobs) if state)
        told = ", ".join(f"{number} {state}" for state, number in sorted(counts.items()))
        if told and told != self._told:
            self._say(f"Jobs: {told}")
        self._told = told

    def _explain(self, run: RunFolder, state: str) -> Lost:
        job = self._jobs[run.path]
        log = self._folder / f"{job.number}_0_log.out"
        words = _last_line(log)
        why = f"job {job.number or job.name} ended as {state.lower().replace('_', ' ')}"
        hint = _HINTS.get(state, "Start again to resume it.")
        return Lost(why + (f" ({words})" if words else ""), f"{hint} Its log: {log}")


def _note_of(run: RunFolder) -> Path:
    return run.path / "job.json"


def _noted(run: RunFolder) -> _Job | None:
    try:
        raw = json.loads(_note_of(run).read_text(encoding="utf-8"))
        return _Job(str(raw["name"]), int(raw["task"]), str(raw["job"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _flags(more: Mapping[str, str]) -> dict[str, Any]:
    """An option without a value, such as `exclusive`, is a flag."""
    return {key.lstrip("-"): value or True for key, value in more.items()}


def _last_line(log: Path) -> str:
    try:
        with log.open("rb") as file:
            file.seek(-min(4096, os.fstat(file.fileno()).st_size), os.SEEK_END)
            lines = file.read().decode("utf-8", "replace").strip().splitlines()
    except OSError:
        return ""
    return lines[-1].strip() if lines else ""
