"""A run while it learns: stage, curves, the matrix so far, twelve watched clips, the log."""

from collections.abc import Sequence

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from stremo_studio.ui.matrix_view import MatrixView
from stremo_studio.ui.theme import GRID, Theme
from stremo_studio.ui.train.curves import RunCurves
from stremo_studio.ui.train.log_view import LogView
from stremo_studio.ui.train.progress import RunProgress, speed_text, stage_text
from stremo_studio.ui.train.watch_list import WatchedClip, WatchList
from stremo_studio.ui.widgets import label
from trainer.contract.labels import CLASSES
from trainer.contract.run_folder import RunFolder


class LivePanel(QWidget):
    """Shows a `RunProgress`; also that of a run long over."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._name = label(role="heading")
        self._facts = label(role="quiet", wrap=True)
        self._note = label(role="warning", wrap=True)
        self._warnings = label(role="warning", wrap=True)
        self._stage = label()
        self._speed = label(role="quiet")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Progress of the stage")
        self.curves = RunCurves(theme)
        self.matrix = MatrixView(theme, readable_only=True)
        self.matrix.setFixedHeight(27 * GRID)
        self._matrix_head = label("Dev set, best so far", "heading")
        self.watch = WatchList(theme)
        self._watch_head = label("Watched clips", "heading")
        self.log = LogView()
        self._lay_out()
        self.show_progress(RunProgress(), at_work=False)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(3 * GRID)
        grid.setVerticalSpacing(GRID)
        grid.addWidget(self.curves, 0, 0, 5, 1)
        grid.addWidget(self._matrix_head, 0, 1)
        grid.addWidget(self.matrix, 1, 1)
        grid.addWidget(self._watch_head, 2, 1)
        grid.addWidget(self.watch, 3, 1)
        grid.setRowStretch(4, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        line = QHBoxLayout()
        line.setSpacing(2 * GRID)
        line.addWidget(self._stage)
        line.addWidget(self._speed)
        line.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        for part in (self._name, self._facts, self._note, self._warnings):
            column.addWidget(part)
        column.addLayout(line)
        column.addWidget(self._bar)
        column.addLayout(grid)
        column.addWidget(self.log)
        column.addStretch(1)

    def show_run(self, name: str, folder: RunFolder | None, watched: Sequence[WatchedClip]) -> None:
        """Begin with another run."""
        self._name.setText(name)
        self.watch.show_clips(watched)
        self.log.follow(folder)
        self._watch_head.setVisible(bool(watched))
        self.watch.setVisible(bool(watched))

    def show_progress(self, progress: RunProgress, *, at_work: bool) -> None:
        """Show where the run stands; stage and speed only while it is at work."""
        self._facts.setText(_facts(progress))
        self._facts.setVisible(bool(self._facts.text()))
        self._note.setText(progress.note)
        self._note.setVisible(bool(progress.note))
        self._warnings.setText(
            "\n".join(f"{w.message} {w.hint}".strip() for w in progress.warnings)
        )
        self._warnings.setVisible(bool(progress.warnings))
        self._stage.setText(stage_text(progress) or "Starting…")
        self._speed.setText(speed_text(progress))
        self._bar.setRange(0, progress.total)
        self._bar.setValue(progress.done)
        for part in (self._stage, self._speed, self._bar):
            part.setVisible(at_work)
        self.curves.show_progress(progress)
        best = progress.best or (progress.epochs[-1] if progress.epochs else None)
        empty = [[0] * len(CLASSES) for _ in CLASSES]
        self.matrix.show_counts(best.dev_confusion if best else empty)
        told = f", epoch {best.epoch}" if best else ""
        self._matrix_head.setText(f"Dev set, best so far{told}")
        self.watch.show_probabilities(progress.watched)


def _facts(progress: RunProgress) -> str:
    """Model, device, and how many clips each split has."""
    counts = [f"{name} {sum(by.values()):,}" for name, by in progress.counts.items()]
    clips = f"{' / '.join(counts)} clips" if counts else ""
    return "  ·  ".join(part for part in (progress.model, progress.device, clips) if part)
