"""The child process, tried on a real process that speaks the real protocol."""

import math
import os
import sys
import time
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from stremo_studio.ui.run_ending import RunEnding
from stremo_studio.ui.run_process import Patience, RunProcess
from trainer.contract import protocol
from trainer.contract.config import RunConfig
from trainer.contract.labels import CLASSES
from trainer.contract.manifest import ManifestClip
from trainer.contract.run_folder import FAILED, FINISHED, INTERRUPTED, STOPPED, RunFolder

FAKE = Path(__file__).resolve().parents[1] / "fake_trainer.py"
FAST = Patience(silence_s=0.4, asked_s=0.3, cancel_s=1.0, terminate_s=0.4, leave_s=0.5)


def fake(script: str, seconds: float = 0.6) -> list[str]:
    return [sys.executable, str(FAKE), script, "--seconds", str(seconds)]


def program(source: str) -> list[str]:
    """A trainer written on the spot; gets `run FOLDER --studio` as arguments."""
    return [sys.executable, "-c", source]


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return planned_run(tmp_path / "run")


def planned_run(path: Path) -> RunFolder:
    clips = [
        ManifestClip(str(i), f"{i}.wav", CLASSES[i % 3], group=f"g:{i % 10}") for i in range(60)
    ]
    folder = RunFolder(path)
    folder.create(RunConfig(), clips)
    return folder


class Watched:
    """A started run process and all that it said."""

    def __init__(self, qtbot: QtBot, folder: RunFolder, command: list[str]) -> None:
        self.bot = qtbot
        self.process = RunProcess(folder, command, FAST)
        self.events: list[protocol.Event] = []
        self.endings: list[RunEnding] = []
        self.process.events_arrived.connect(self.events.extend)
        self.process.ended.connect(self.endings.append)
        self.process.start()

    def end(self, timeout: int = 15_000) -> RunEnding:
        self.bot.waitUntil(lambda: bool(self.endings), timeout=timeout)
        return self.endings[0]

    def hear(self, kind: type) -> None:
        self.bot.waitUntil(lambda: any(isinstance(e, kind) for e in self.events), timeout=15_000)


def test_a_run_streams_its_events_and_ends_finished(qtbot: QtBot, folder: RunFolder) -> None:
    run = Watched(qtbot, folder, fake("normal"))
    assert run.end().status == FINISHED
    assert isinstance(run.events[0], protocol.Hello)
    assert isinstance(run.events[-1], protocol.RunFinished)
    assert sum(isinstance(e, protocol.EpochFinished) for e in run.events) == 3
    assert not run.process.is_running


def test_events_come_in_batches_not_one_by_one(qtbot: QtBot, folder: RunFolder) -> None:
    run = Watched(qtbot, folder, fake("normal", 0.5))
    batches: list[int] = []
    run.process.events_arrived.connect(lambda events: batches.append(len(events)))
    run.end()
    assert sum(batches) == len(run.events)
    assert len(batches) <= len(run.events) // 2


def test_rubbish_on_stdout_is_kept_as_log_and_loses_no_event(
    qtbot: QtBot, folder: RunFolder
) -> None:
    run = Watched(qtbot, folder, fake("rubbish"))
    assert run.end().status == FINISHED
    assert sum(isinstance(e, protocol.EpochFinished) for e in run.events) == 3
    assert "Some library prints" in run.process.spoken


def test_an_event_cut_in_two_by_the_pipe_is_put_together(qtbot: QtBot, folder: RunFolder) -> None:
    source = (
        "import sys, time\n"
        'line = \'{"kind": "Warned", "message": "gr\u00fc\u00df"}\\n\'.encode()\n'
        "for byte in line: sys.stdout.buffer.write(bytes([byte])); sys.stdout.buffer.flush();"
        " time.sleep(0.002)\n"
    )
    run = Watched(qtbot, folder, program(source))
    run.end()
    assert run.events == [protocol.Warned("gr\u00fc\u00df")]


def test_stop_is_acknowledged_at_once_and_keeps_the_best(qtbot: QtBot, folder: RunFolder) -> None:
    run = Watched(qtbot, folder, fake("normal", 6))
    run.hear(protocol.StepLogged)
    with qtbot.waitSignal(run.process.stop_asked, timeout=200):
        run.process.stop_and_keep_best()
    assert run.end(25_000).status == STOPPED


def test_cancel_ends_the_run_without_a_result(qtbot: QtBot, folder: RunFolder) -> None:
    run = Watched(qtbot, folder, fake("normal", 30))
    run.hear(protocol.StepLogged)
    run.process.cancel()
    assert run.end().status == "cancelled"
    assert (folder.read_result() or {}).get("evaluations") is None


def test_a_trainer_killed_mid_run_is_interrupted_and_says_why(
    qtbot: QtBot, folder: RunFolder
) -> None:
    run = Watched(qtbot, folder, fake("dies"))
    ending = run.end()
    assert ending.status == INTERRUPTED == folder.status()
    assert "signal 9" in ending.sentence
    assert "Run again" in ending.hint
    assert "The fake trainer has started." in ending.log


