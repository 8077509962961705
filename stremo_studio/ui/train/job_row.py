"""One row under the workspaces: what is at work, how far it is, and the buttons that end it."""

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QWidget

from stremo_studio.ui.theme import GRID
from stremo_studio.ui.train.progress import RunProgress
from stremo_studio.ui.widgets import give_role, label


class JobRow(QFrame):
    """Its icon, its words and its bar; `choices` stand at the right end."""

    def __init__(self, name: str, choices: Sequence[QWidget]) -> None:
        super().__init__()
        give_role(self, "foot")
        self.setAccessibleName(name)
        self.icon = QLabel()
        self.name, self.stage, self.eta = label(), label(), label(role="quiet")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(24 * GRID)
        self.bar.setAccessibleName("Progress of the stage")
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID, GRID // 2, GRID, GRID // 2)
        row.setSpacing(GRID)
        for part in (self.icon, self.name, self.stage, self.bar, self.eta):
            row.addWidget(part)
        row.addStretch(1)
        for choice in choices:
            row.addWidget(choice)

    @property
    def text(self) -> str:
        """What stands in the row."""
        parts = (self.name.text(), self.stage.text(), self.eta.text())
        return "  ".join(part for part in parts if part)

    def show_progress(self, progress: RunProgress, *, at_work: bool) -> None:
        """A total that is not known yet is a bar that moves."""
        self.bar.setVisible(at_work)
        self.bar.setRange(0, progress.total)
        self.bar.setValue(progress.done)
