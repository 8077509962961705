"""The paper's procedure as a child process: its lines, its end, and its report.

Truth is the output folder: ended at any time and started again, the procedure goes on where it was.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices

from stremo_studio.errors import StudioError
from stremo_studio.ui.process_group import end_group, lead_own_group
from stremo_studio.ui.run_process import trainer_command
from stremo_studio.ui.train.progress import RunProgress, after
from trainer.contract import protocol

LINES_KEPT = 400
_NEXT_RUNG_MS, _LEAVE_MS = 4_000, 3_000
_WORLDS_FAULT = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """What to reproduce; an empty model is the preset's, an empty way to clean CMU-MOSEI and no
    transcripts leave both to the trainer."""

    corpora: str = ""
    out: str = ""
    preset: str = "paper"
    model: str = ""
    mosei: str = ""
    transcripts: str = ""

    def to_json(self) -> dict[str, str]:
        return asdict(self)

    def arguments(self) -> list[str]:
        """For the trainer. Raises StudioError for what it would only refuse later."""
        if not self.corpora.strip():
            raise StudioError(
                "No folder of corpora is chosen.", "Choose the folder that holds them."
            )
        if not self.out.strip():
            raise StudioError(
                "No output folder is chosen.", "Choose where the report and its cells shall lie."
            )
        found = ["reproduce", "--studio", "--corpora", self.corpora.strip()]
        found += ["--preset", self.preset, "--out", self.out.strip()]
        wishes = {"model": self.model, "mosei": self.mosei, "transcripts": self.transcripts}
        for name, value in wishes.items():
            found += [f"--{name}", value.strip()] if value.strip() else []
        return found


class Reproduction(QObject):
    """At most one at a time. `changed` when it starts and ends; in between `said(line)`, and
    `progressed` when its stage is further."""

    changed = Signal()
    said = Signal(str)
    progressed = Signal()

    def __init__(self, parent: QObject | None = None, command: Sequence[str] | None = None) -> None:
        """`command` starts another trainer than the studio's own, in tests."""
        super().__init__(parent)
        self._command = command
        self._process: QProcess | None = None
        self._leader = 0
        self._rest, self._rest_of_events = b"", b""
        self._stopped = False
        self.progress = RunProgress()
        self.is_news = False
        """It has ended, and nobody has said that they saw it."""
        self.lines: deque[str] = deque(maxlen=LINES_KEPT)
        self.sentence = ""
        """How it ended; empty before."""
        self.failed = False
        self.report: Path | None = None
        self._impatience = QTimer(self)
        self._impatience.setInterval(_NEXT_RUNG_MS)
        self._impatience.timeout.connect(self._next_rung)

    @property
    def at_work(self) -> bool:
        return self._process is not None

    @property
    def stopping(self) -> bool:
        return self.at_work and self._stopped

    def start(self, asked: Asked) -> None:
        """Start it; returns at once. Raises StudioError when something was not chosen."""
        if self._process is not None:
            return
        program, *first = self._command or trainer_command()
        arguments = [*first, *asked.arguments()]
        self.lines.clear()
        self._rest, self._rest_of_events = b"", b""
        self.sentence, self.failed, self.report, self._stopped = "", False, None, False
        self.progress, self.is_news = RunProgress(), False
        process = self._process = QProcess(self)
        process.started.connect(self._on_started)
        process.readyReadStandardError.connect(self._read)
        process.readyReadStandardOutput.connect(self._read_events)
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error)
        process.setWorkingDirectory(str(Path(protocol.__file__).resolve().parents[2]))
        lead_own_group(process)
        process.start(program, arguments)
        self.changed.emit()

    def stop(self) -> None:
        """Ask it to end, then end it. What is done is kept."""
        if self._process is not None and not self._stopped:
            self._stopped = True
            self._process.closeWriteChannel()
            self._impatience.start()
            self.changed.emit()

    def show_report(self) -> None:
        """Open the report in the browser, where there is one."""
        if self.report is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.report)))

    def acknowledge(self) -> None:
        """Its end was seen."""
        if self.is_news:
            self.is_news = False
            self.changed.emit()

    def leave(self) -> None:
        """The project closes: end it. Blocks for a moment."""
        process = self._process
        if process is None:
            return
        self.stop()
        if not process.waitForFinished(_LEAVE_MS):
            end_group(self._leader, kill=True)
            process.waitForFinished(_LEAVE_MS)

    @Slot()
    def _on_started(self) -> None:
        if self._process is not None:
            self._leader = self._process.processId()

    @Slot()
    def _next_rung(self) -> None:
        """It did not end by itself: ask its group, then kill it."""
        once_asked = self._impatience.property("asked") is True
        self._impatience.setProperty("asked", True)
        if self._leader:
            end_group(self._leader, kill=once_asked)

    @Slot()
    def _read(self) -> None:
        if self._process is None:
            return
        arrived = self._rest + bytes(self._process.readAllStandardError().data())
        *lines, self._rest = arrived.split(b"\n")
        for line in lines:
            self._say(line)

    @Slot()
    def _read_events(self) -> None:
        if self._process is None:
            return
        arrived = self._rest_of_events + bytes(self._process.readAllStandardOutput().data())
        *lines, self._rest_of_events = arrived.split(b"\n")
        for line in lines:
            event = protocol.decode(line.decode("utf-8", errors="replace"))
            if isinstance(event, protocol.ReportWritten):
                self.report = Path(event.path)
            elif isinstance(event, protocol.StageProgressed):
                self.progress = after(self.progress, [event])
                self.progressed.emit()

    def _say(self, raw: bytes) -> None:
        line = raw.decode("utf-8", errors="replace").strip()
        if line:
            self.lines.append(line)
            self.said.emit(line)

    @Slot(int, QProcess.ExitStatus)
    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        process = self._process
        if process is None:
            return
        end_group(self._leader, kill=True)  # cells that outlived their parent
        self._read()
        self._say(self._rest)
        self._read_events()
        self._end(code, status == QProcess.ExitStatus.CrashExit)

    def _end(self, code: int, crashed: bool) -> None:
        if code == 0 and not crashed:
            self._over("The report is ready.")
        elif self._stopped:
            self._over("Stopped. What is done is kept: started again, it goes on where it was.")
        elif code == _WORLDS_FAULT and self.lines:
            self._over(self.lines[-1], failed=True)
        else:
            how = "was killed" if crashed else f"ended unexpectedly (code {code})"
            self._over(f"The procedure {how}. Start it again: what is done is kept.", failed=True)

    @Slot(QProcess.ProcessError)
    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart and self._process is not None:
            why = self._process.errorString()
            self._over(f"The trainer could not be started: {why}. Install it again.", failed=True)

    def _over(self, sentence: str, *, failed: bool = False) -> None:
        self._impatience.stop()
        self._impatience.setProperty("asked", False)
        if self._process is not None:
            self._process.deleteLater()
        self._process, self._leader = None, 0
        self.sentence, self.failed, self.is_news = sentence, failed, True
        self.changed.emit()
