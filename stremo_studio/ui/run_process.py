"""The trainer as a child process: its events as Qt signals, our commands on its stdin.

Nothing important depends on an event having been seen: the run folder is the record. Events are
handed on in batches, so that a chatty trainer costs the window a few repaints a second.
"""

import sys
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QTimer, Signal, Slot

from stremo_studio.ui.process_group import end_group, lead_own_group
from stremo_studio.ui.run_ending import ProcessEnd, RunEnding, ending_of_process
from trainer.contract import protocol
from trainer.contract.run_folder import FAILED, RunFolder

BATCH_MS = 80
_LONGEST_LINE = 1 << 20


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait on each rung of the ladder: ask, terminate, kill."""

    silence_s: float = 10.0
    """Without any event, until the user is told that there is no sign of life."""
    asked_s: float = 10.0
    """After asking, without progress, until `Force stop` is offered."""
    cancel_s: float = 30.0
    """After asking to cancel, until the group is terminated without being asked for it."""
    terminate_s: float = 5.0
    """After terminating, until the group is killed."""
    leave_s: float = 3.0
    """When the studio quits: after closing stdin, until the group is killed."""


def trainer_command() -> list[str]:
    """The trainer's program and first arguments; a frozen build calls itself."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--trainer"]
    return [sys.executable, "-m", "trainer"]


