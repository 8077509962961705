"""The trainer as a process of its own: its streams, its end, its command line."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.trainer.voices import carried_out, run_folder, voices
from trainer.contract import protocol
from trainer.contract.config import AcousticConfig
from trainer.contract.run_folder import FINISHED, INTERRUPTED, STOPPED, RunFolder

ENDLESS = AcousticConfig(strengths=tuple(1e-5 * 1.001**i for i in range(20_000)))
Process = subprocess.Popen[str]
Start = Callable[..., Process]
NOISY = """
import ctypes, os, sys
import trainer.run
from trainer.__main__ import main
split = trainer.run.split_clips
def split_clips(*arguments):
    print("from Python")
    os.write(1, b"raw\\n")
    library = ctypes.CDLL(None)
    library.puts(b"from C")
    library.fflush(None)
    return split(*arguments)
trainer.run.split_clips = split_clips
sys.exit(main())
"""


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., RunFolder]:
    """Makes run folders of voices whose features are known: no audio to read, no torch."""
    root = tmp_path_factory.mktemp("warm")
    clips = voices(root / "audio")
    cache = str(root / "cache")
    carried_out(run_folder(root / "first", clips, cache=cache))
    return lambda path, **changes: run_folder(path, clips, cache=cache, **changes)


@pytest.fixture
def endless(warm: Callable[..., RunFolder], tmp_path: Path) -> RunFolder:
    return warm(tmp_path / "run", acoustic=ENDLESS)


@pytest.fixture
def start() -> Iterator[Start]:
    started: list[Process] = []

    def start(folder: RunFolder, *options: str) -> Process:
        command = [sys.executable, "-m", "trainer", "run", str(folder.path), *options]
        pipe = subprocess.PIPE
        started.append(subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate(timeout=30)


def _run(folder: RunFolder, *program: str) -> subprocess.CompletedProcess[str]:
    """From a shell, with nothing to say to it."""
    return subprocess.run(
        [sys.executable, *(program or ("-m", "trainer")), "run", str(folder.path)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=100,
    )


def _wait_for(process: Process, kind: type) -> None:
    assert process.stdout
    while not isinstance(protocol.decode(line := process.stdout.readline()), kind):
        assert line, process.stderr.read() if process.stderr else ""


@pytest.mark.slow
def test_prints_of_libraries_even_from_c_do_not_spoil_the_stream(
    warm: Callable[..., RunFolder], tmp_path: Path
) -> None:
    done = _run(warm(tmp_path / "run"), "-c", NOISY)
    events = [protocol.decode(line) for line in done.stdout.splitlines()]
    assert None not in events
    assert events[-1] == protocol.RunFinished(FINISHED)
    for line in ("from Python", "raw", "from C"):
        assert line in done.stderr


@pytest.mark.slow
def test_the_studio_can_stop_it_and_its_stderr_goes_to_the_log(
    endless: RunFolder, start: Start
) -> None:
    process = start(endless, "--studio")
    _wait_for(process, protocol.EpochFinished)
    assert process.stdin
    assert process.stderr
    process.stdin.write(protocol.encode(protocol.StopAndKeepBest()) + "\n")
    process.stdin.flush()
    _wait_for(process, protocol.RunFinished)
    assert process.wait(30) == 0
    assert endless.status() == STOPPED
    assert endless.read_predictions()
    assert process.stderr.read() == ""


@pytest.mark.slow
@pytest.mark.parametrize("way", ["stdin", "stdout", "terminate"])
def test_when_the_studio_goes_the_run_is_interrupted(
    way: str, endless: RunFolder, start: Start
) -> None:
    process = start(endless, "--studio")
    _wait_for(process, protocol.EpochFinished)
    if way == "terminate":
        process.terminate()
    else:
        pipe = getattr(process, way)
        pipe.close()
        setattr(process, way, None)
    process.communicate(timeout=30)
    assert process.returncode == 4
    assert endless.status() == INTERRUPTED
    assert "interrupted" in endless.log_file.read_text()


@pytest.mark.slow
def test_a_killed_run_is_interrupted_and_starts_over_cleanly(
    endless: RunFolder, start: Start
) -> None:
    process = start(endless, "--studio")
    _wait_for(process, protocol.EpochFinished)
    assert endless.status() == "running"
    refused = _run(endless)
    assert refused.returncode == 2
    assert "Another trainer is at work" in refused.stderr
    psutil.Process(process.pid).kill()
    process.wait(30)
    assert endless.status() == INTERRUPTED

    quick = json.loads(endless.config_file.read_text())
    quick["acoustic"]["strengths"] = [0.01]
    endless.config_file.write_text(json.dumps(quick))
    assert _run(endless).returncode == 0
    assert endless.status() == FINISHED
    assert len(endless.metrics_file.read_text().splitlines()) == 1
    over = _run(endless)
    assert over.returncode == 2
    assert "is over: finished" in over.stderr


def test_no_run_folder_no_traceback(tmp_path: Path) -> None:
    done = _run(RunFolder(tmp_path / "nothing"))
    assert done.returncode == 2
    assert done.stderr.startswith(f"{tmp_path / 'nothing'} is no run folder.")
    assert len(done.stderr.splitlines()) == 1


def test_help_and_the_first_events_need_nothing_heavy() -> None:
    program = (
        "import sys, trainer.__main__; print([m for m in ('numpy', 'torch', 'sklearn') "
        "if m in sys.modules]); import trainer.run; print([m for m in ('torch', 'sklearn', "
        "'scipy', 'transformers') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.split("\n")[:2] == ["[]", "[]"], done.stderr
