"""The figures of agreement: measured again, off the GUI thread, when answers have changed."""

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from stremo_studio.errors import StudioError
from stremo_studio.project.agreement import AgreementReport, agreement_report
from stremo_studio.project.project import Project
from stremo_studio.ui.page import Desk

_CALM_MS = 300


class Measuring(QObject):
    """`measured(AgreementReport)`. One measurement at a time: asked meanwhile, it follows."""

    measured = Signal(object)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._busy = self._again = False
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
        self._again = self._busy
        if self._busy:
            return
        self._busy = True
        folder = self._desk.project.folder

        def work() -> AgreementReport:
            project = Project.open(folder, read_only=True)
            try:
                return agreement_report(project)
            finally:
                project.close()

        self._desk.background.run(work, self._on_measured, self._on_failed)

    @Slot(object)
    def _on_measured(self, report: AgreementReport) -> None:
        self._busy = False
        self.measured.emit(report)
        if self._again:
            self.measure()

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        """A folder that is gone is told by the next write; anything else is our bug."""
        self._busy = False
        if not isinstance(error, StudioError):
            raise error