class RunProcess(QObject):
    """One trainer at work on one run folder. Used once."""

    events_arrived = Signal(list)
    """`list[protocol.Event]`, in order, some ten times a second at most."""
    stop_asked = Signal()
    """The wish to stop or cancel is on its way; at once."""
    force_stop_offered = Signal()
    """Asked, and nothing happened for `Patience.asked_s`."""
    silence_noticed = Signal(int)
    """Seconds without a sign of life; 0 when it is over."""
    ended = Signal(object)
    """`RunEnding`, once, when the process and its group are gone."""

    def __init__(
        self,
        folder: RunFolder,
        command: Sequence[str] | None = None,
        patience: Patience = Patience(),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.folder = folder
        self._command = list(command or trainer_command())
        self._patience = patience
        self._rest = b""
        self._events: list[protocol.Event] = []
        self._spoken: deque[str] = deque(maxlen=200)
        self._last_event: protocol.RunFinished | protocol.RunFailed | None = None
        self._stage = ""
        self._cancelled = self._asked = self._forced = self._over = False
        self._leader = 0
        self._heard_at = time.monotonic()
        self._silent = False
        self._process = QProcess(self)
        self._process.started.connect(self._on_started)
        self._process.readyReadStandardOutput.connect(self._read_events)
        self._process.readyReadStandardError.connect(self._read_stderr)
        self._process.finished.connect(self._on_finished)
        self._process.errorOccurred.connect(self._on_error)
        self._batch = self._timer(self._hand_on, BATCH_MS / 1000)
        self._unmoved = self._timer(self._on_unmoved, patience.asked_s)
        self._ask_over = self._timer(self.force_stop, patience.cancel_s)
        self._terminate_over = self._timer(self._kill, patience.terminate_s)
        self._pulse = self._timer(self._feel_pulse, min(1.0, patience.silence_s / 4), once=False)

    @property
    def is_running(self) -> bool:
        return self._process.state() != QProcess.ProcessState.NotRunning

    @property
    def spoken(self) -> tuple[str, ...]:
        """Lines on the child's pipes that were no events, newest last."""
        return tuple(self._spoken)

    def start(self) -> None:
        """Start the trainer; returns at once."""
        program, *arguments = self._command
        # With `-m` the working directory goes first on the child's path: the trainer that runs
        # is the one beside this studio, installed or not.
        self._process.setWorkingDirectory(str(Path(protocol.__file__).resolve().parents[2]))
        lead_own_group(self._process)
        self._process.start(program, [*arguments, "run", str(self.folder.path), "--studio"])

    def stop_and_keep_best(self) -> None:
        """Ask to finish the step, keep the best checkpoint and evaluate it."""
        self._ask(protocol.StopAndKeepBest())

    def cancel(self) -> None:
        """Ask to end without a result. Escalates by itself: there is nothing to lose."""
        self._cancelled = True
        self._ask(protocol.Cancel())
        self._ask_over.start()

    def force_stop(self) -> None:
        """Terminate the process group, then kill it."""
        if self.is_running:
            self._forced = True
            end_group(self._leader, kill=False)
            self._terminate_over.start()

    def leave(self) -> None:
        """The studio quits: close stdin, wait a moment, end what is left. Blocks that long."""
        if not self.is_running:
            return
        self._process.closeWriteChannel()
        if not self._process.waitForFinished(round(self._patience.leave_s * 1000)):
            self._kill()
            self._process.waitForFinished(2_000)

    def _ask(self, command: protocol.Command) -> None:
        if not self.is_running:
            return
        self._asked = True
        self._process.write((protocol.encode(command) + "\n").encode())
        self._unmoved.start()
        self.stop_asked.emit()

    @Slot()
    def _on_started(self) -> None:
        self._leader = self._process.processId()
        self._heard_at = time.monotonic()
        self._pulse.start()

    @Slot()
    def _read_events(self) -> None:
        *lines, self._rest = (
            self._rest + bytes(self._process.readAllStandardOutput().data())
        ).split(b"\n")
        if len(self._rest) > _LONGEST_LINE:
            self._rest = b""
        for line in lines:
            self._read_line(line.decode("utf-8", errors="replace"))
        if self._events and not self._batch.isActive():
            self._batch.start()

    def _read_line(self, line: str) -> None:
        event = protocol.decode(line)
        if not isinstance(event, protocol.Event):
            if line.strip():
                self._spoken.append(line.strip()[:500])
            return
        self._heard_at = time.monotonic()
        if isinstance(event, protocol.RunFinished | protocol.RunFailed):
            self._last_event = event
        if isinstance(event, protocol.StageProgressed) and self._asked and not self._cancelled:
            self._unmoved.start()  # it is finishing, not stuck
        self._events.append(event)

    @Slot()
    def _read_stderr(self) -> None:
        text = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace")
        self._spoken.extend(line[:500] for line in text.splitlines() if line.strip())

    @Slot()
    def _hand_on(self) -> None:
        if self._events:
            events, self._events = self._events, []
            self.events_arrived.emit(events)

    @Slot()
    def _feel_pulse(self) -> None:
        silence = time.monotonic() - self._heard_at
        if silence >= self._patience.silence_s:
            self._silent = True
            self.silence_noticed.emit(round(silence))
        elif self._silent:
            self._silent = False
            self.silence_noticed.emit(0)

    @Slot()
    def _on_unmoved(self) -> None:
        if self.is_running:
            self.force_stop_offered.emit()

    @Slot()
    def _kill(self) -> None:
        if self._leader:
            end_group(self._leader, kill=True)

    @Slot(int, QProcess.ExitStatus)
    def _on_finished(self, exit_code: int, status: QProcess.ExitStatus) -> None:
        self._kill()  # workers that outlived their parent
        self._read_stderr()
        self._read_events()
        self._hand_on()
        crashed = status == QProcess.ExitStatus.CrashExit
        end = ProcessEnd(exit_code, crashed, self._forced, self._last_event)
        self._finish(ending_of_process(self.folder, end, self.spoken))

    @Slot(QProcess.ProcessError)
    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            why = self._process.errorString()
            self._finish(
                RunEnding(FAILED, f"The trainer could not be started: {why}.", "Install it again.")
            )

    def _finish(self, ending: RunEnding) -> None:
        if self._over:
            return
        self._over = True
        for timer in self.findChildren(QTimer):
            timer.stop()
        self.ended.emit(ending)

    def _timer(self, slot: object, seconds: float, *, once: bool = True) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(once)
        timer.setInterval(round(seconds * 1000))
        timer.timeout.connect(slot)
        return timer
