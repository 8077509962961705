"""The trainer's warm process: what a finished run says of one clip, asked and answered by signals.

Started by the first question, and again by the next one after it died; it ends by itself when
nobody asks for long. Nothing here blocks but `leave`.
"""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, Signal, Slot

from stremo_studio.ui.process_group import end_group, lead_own_group
from stremo_studio.ui.run_process import trainer_command
from trainer.contract import protocol
from trainer.contract.run_folder import RunFolder

_LEAVE_MS = 1_500
_DIED = "The process that holds the model ended. Ask again to start another."


class ServedRun(QObject):
    """One run, kept warm."""

    answered = Signal(int, list)
    """The number of the question, and the probabilities by class."""
    failed = Signal(int, str)
    """The number of the question, and why there is no answer."""

    def __init__(
        self,
        folder: RunFolder,
        parent: QObject | None = None,
        command: Sequence[str] | None = None,
    ) -> None:
        super().__init__(parent)
        self.folder = folder
        self._command = list(command or trainer_command())
        self._process: QProcess | None = None
        self._asked: set[int] = set()
        self._last = 0
        self._leader = 0
        self._rest = b""
        self._spoken = ""

    def ask(self, path: str, start: float, end: float | None) -> int:
        """Send a question, starting the process if there is none; returns its number."""
        if self._process is None:
            self._start()
        self._last += 1
        self._asked.add(self._last)
        self._send(protocol.Predict(self._last, path, start, end))
        return self._last

    def forget(self, number: int) -> None:
        """Nobody waits for this answer any more."""
        if number in self._asked:
            self._asked.discard(number)
            self._send(protocol.Forget(number))

    def leave(self) -> None:
        """End the process. Blocks for a moment."""
        self._asked.clear()
        process = self._process
        if process is None:
            return
        process.closeWriteChannel()
        if not process.waitForFinished(_LEAVE_MS):
            end_group(self._leader, kill=True)
            process.waitForFinished(_LEAVE_MS)

    @property
    def process_id(self) -> int:
        """0 while none is running."""
        return self._process.processId() if self._process is not None else 0

    def _start(self) -> None:
        program, *arguments = self._command
        process = QProcess(self)
        # As for a run: the trainer beside this studio is the one that answers.
        process.setWorkingDirectory(str(Path(protocol.__file__).resolve().parents[2]))
        lead_own_group(process)
        process.readyReadStandardOutput.connect(self._read)
        process.readyReadStandardError.connect(self._hear)
        process.started.connect(self._on_started)
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error)
        self._process, self._rest, self._spoken = process, b"", ""
        process.start(program, [*arguments, "serve", str(self.folder.path)])

    def _send(self, command: protocol.Command) -> None:
        if self._process is not None:
            self._process.write((protocol.encode(command) + "\n").encode())

    @Slot()
    def _on_started(self) -> None:
        if self._process is not None:
            self._leader = self._process.processId()

    @Slot()
    def _read(self) -> None:
        if self._process is None:
            return
        data = self._rest + bytes(self._process.readAllStandardOutput().data())
        *lines, self._rest = data.split(b"\n")
        for line in lines:
            event = protocol.decode(line.decode("utf-8", errors="replace"))
            if isinstance(event, protocol.Predicted | protocol.PredictionFailed):
                self._hand_on(event)

    def _hand_on(self, event: protocol.Predicted | protocol.PredictionFailed) -> None:
        if event.request not in self._asked:
            return
        self._asked.discard(event.request)
        if isinstance(event, protocol.Predicted):
            self.answered.emit(event.request, event.probabilities)
        else:
            self.failed.emit(event.request, event.message)

    @Slot()
    def _hear(self) -> None:
        if self._process is not None:
            said = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace")
            self._spoken = (self._spoken + said)[-2000:]

    @Slot(int, QProcess.ExitStatus)
    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read()
        self._hear()
        told = code == 2 and status == QProcess.ExitStatus.NormalExit and self._spoken.strip()
        self._drop(self._spoken.strip().splitlines()[-1] if told else _DIED)

    @Slot(QProcess.ProcessError)
    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart and self._process is not None:
            self._drop(f"The trainer could not be started: {self._process.errorString()}.")

    def _drop(self, reason: str) -> None:
        """There is no process any more: whoever waits is told."""
        process, self._process = self._process, None
        if process is not None:
            end_group(self._leader, kill=True) if self._leader else None
            process.deleteLater()
        self._leader = 0
        waiting, self._asked = self._asked, set()
        for number in sorted(waiting):
            self.failed.emit(number, reason)
