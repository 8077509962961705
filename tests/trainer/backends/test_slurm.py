"""A real SLURM of one node carries out runs: preempted, abandoned by who submitted, cancelled."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from tests.trainer.backends.one_node import missing_programs, one_node, wait_until
from tests.trainer.voices import carried_out, run_folder, voices
from trainer.backends.slurm import SlurmJobs, Wanted
from trainer.backends.watch import finish
from trainer.contract.config import FinetuneConfig, RunConfig
from trainer.contract.errors import TrainerError
from trainer.contract.labels import NEGATIVE
from trainer.contract.run_folder import RunFolder

ON_CPU = Wanted(gpus_per_node=0)
LONG = FinetuneConfig(epochs=12, patience=12, batch_seconds=4)


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    if missing := missing_programs():
        pytest.skip(f"no SLURM to try: {', '.join(missing)} not installed")
    with one_node() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SLURM_CONF", str(folder / "slurm.conf"))
        patch.setenv("OMP_NUM_THREADS", "1")
        yield


def _queue() -> list[list[str]]:
    asked = ["squeue", "--noheader", "--array", "--states=all", "--format=%F_%K|%j|%T"]
    lines = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split()
    return [line.split("|") for line in lines]


def _note(run: RunFolder) -> dict[str, str]:
    noted: dict[str, str] = json.loads((run.path / "job.json").read_text(encoding="utf-8"))
    return noted


def _is_at_work(run: RunFolder) -> bool:
    return run.metrics_file.exists() and b"EpochFinished" in run.metrics_file.read_bytes()


def _submit_and_die(runs: list[RunFolder], long: RunFolder) -> None:
    command = [sys.executable, "-m", "trainer", "cells", "--on", "slurm", "--gpus-per-node", "0"]
    with subprocess.Popen([*command, *(str(run.path) for run in runs)]) as submitting:
        wait_until(lambda: _is_at_work(long), "the long run has an epoch")
        submitting.kill()


def _preempt(run: RunFolder) -> None:
    """Something urgent takes the node; SLURM lets what it displaced wait for two minutes more."""
    subprocess.run(["srun", "--partition=urgent", "--exclusive", "true"], check=True, timeout=60)
    job = _note(run)["job"]
    wait_until(lambda: _state_of(job) == "PENDING", "the displaced job waits again")
    subprocess.run(["scontrol", "update", f"JobId={job}", "StartTime=now"], check=True)


def _state_of(job: str) -> str:
    return next((state for number, _, state in _queue() if number == job), "")


@pytest.mark.slow
@pytest.mark.timeout(400)  # two imports of torch in jobs, on a machine that may be busy
def test_preempted_and_abandoned_jobs_end_as_if_nothing_had_happened(
    cluster: None, tmp_path: Path
) -> None:
    torch.set_num_threads(1)
    clips = voices(tmp_path / "voices")
    alone = [clip for clip in clips if clip.label == NEGATIVE]
    long = run_folder(tmp_path / "a", clips, name="long", recipe="finetune", finetune=LONG)
    bad = run_folder(tmp_path / "b", alone, name="one class")
    _submit_and_die([long, bad], long)
    name = _note(long)["name"]
    _preempt(long)
    said: list[str] = []
    jobs = SlurmJobs(ON_CPU, tmp_path / "slurm", said.append, ask_every=1, late=1)
    with pytest.raises(TrainerError, match="one class: The labelled clips are all negative"):
        finish({long.path: "long", bad.path: "one class"}, jobs, said.append)
    assert _note(long)["name"] == _note(bad)["name"] == name
    assert [row[1] for row in _queue()].count(name) == 2  # nothing was submitted twice
    assert "Resumed in epoch" in long.log_file.read_text(encoding="utf-8")
    here = run_folder(tmp_path / "c", clips, name="long", recipe="finetune", finetune=LONG)
    assert carried_out(here)[0] == 0
    assert here.predictions_file.read_bytes() == long.predictions_file.read_bytes()
    told = [line for line in said if line.startswith("long: epoch")]
    assert told[-1].startswith("long: epoch 12/12")
    assert len(told) < 12  # what the first watcher told is not told again


@pytest.mark.slow
def test_a_cancelled_job_is_named_with_its_log_and_stays_cancelled(
    cluster: None, tmp_path: Path
) -> None:
    run = run_folder(tmp_path / "a", voices(tmp_path / "voices"), name="long")
    said: list[str] = []
    jobs = SlurmJobs(ON_CPU, tmp_path / "logs", said.append, ask_every=0.5)
    jobs.start([run])
    number = _note(run)["job"]
    wait_until(lambda: (tmp_path / "logs" / f"{number}_0_log.out").exists(), "the job runs")
    jobs.cancel()
    with pytest.raises(TrainerError, match=rf"long: job {number} ended as cancelled \(.+\)\.$"):
        _watch_on(run, jobs, said)
    assert run.read_result() is None


def _watch_on(run: RunFolder, jobs: SlurmJobs, said: list[str]) -> None:
    """As `finish`, of jobs that were started already."""
    start, jobs.start = jobs.start, lambda runs: None  # type: ignore[method-assign]
    finish({run.path: "long"}, jobs, said.append)
    jobs.start = start  # type: ignore[method-assign]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (Wanted(partition="nowhere", gpus_per_node=0), "invalid partition specified: nowhere"),
        (Wanted(gpus_per_node=1), r"Invalid generic resource \(gres\) specification"),
        (Wanted(gpus_per_node=0, more={"colour": "red"}), "colour=red"),
    ],
)
def test_what_sbatch_refuses_is_said_in_its_words(
    cluster: None, tmp_path: Path, wanted: Wanted, words: str
) -> None:
    run = RunFolder(tmp_path / "a")
    run.create(RunConfig(), [])
    with pytest.raises(TrainerError, match=f"SLURM took no jobs: .*{words}") as refused:
        SlurmJobs(wanted, tmp_path / "slurm", print).start([run])
    assert "--partition" in refused.value.hint


def test_without_slurm_it_says_where_to_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    run = RunFolder(tmp_path / "a")
    with pytest.raises(TrainerError, match="There is no SLURM here") as refused:
        finish({run.path: "a"}, SlurmJobs(ON_CPU, tmp_path, print), print)
    assert "--on local" in refused.value.hint
