"""The downloader as a child process: what waits in the project goes in, its events come out.

It runs only after a person has said so (`start`), and ends when nothing is left. Everything it
says is written down before anybody is told; bytes and speeds are shown and forgotten.
"""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QTimer, Signal, Slot

from stremo_studio.domain.recording import RecordingId
from stremo_studio.downloader import messages
from stremo_studio.errors import StudioError
from stremo_studio.project import fetching
from stremo_studio.project.changes import Changes
from stremo_studio.project.project import Project
from stremo_studio.project.sources import is_paused, pause, resume

BATCH_MS = 80
_CRASHES = 3
"""Ends without a word from it, in a row, after which it is not started again by itself."""
_LEAVE_MS = 2_000


class Downloads(QObject):
    """The downloader of one open project. Make it on the GUI thread; end it with `leave`."""

    progressed = Signal(object)
    """`dict[RecordingId, messages.Progressed]`: the newest of each, some ten times a second."""
    inspected = Signal(object)
    """`messages.Inspected`, the answer to `inspect`."""
    hint_changed = Signal(str)
    """One line, e.g. that yt-dlp is old and how to update it; empty when there is none."""
    running_changed = Signal(bool)
    failed = Signal(object)
    """`StudioError`: the downloader cannot run, or the project cannot be written."""

    def __init__(self, project: Project, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.hint = ""
        self._project = project
        self._asked_for: set[RecordingId] = set()
        self._questions: list[str] = []
        self._active = self._ending = False
        self._crashes = 0
        self._rest = b""
        self._events: list[messages.Event] = []
        self._process: QProcess | None = None
        self._batch = QTimer(self)
        self._batch.setSingleShot(True)
        self._batch.setInterval(BATCH_MS)
        self._batch.timeout.connect(self._hand_on)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_LEAVE_MS)
        self._patience.timeout.connect(self._kill)
        self._unsubscribe = project.changes.subscribe(self._on_changes)

    @property
    def is_running(self) -> bool:
        """Whether the downloader is at work on the queue."""
        return self._active and self._process is not None

    @property
    def _is_up(self) -> bool:
        return self._process is not None

    def start(self) -> None:
        """Fetch what waits, and from now on whatever is asked for; ends a pause."""
        if self._project.read_only:
            return
        self._crashes = 0
        self._active = True
        if is_paused(self._project):
            resume(self._project)
        self._feed()

    def pause(self) -> None:
        """End the downloader; what has come so far stays, and so does the queue."""
        self._active = False
        pause(self._project)
        self._end()

    def inspect(self, link: str) -> None:
        """Look what a link is; `inspected` answers."""
        self._questions.append(link)
        if self._process is None:
            self._start_process()
        elif not self._ending:
            self._send(messages.Inspect(link))

    def leave(self) -> None:
        """The project closes: end the downloader. Blocks for a moment."""
        self._unsubscribe()
        self._active = False
        self._questions.clear()
        if self._process is not None:
            self._end()
            if not self._process.waitForFinished(_LEAVE_MS) and self._process is not None:
                self._process.kill()
                self._process.waitForFinished(_LEAVE_MS)

    def _on_changes(self, changes: Changes) -> None:
        if self._active and changes.sources:
            self._feed(changes.sources)

    def _feed(self, among: Iterable[RecordingId] | None = None) -> None:
        """Send what has come into the queue, take back what has gone out of it."""
        if self._ending:
            return  # when it is gone, another one is started if need be
        orders = fetching.orders(self._project, among)
        if self._process is None:
            if orders:
                self._start_process()
            return
        for recording in among or ():
            if recording in self._asked_for and recording not in orders:
                self._asked_for.discard(recording)
                self._send(messages.Cancel(recording))
        for recording, order in orders.items():
            if recording not in self._asked_for:
                self._asked_for.add(recording)
                self._send(order)

    def _start_process(self) -> None:
        program, *arguments = fetching.downloader_command(self._project)
        process = QProcess(self)
        # With `-m` the working directory goes first on the child's path: it runs this studio.
        process.setWorkingDirectory(str(Path(messages.__file__).resolve().parents[2]))
        log = self._project.cache / "downloader.log"
        try:
            log.parent.mkdir(parents=True, exist_ok=True)
            process.setStandardErrorFile(str(log))
        except OSError:  # a log is a courtesy
            process.setStandardErrorFile(QProcess.nullDevice())
        process.readyReadStandardOutput.connect(self._read)
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error)
        self._process, self._rest, self._asked_for, self._ending = process, b"", set(), False
        process.start(program, arguments)
        self.running_changed.emit(True)
        for link in self._questions:
            self._send(messages.Inspect(link))
        if self._active:
            self._feed()

    def _send(self, command: messages.Command) -> None:
        if self._process is not None:
            self._process.write(messages.encode(command))

    @Slot()
    def _read(self) -> None:
        if self._process is None:
            return
        text = self._rest + bytes(self._process.readAllStandardOutput().data())
        *lines, self._rest = text.split(b"\n")
        for line in lines:
            event = messages.decode(line)
            if isinstance(event, messages.Event):
                self._events.append(event)
        if self._events and not self._batch.isActive():
            self._batch.start()

    @Slot()
    def _hand_on(self) -> None:
        events, self._events = self._events, []
        try:
            fetching.take_events(self._project, events)
        except StudioError as error:
            self._active = False
            self._end()
            self.failed.emit(error)
            return
        progress = {RecordingId(e.id): e for e in events if isinstance(e, messages.Progressed)}
        if progress:
            self.progressed.emit(progress)
        for event in events:
            self._tell(event)

    def _tell(self, event: messages.Event) -> None:
        if isinstance(event, messages.Hello):
            self.hint = event.hint
            self.hint_changed.emit(event.hint)
        elif isinstance(event, messages.Inspected):
            self._questions = [link for link in self._questions if link != event.link]
            self.inspected.emit(event)
        elif isinstance(event, messages.Stopped):
            self._active = False
            self.failed.emit(StudioError(event.message, event.hint))
        elif isinstance(event, messages.Fetched | messages.Failed | messages.Delayed):
            self._crashes = 0  # it works
        if isinstance(event, messages.Idle | messages.Inspected):
            self._close_if_idle()

    def _close_if_idle(self) -> None:
        if not self._questions and not (self._active and self._asked_for):
            self._end()

    def _end(self) -> None:
        """Ask the downloader to end, which it does at once; a stubborn one is killed."""
        if self._process is not None and not self._ending:
            self._ending = True
            self._process.closeWriteChannel()
            self._patience.start()

    @Slot()
    def _kill(self) -> None:
        if self._process is not None:
            self._process.kill()

    @Slot(int, QProcess.ExitStatus)
    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        assert self._process is not None
        self._read()
        self._batch.stop()
        self._hand_on()
        if not self._ending and (code != 0 or status == QProcess.ExitStatus.CrashExit):
            self._crashes += 1
        self._forget_process()
        if self._crashes >= _CRASHES:
            self._active = False
            log = self._project.cache / "downloader.log"
            self.failed.emit(
                StudioError("The downloader ended by itself.", f"Its last words are in {log}.")
            )
        elif self._active:
            self._feed()  # what came into the queue while it was leaving, or what a crash left
        if self._questions and not self._is_up and self._crashes < _CRASHES:
            self._start_process()

    @Slot(QProcess.ProcessError)
    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart and self._process is not None:
            why, self._active = self._process.errorString(), False
            self._questions.clear()
            self._forget_process()
            self.failed.emit(StudioError(f"The downloader cannot start: {why}.", "Install again."))

    def _forget_process(self) -> None:
        assert self._process is not None
        self._patience.stop()
        self._process.deleteLater()
        self._process, self._ending = None, False
        if self._project.database.is_open and not self._project.read_only:
            fetching.give_back(self._project)
        self.running_changed.emit(False)
