"""`stremo-trainer cells … --on …`: run folders that lie ready, side by side."""

from collections.abc import Sequence
from pathlib import Path

from trainer.backends.backend import Backend, Say
from trainer.backends.watch import finish
from trainer.contract.errors import TrainerError
from trainer.contract.run_folder import RunFolder


def carry_out_all(paths: Sequence[Path], backend: Backend, say: Say) -> int:
    """Carry out those that are not over. Returns 0; raises TrainerError for the first that fails,
    and, before anything is started, for a path that is no run folder."""
    runs: dict[Path, str] = {}
    for path in dict.fromkeys(path.resolve() for path in paths):
        name = RunFolder(path).read_config().name or path.name
        if (status := RunFolder(path).read_result()) is None:
            runs[path] = name
        else:
            say(f"{name} is over: {status['status']}")
    if len(set(runs.values())) < len(runs):
        runs = {path: path.name for path in runs}
    finish(runs, backend, say)
    return 0


def logs_beside(paths: Sequence[Path]) -> Path:
    """Where jobs write what belongs to no run folder: beside the first of them."""
    if not paths:
        raise TrainerError("No run folder was named.")
    return paths[0].resolve().parent / "slurm"