def test_a_failed_run_shows_the_trainers_own_sentence(qtbot: QtBot, folder: RunFolder) -> None:
    ending = Watched(qtbot, folder, fake("fails")).end()
    assert (ending.status, ending.sentence, ending.hint) == (
        FAILED, "The disk is full.", "Free 2 GB.",
    )  # fmt: skip


def test_a_trainer_that_breaks_at_import_shows_the_end_of_what_it_printed(
    qtbot: QtBot, folder: RunFolder
) -> None:
    ending = Watched(qtbot, folder, program("import no_such_module")).end()
    assert ending.status == INTERRUPTED
    assert "exit code 1" in ending.sentence
    assert "no_such_module" in ending.log[-1]


def test_a_program_that_is_not_there_is_a_sentence(qtbot: QtBot, folder: RunFolder) -> None:
    ending = Watched(qtbot, folder, ["/no/such/python"]).end()
    assert ending.status == FAILED
    assert "could not be started" in ending.sentence


def test_silence_is_noticed_and_its_end_too(qtbot: QtBot, folder: RunFolder) -> None:
    beat = protocol.encode(protocol.Heartbeat(1))
    source = f"import time; time.sleep(1); print({beat!r}, flush=True); time.sleep(0.3)"
    run = Watched(qtbot, folder, program(source))
    noticed: list[int] = []
    run.process.silence_noticed.connect(noticed.append)
    run.end()
    assert noticed[-1] == 0
    assert len(noticed) > 1


GRANDPARENT = (
    "import signal, subprocess, sys, time\n"
    "child = subprocess.Popen([sys.executable, '-c', "
    "'import signal,time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)'])\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "print(child.pid, flush=True)\n"
    "time.sleep(600)\n"
)


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_a_trainer_that_never_answers_is_ended_with_its_grandchildren(
    qtbot: QtBot, folder: RunFolder
) -> None:
    run = Watched(qtbot, folder, program(GRANDPARENT))
    qtbot.waitUntil(lambda: bool(run.process.spoken), timeout=10_000)
    grandchild = psutil.Process(int(run.process.spoken[0]))
    with qtbot.waitSignal(run.process.force_stop_offered, timeout=5_000):
        run.process.cancel()
    ending = run.end()
    assert ending.status == INTERRUPTED
    assert "by force" in ending.sentence
    qtbot.waitUntil(lambda: gone(grandchild), timeout=5_000)


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_workers_of_a_trainer_that_dies_are_swept_away(qtbot: QtBot, folder: RunFolder) -> None:
    dies = GRANDPARENT.replace("time.sleep(600)\n", "sys.exit(7)\n")
    run = Watched(qtbot, folder, program(dies))
    assert "exit code 7" in run.end().sentence
    grandchild = int(run.process.spoken[0])
    qtbot.waitUntil(
        lambda: not psutil.pid_exists(grandchild) or gone(psutil.Process(grandchild)),
        timeout=5_000,
    )


def test_quitting_the_studio_ends_a_listening_trainer_by_closing_its_stdin(
    qtbot: QtBot, folder: RunFolder
) -> None:
    run = Watched(qtbot, folder, fake("normal", 30))
    run.hear(protocol.StepLogged)
    began = time.monotonic()
    run.process.leave()
    assert run.end().status == INTERRUPTED
    assert time.monotonic() - began < 5


def test_quitting_the_studio_ends_a_deaf_trainer_too(qtbot: QtBot, folder: RunFolder) -> None:
    run = Watched(qtbot, folder, fake("stubborn"))
    qtbot.waitUntil(folder.is_held, timeout=10_000)
    run.process.leave()
    assert not run.process.is_running
    assert not folder.is_held()


@pytest.mark.slow
def test_ten_events_a_second_never_stall_the_window(qtbot: QtBot, tmp_path: Path) -> None:
    """Three tries: a busy machine stalls anybody, but what we do ourselves comes every time."""
    longest = math.inf
    for number in range(3):
        folder = planned_run(tmp_path / f"run{number}")
        longest = min(longest, longest_gap_while_streaming(qtbot, folder))
        if longest <= 0.1:
            return
    pytest.fail(f"the window stood still for {longest * 1000:.0f} ms, three times")


def longest_gap_while_streaming(qtbot: QtBot, folder: RunFolder) -> float:
    """Seconds between two turns of the event loop at their farthest, over a run of 3 s."""
    gaps: list[float] = []
    last = time.perf_counter()

    def tick() -> None:
        nonlocal last
        now = time.perf_counter()
        gaps.append(now - last)
        last = now

    timer = QTimer()
    timer.setInterval(10)
    timer.timeout.connect(tick)
    run = Watched(qtbot, folder, fake("stream", 3))
    run.hear(protocol.StepLogged)
    last = time.perf_counter()
    timer.start()
    run.end()
    timer.stop()
    assert len(gaps) > 100
    return max(gaps)


def gone(process: psutil.Process) -> bool:
    """No longer there, or dead and waiting to be collected by whoever adopted it."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
