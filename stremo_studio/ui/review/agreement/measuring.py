"""The figures of agreement: measured again, off the GUI thread, when answers have changed."""

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from stremo_studio.project.agreement import AgreementReport, agreement_report
from stremo_studio.project.project import Project
from stremo_studio.ui.page import Desk

_CALM_MS = 300


class Measuring(QObject):
    """`measured(AgreementReport)`; of several questions only the last is answered."""

    measured = Signal(object)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._ticket = 0
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.setInterval(_CALM_MS)
        self._calm.timeout.connect(self.measure)

    def measure_soon(self) -> None:
        """Once the answers have stopped coming."""
        self._calm.start()

    @Slot()
    def measure(self) -> None:
        self._calm.stop()
        folder = self._desk.project.folder

        def work() -> AgreementReport:
            project = Project.open(folder, read_only=True)
            try:
                return agreement_report(project)
            finally:
                project.close()

        self._desk.background.forget(self._ticket)
        self._ticket = self._desk.background.run(work, self.measured.emit, _ignore)


def _ignore(error: Exception) -> None:
    """A folder that is gone is told by the next write."""
