"""A real SLURM of one node, started by hand: own ports, own key, everything in one folder.

Nothing outside that folder is read or written; the daemons end with the test that started them.
"""

import getpass
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PROGRAMS = ("slurmctld", "slurmd", "munged", "sbatch", "squeue", "scancel", "scontrol")
_CONF = """\
ClusterName=try
SlurmctldHost={host}(127.0.0.1)
NodeName={host} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=main Nodes={host} Default=YES MaxTime=INFINITE PriorityTier=1 GraceTime=30
PartitionName=urgent Nodes={host} MaxTime=INFINITE PriorityTier=2
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/socket,cred_expire=2
SlurmctldPort={control_port}
SlurmdPort={node_port}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1,bf_interval=1,sched_min_interval=100000
ReturnToService=2
KillWait=5
MailProg=/bin/true
"""


def path_with_daemons() -> str:
    """The daemons lie where only administrators look."""
    return os.pathsep.join([os.environ["PATH"], "/usr/sbin", "/usr/local/sbin", "/sbin"])


def missing_programs() -> list[str]:
    return [name for name in PROGRAMS if shutil.which(name, path=path_with_daemons()) is None]


@contextmanager
def one_node() -> Iterator[Path]:
    """The folder of a cluster that takes jobs; `slurm.conf` in it is for SLURM_CONF."""
    # Short, as sockets' names must be; open, as munged wants everybody to reach its socket.
    folder = Path(tempfile.mkdtemp(prefix="slurm-", dir="/tmp"))
    folder.chmod(0o755)
    daemons: list[subprocess.Popen[bytes]] = []
    conf = folder / "slurm.conf"
    environment = {**os.environ, "PATH": path_with_daemons(), "SLURM_CONF": str(conf)}
    try:
        _write(folder, conf)
        key = [f"--key-file={folder}/key", f"--socket={folder}/socket", f"--seed-file={folder}/s"]
        logs = [f"--pid-file={folder}/munged.pid", f"--log-file={folder}/munged.log"]
        commands = [["munged", "--foreground", *key, *logs], ["slurmctld", "-D"], ["slurmd", "-D"]]
        for command in commands:
            with (folder / f"{command[0]}.out").open("wb") as out:
                daemons.append(subprocess.Popen(command, stdout=out, stderr=out, env=environment))
            if command[0] == "munged":
                wait_until((folder / "socket").exists, "munged has a socket")
        wait_until(lambda: _is_idle(environment), "the node is idle", seconds=20)
        yield folder
    finally:
        _end_jobs(environment)
        for daemon in reversed(daemons):
            daemon.terminate()
        for daemon in daemons:
            with suppress(subprocess.TimeoutExpired):
                daemon.wait(10)
            daemon.kill()
        shutil.rmtree(folder, ignore_errors=True)


def wait_until(is_so: Callable[[], object], what: str, seconds: float = 120) -> None:
    """Other processes' doings have no event to wait on."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"waited {seconds:g} s until {what}"
        time.sleep(0.1)


def _end_jobs(environment: dict[str, str]) -> None:
    """What a failed test left at work would outlive the daemons."""
    left = ["squeue", "--noheader"]
    with suppress(subprocess.SubprocessError, AssertionError):
        subprocess.run(["scancel", "--user", getpass.getuser()], timeout=10, env=environment)
        wait_until(
            lambda: not subprocess.check_output(left, timeout=10, env=environment),
            "all jobs have ended",
            seconds=20,
        )


def _write(folder: Path, conf: Path) -> None:
    for name in ("state", "spool"):
        (folder / name).mkdir()
    key = folder / "key"
    key.write_bytes(secrets.token_bytes(1024))
    key.chmod(0o400)
    control_port, node_port = _free_ports()
    host = socket.gethostname().split(".")[0]
    facts = {"host": host, "user": getpass.getuser(), "folder": folder}
    conf.write_text(_CONF.format(**facts, control_port=control_port, node_port=node_port))


def _free_ports() -> tuple[int, int]:
    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        second.bind(("127.0.0.1", 0))
        return first.getsockname()[1], second.getsockname()[1]


def _is_idle(environment: dict[str, str]) -> bool:
    asked = ["sinfo", "--noheader", "--format=%T"]
    with suppress(subprocess.TimeoutExpired):
        told = subprocess.run(asked, capture_output=True, text=True, timeout=3, env=environment)
        return "idle" in told.stdout
    return False
