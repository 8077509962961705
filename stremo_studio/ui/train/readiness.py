"""Whether a run could start now, and what is new for it: asked again after every change.

The question reads every clip, so it is put off the GUI thread, over a read-only connection of
its own. Off the thread is not off the interpreter, which both need: while changes keep coming, as
when recordings arrive, it is asked a tenth of the time at most.
"""

import time
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from stremo_studio.project.changes import Changes
from stremo_studio.project.preflight import Preflight, preflight
from stremo_studio.project.project import Project
from stremo_studio.ui.page import Desk
from trainer.contract.config import RunConfig

READ_ONLY = "The project is open read-only."
_CALM_MS, _REST, _LONGEST_MS = 250, 9, 2_000
"""After a change it waits at least so long, or so many times as long as it took the last time."""


@dataclass(frozen=True, slots=True)
class Ready:
    """What the preflight found, and whether there was a run before."""

    preflight: Preflight
    trained_before: bool


class Readiness(QObject):
    """`changed` when a new `value` is known."""

    changed = Signal()

    def __init__(self, desk: Desk, config: RunConfig, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._config = desk, config
        self.value: Ready | None = None
        self._asking = self._ask_again = False
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.setInterval(_CALM_MS)
        self._calm.timeout.connect(self._ask)
        desk.notifier.changed.connect(self._on_changed)
        self._ask()

    def leave(self) -> None:
        """The project closes: ask nothing more."""
        self._desk.notifier.changed.disconnect(self._on_changed)
        self._calm.stop()

    def use(self, config: RunConfig) -> None:
        """Ask about another configuration."""
        self._config = config
        self._calm.start(_CALM_MS)

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        concerns = changes.clips or changes.worklist or changes.runs
        if concerns and not self._calm.isActive():
            self._calm.start()

    @Slot()
    def _ask(self) -> None:
        if self._asking:
            self._ask_again = True
            return
        self._asking = True
        folder, config = self._desk.project.folder, self._config
        blocked = self._desk.project.read_only

        def look() -> tuple[Ready, float]:
            began = time.perf_counter()
            return look_at(folder, config, read_only=blocked), time.perf_counter() - began

        self._desk.background.run(look, self._on_known, self._on_failed)

    def _on_known(self, found: tuple[Ready, float]) -> None:
        self._asking = False
        self.value, seconds = found
        self._calm.setInterval(min(max(_CALM_MS, round(_REST * seconds * 1000)), _LONGEST_MS))
        self.changed.emit()
        if self._ask_again:
            self._ask_again = False
            self._calm.start()

    def _on_failed(self, error: Exception) -> None:
        """The project's own writes say what is wrong with its folder; here it is only unknown."""
        self._asking = False


def look_at(folder: Path, config: RunConfig, *, read_only: bool) -> Ready:
    """The preflight of a project that is open elsewhere in this process."""
    project = Project.open(folder, read_only=True)
    try:
        found, trained_before = preflight(project, config), bool(project.runs())
    finally:
        project.close()
    if read_only:
        found = replace(found, blockers=(READ_ONLY, *found.blockers))
    return Ready(found, trained_before)
