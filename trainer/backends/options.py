"""`--on local` and `--on slurm` with what belongs to them: from the command line to a back-end."""

import argparse
import re
import sys
from pathlib import Path

from trainer.backends.backend import Backend
from trainer.backends.local import LocalProcesses
from trainer.backends.slurm import SlurmJobs, Wanted

_TIME = re.compile(r"(?:(?P<days>\d+)-)?(?P<hours>\d+)(?::(?P<minutes>\d\d))?(?::\d\d)?")


def add_options(parser: argparse.ArgumentParser, default: str | None = None) -> None:
    """Where the runs are carried out."""
    group = parser.add_argument_group("where it computes")
    group.add_argument(
        "--on",
        choices=("local", "slurm"),
        default=default,
        help="local: a process for each graphics card of this machine; slurm: a job for each run",
    )
    group.add_argument("--partition", help="of the cluster, for slurm; its default otherwise")
    group.add_argument(
        "--gpus-per-node", type=int, default=1, metavar="N", help="for each job (1); 0 asks none"
    )
    group.add_argument(
        "--time",
        type=_minutes,
        default=240,
        metavar="H:MM:SS",
        help="limit of a job (4:00:00); one that reaches it saves, queues again and resumes",
    )
    group.add_argument("--max-jobs", type=int, metavar="N", help="at most so many at once")
    group.add_argument(
        "--slurm",
        action="append",
        type=_pair,
        default=[],
        metavar="KEY=VALUE",
        help="any long option of sbatch, e.g. account=speech or mem=64G; may be repeated",
    )


def backend(chosen: argparse.Namespace, logs: Path) -> Backend:
    """The back-end that was chosen; what it tells people goes to standard error."""
    if chosen.on != "slurm":
        return LocalProcesses(say)
    wanted = Wanted(
        chosen.partition, chosen.gpus_per_node, chosen.time, chosen.max_jobs, dict(chosen.slurm)
    )
    return SlurmJobs(wanted, logs, say)


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _minutes(text: str) -> int:
    """Of `90` (minutes), `4:00:00`, `1-12` or `1-12:00:00`, as sbatch writes a time."""
    found = _TIME.fullmatch(text)
    if text.isdecimal():
        minutes = int(text)
    elif found and ("-" in text or text.count(":") == 2):
        hours = 24 * int(found["days"] or 0) + int(found["hours"])
        minutes = 60 * hours + int(found["minutes"] or 0)
    else:
        minutes = 0
    if not minutes:
        raise argparse.ArgumentTypeError(f"{text!r} is no time; write 4:00:00 for four hours")
    return minutes


def _pair(text: str) -> tuple[str, str]:
    key, _, value = text.partition("=")
    if not re.fullmatch(r"-{0,2}[a-z][a-z-]*", key):
        raise argparse.ArgumentTypeError(f"{text!r} is not KEY=VALUE, e.g. mem=64G")
    return key, value
