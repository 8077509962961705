"""The one run at work: started, watched and ended here; every screen shows from it.

It knows the project only to start runs and to tell everybody that one is over.
"""

from collections.abc import Callable, Sequence
from enum import Enum, auto

from PySide6.QtCore import QObject, Signal, Slot

from stremo_studio.domain.run import Run
from stremo_studio.project.changes import Changes
from stremo_studio.project.project import Project
from stremo_studio.ui.run_ending import RunEnding
from stremo_studio.ui.run_process import Patience, RunProcess
from stremo_studio.ui.train.folder_watch import FolderWatch
from stremo_studio.ui.train.progress import RunProgress, after
from trainer.contract import protocol
from trainer.contract.run_folder import RUNNING, RunFolder


class Phase(Enum):
    """Where the active run stands."""

    IDLE = auto()
    STARTING = auto()
    RUNNING = auto()
    STOPPING = auto()
    """Asked to stop and keep the best."""
    CANCELLING = auto()
    ENDED = auto()


AT_WORK = (Phase.STARTING, Phase.RUNNING, Phase.STOPPING, Phase.CANCELLING)


class ActiveRun(QObject):
    """At most one run at a time. `changed` after every event batch and every change of phase."""

    changed = Signal()
    ended = Signal()

    def __init__(
        self,
        project: Project,
        parent: QObject | None = None,
        command: Sequence[str] | None = None,
        patience: Patience | None = None,
    ) -> None:
        """`command` starts another trainer than the studio's own, in tests."""
        super().__init__(parent)
        self._project = project
        self._command, self._patience = command, patience or Patience()
        self._process: RunProcess | None = None
        self.run: Run | None = None
        self.progress = RunProgress()
        self.phase = Phase.IDLE
        self.ending: RunEnding | None = None
        self.force_offered = False
        self.silence_s = 0

    @property
    def at_work(self) -> bool:
        return self.phase in AT_WORK

    @property
    def is_ours(self) -> bool:
        """Its trainer is a child of this studio, and ends with it."""
        return self._process is not None

    @property
    def can_be_stopped(self) -> bool:
        """It has a trainer that listens to this studio."""
        return self._process is not None and self.phase in (Phase.STARTING, Phase.RUNNING)

    @property
    def folder(self) -> RunFolder | None:
        return self._project.run_folder(self.run) if self.run else None

    def status(self, run: Run) -> str:
        """The run's status; the folder of the run at work is not probed, its trainer may just
        be taking the lock."""
        if self.at_work and self.run is not None and self.run.id == run.id:
            return RUNNING
        return self._project.run_folder(run).status()

    def prepare(self) -> None:
        """Say `Starting…` before there is a run."""
        self.run, self.progress, self.ending = None, RunProgress(), None
        self.phase = Phase.STARTING
        self.changed.emit()

    def give_up(self) -> None:
        """What was prepared cannot start."""
        self.phase = Phase.IDLE
        self.changed.emit()

    def start(self, run: Run) -> None:
        """Start the trainer on a run's folder; nothing while another run is at work."""
        if self._process is not None or (self.at_work and self.run is not None):
            return
        process = RunProcess(self._begin(run), self._command, self._patience, self)
        process.events_arrived.connect(self._on_events)
        process.force_stop_offered.connect(self._on_force_offered)
        process.silence_noticed.connect(self._on_silence)
        process.ended.connect(self._on_ended)
        process.ended.connect(process.deleteLater)
        self._process = process
        self.changed.emit()
        process.start()

    def attach(self, run: Run) -> None:
        """Watch a run whose trainer works for nobody here."""
        watch = FolderWatch(self._begin(run), self)
        watch.events_arrived.connect(self._on_events)
        watch.ended.connect(self._on_ended)
        watch.ended.connect(watch.deleteLater)
        watch.start()
        self.changed.emit()

    def stop_and_keep_best(self) -> None:
        self._ask(Phase.STOPPING, RunProcess.stop_and_keep_best)

    def cancel(self) -> None:
        self._ask(Phase.CANCELLING, RunProcess.cancel)

    def force_stop(self) -> None:
        """End the trainer and its workers now."""
        if self._process is not None:
            self._process.force_stop()

    def acknowledge(self) -> None:
        """The result was seen."""
        if self.phase is Phase.ENDED:
            self.phase = Phase.IDLE
            self.changed.emit()

    def leave(self) -> None:
        """The project closes: end the trainer. Blocks for a moment while one is at work."""
        if self._process is not None:
            self._process.leave()

    def _begin(self, run: Run) -> RunFolder:
        self.run, self.progress, self.ending = run, RunProgress(), None
        self.force_offered, self.silence_s = False, 0
        self.phase = Phase.STARTING
        return self._project.run_folder(run)

    def _ask(self, phase: Phase, ask: Callable[[RunProcess], None]) -> None:
        open_to = (Phase.STARTING, Phase.RUNNING, Phase.STOPPING)
        if self._process is not None and self.phase in open_to and self.phase is not phase:
            self.phase = phase
            self.changed.emit()
            ask(self._process)

    @Slot(list)
    def _on_events(self, events: list[protocol.Event]) -> None:
        if self.phase is Phase.STARTING:
            self.phase = Phase.RUNNING
        self.progress = after(self.progress, events)
        self.changed.emit()

    @Slot()
    def _on_force_offered(self) -> None:
        self.force_offered = True
        self.changed.emit()

    @Slot(int)
    def _on_silence(self, seconds: int) -> None:
        self.silence_s = seconds
        self.changed.emit()

    @Slot(object)
    def _on_ended(self, ending: RunEnding) -> None:
        self._process = None
        self.phase, self.ending = Phase.ENDED, ending
        self.force_offered, self.silence_s = False, 0
        self.changed.emit()
        self.ended.emit()
        self._project.changes.publish(Changes(runs=True, history=False))
