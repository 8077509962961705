"""The middle of the status bar: which run is the active model, and which weights those are.

Six digits of the checkpoint's hash tell two models of one name apart. Found off the GUI thread:
the weights of older runs have to be read for it.
"""

from PySide6.QtCore import QObject, Slot

from stremo_studio.project.active_model import active_run, model_choice
from stremo_studio.project.changes import Changes
from stremo_studio.project.project import Project
from stremo_studio.ui.background import Background
from stremo_studio.ui.notifier import Notifier
from stremo_studio.ui.status_bar import StatusBar

_DIGITS = 6
NONE = "No model yet"


class ModelLine(QObject):
    """Follows one project while it is open."""

    def __init__(
        self,
        project: Project,
        notifier: Notifier,
        background: Background,
        status: StatusBar,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._project, self._background, self._status = project, background, status
        self._asked = 0
        notifier.changed.connect(self._on_changes)
        self._look()

    @Slot(object)
    def _on_changes(self, changes: Changes) -> None:
        if changes.runs or changes.model:
            self._look()

    def _look(self) -> None:
        project = self._project
        runs, choice = project.runs(), model_choice(project)

        def find() -> str:
            active = active_run(project, runs, choice)
            if active is None:
                return NONE
            digits = project.run_folder(active).checkpoint_hash()[:_DIGITS]
            return f"Active model {active.name}  {digits}".rstrip()

        self._background.forget(self._asked)
        self._asked = self._background.run(find, self._status.show_model, self._on_failed)

    def _on_failed(self, error: Exception) -> None:
        """A run folder that cannot be read is told where the run is listed."""
        self._status.show_model("")
