"""The stand-in for the trainer does what its scripts promise, so that tests may lean on it."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from trainer.contract import protocol
from trainer.contract.config import RunConfig
from trainer.contract.labels import CLASSES
from trainer.contract.manifest import ManifestClip
from trainer.contract.run_folder import CANCELLED, FAILED, FINISHED, INTERRUPTED, STOPPED, RunFolder

FAKE = Path(__file__).with_name("fake_trainer.py")
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    folder = RunFolder(tmp_path / "run")
    clips = [ManifestClip(str(i), f"{i}.wav", CLASSES[i % 3], f"g{i % 7}") for i in range(60)]
    folder.create(RunConfig(), clips)
    return folder


@pytest.fixture
def start(folder: RunFolder) -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []

    def start(script: str, seconds: float = 0.3) -> subprocess.Popen[str]:
        command = [sys.executable, str(FAKE), script, "--seconds", str(seconds)]
        started.append(
            subprocess.Popen(
                [*command, "run", str(folder.path), "--studio"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        )
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate(timeout=30)


def _events(process: subprocess.Popen[str], last_words: str = "") -> list[protocol.Message]:
    out, _ = process.communicate(last_words or None, timeout=60)
    return [event for line in out.splitlines() if (event := protocol.decode(line))]


def _say(process: subprocess.Popen[str], command: protocol.Command) -> None:
    assert process.stdin
    process.stdin.write(protocol.encode(command) + "\n")
    process.stdin.flush()


@pytest.mark.parametrize("script", ["normal", "rubbish"])
def test_a_whole_run_leaves_a_whole_folder(script: str, start: Start, folder: RunFolder) -> None:
    process = start(script)
    assert process.stdout
    lines: list[str] = []
    while not any('"RunFinished"' in line for line in lines):
        lines.append(process.stdout.readline())
    process.communicate(timeout=60)
    events = [event for line in lines if (event := protocol.decode(line))]
    assert process.returncode == 0
    assert isinstance(events[0], protocol.Hello)
    assert sum(isinstance(e, protocol.EpochFinished) for e in events) == 3
    assert events[-1] == protocol.RunFinished(FINISHED)
    assert folder.status() == FINISHED
    result = folder.read_result()
    assert result
    tested = [p for p in folder.read_predictions() if p.split == "test"]
    assert sum(map(sum, result["evaluations"]["test"]["confusion"])) == len(tested) > 0


@pytest.mark.parametrize(
    ("command", "status", "code"),
    [(protocol.StopAndKeepBest(), STOPPED, 0), (protocol.Cancel(), CANCELLED, 3)],
)
def test_it_obeys(
    command: protocol.Command, status: str, code: int, start: Start, folder: RunFolder
) -> None:
    process = start("normal", 3)
    _say(process, command)
    assert process.wait(30) == code
    assert folder.status() == status


def test_it_dies_halfway(start: Start, folder: RunFolder) -> None:
    process = start("dies")
    process.wait(30)
    assert process.returncode == -signal.SIGKILL
    assert folder.status() == INTERRUPTED


def test_it_fails_with_a_sentence(start: Start, folder: RunFolder) -> None:
    process = start("fails")
    process.wait(30)
    assert process.returncode == 2
    assert protocol.RunFailed("disk", "The disk is full.", "Free 2 GB.") in _events(process)
    assert folder.status() == FAILED


def test_it_leaves_when_the_studio_is_gone(start: Start, folder: RunFolder) -> None:
    process = start("normal", 30)
    _events(process)
    assert process.returncode == 4
    assert folder.status() == INTERRUPTED


def test_silent_and_stubborn_need_stronger_means(start: Start, folder: RunFolder) -> None:
    process = start("stubborn")
    while not folder.log_file.exists() or not folder.is_held():
        assert process.poll() is None
    process.terminate()
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.3)
    process.kill()
    assert process.wait(30) == -signal.SIGKILL
