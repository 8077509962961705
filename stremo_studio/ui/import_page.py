"""Import in two looks: the report of what would be written, then a bar while it is.

Nothing is written before Import is pressed. Reading runs off the GUI thread; writing runs in it,
one chunk each time the event loop is idle, because the project's connection lives there.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from stremo_studio.domain.wording import counted
from stremo_studio.errors import StudioError
from stremo_studio.project.importing import ImportPlan, plan_import, scan_source, write_import
from stremo_studio.ui.import_report import ImportReport
from stremo_studio.ui.key_text import keyed
from stremo_studio.ui.page import Desk, Page
from stremo_studio.ui.theme import GRID
from stremo_studio.ui.widgets import button, give_role, label
from trainer.corpora.rows import CorpusScan


class ImportPage(Page):
    """`finished(int)` says how many clips came; `cancelled` that nothing was written."""

    finished = Signal(int)
    cancelled = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._plan: ImportPlan | None = None
        self._writing: Iterator[int] | None = None
        self._ticket = 0
        self._straight = False
        self._title = label(role="title", wrap=True)
        self._state = label(role="quiet", wrap=True)
        self._bar = QProgressBar()
        self._bar.setAccessibleName("Import")
        self._report = QScrollArea()
        self._report.setWidgetResizable(True)
        self._cancel = keyed(button("Cancel"), text="Cancel  {window.leave}")
        self._cancel.clicked.connect(self.leave_field)
        self._go = button("Import", "primary")
        self._go.clicked.connect(self._on_go)
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._on_idle)
        self._lay_out()

    def start(self, source: Path, corpus: str | None = None, *, straight: bool = False) -> None:
        """Read `source` and show the report; `straight` imports without asking."""
        self._straight = straight
        self._plan = None
        self._title.setText(f"Reading {source.name}")
        self._state.setText("Nothing is written yet.")
        self._bar.setRange(0, 0)
        self._show_parts(busy=True)
        self._ticket = self.desk.background.run(
            partial(scan_source, source, corpus), self._on_scanned, self._on_failed
        )

    def leave_field(self) -> None:
        """Esc: stop, and leave nothing behind."""
        self.desk.background.forget(self._ticket)
        self._timer.stop()
        if self._writing is not None:
            self._writing.close()  # type: ignore[attr-defined]  # a generator: sweeps its stage
            self._writing = None
        self.cancelled.emit()

    @property
    def plan(self) -> ImportPlan | None:
        """What is reported now."""
        return self._plan

    def confirm(self) -> None:
        """Press Import."""
        self._go.click()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addStretch(1)
        row.addWidget(self._cancel)
        row.addWidget(self._go)
        column = QVBoxLayout()
        column.setSpacing(GRID)
        column.addWidget(self._title)
        column.addWidget(self._state)
        column.addWidget(self._bar)
        column.addWidget(self._report, 1)
        column.addLayout(row)
        column.addStretch(0)
        inner = QWidget()
        inner.setMaximumWidth(880)
        inner.setLayout(column)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(4 * GRID, 4 * GRID, 4 * GRID, 3 * GRID)
        outer.addStretch(1)
        outer.addWidget(inner, 20)
        outer.addStretch(1)

    def _show_parts(self, *, busy: bool) -> None:
        self._bar.setVisible(busy)
        self._report.setVisible(not busy)
        self._go.setVisible(not busy)

    def _on_scanned(self, found: CorpusScan) -> None:
        self._plan = plan = plan_import(self.desk.project, found)
        self._title.setText(f"{counted(len(found.clips), 'clip')} found in {Path(found.root).name}")
        self._state.setText("Nothing is written yet. Your files are never changed.")
        self._report.setWidget(ImportReport(plan, self.desk.theme))
        offer = f"Import {_what(plan)}  {{import.confirm}}"
        keyed(self._go, text=offer if plan.writes else "Nothing new")
        self._go.setEnabled(plan.writes)
        self._show_parts(busy=False)
        give_role(self._go, "primary")
        if self._straight and plan.writes:
            self._on_go()

    def _on_failed(self, error: Exception) -> None:
        self.cancelled.emit()
        if isinstance(error, StudioError):
            self.desk.banners.show_error(error)
        else:
            raise error

    def _on_go(self) -> None:
        if self._plan is None or self._writing is not None:
            return
        total = len(self._plan.new) + len(self._plan.relinked)
        self._title.setText(self._plan.sentence)
        self._bar.setRange(0, max(1, total))
        self._show_parts(busy=True)
        self._writing = write_import(self.desk.project, self._plan)
        self._timer.start()

    def _on_idle(self) -> None:
        """Write one chunk."""
        assert self._writing is not None
        try:
            done = next(self._writing, None)
        except StudioError as error:
            self._writing = None
            self._timer.stop()
            self.cancelled.emit()
            self.desk.banners.show_error(error)
            return
        if done is not None:
            self._bar.setValue(done)
            self._state.setText(f"{done:,} of {self._bar.maximum():,} clips written")
            return
        self._timer.stop()
        self._writing = None
        assert self._plan is not None
        count = len(self._plan.new) + len(self._plan.restored)
        QTimer.singleShot(0, self, partial(self.finished.emit, count))


def _what(plan: ImportPlan) -> str:
    clips = len(plan.new) + len(plan.restored) + len(plan.relinked)
    if not clips:
        return f"answers to {counted(len(plan.answered), 'clip')}"
    return counted(clips, "clip")
