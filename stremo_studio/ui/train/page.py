"""The train workspace: what to train on the left, the chosen run on the right."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from stremo_studio.domain.clip import ClipId
from stremo_studio.domain.run import Run, RunId
from stremo_studio.project.active_model import (
    KeepActive,
    PromoteRun,
    active_run,
    model_choice,
    with_active,
)
from stremo_studio.project.changes import Changes
from stremo_studio.project.review import ListedRun, listed_run
from stremo_studio.project.slices import read_facts_of
from stremo_studio.ui.empty_state import EmptyState
from stremo_studio.ui.key_text import keyed
from stremo_studio.ui.page import Desk, Page
from stremo_studio.ui.run_ending import RunEnding
from stremo_studio.ui.run_table import RunTable, RunView
from stremo_studio.ui.theme import GRID
from stremo_studio.ui.train.active_run import Phase
from stremo_studio.ui.train.cache_line import CacheLine
from stremo_studio.ui.train.ending_card import EndingCard
from stremo_studio.ui.train.live_panel import LivePanel
from stremo_studio.ui.train.preflight_list import PreflightList
from stremo_studio.ui.train.recipe_form import RecipeForm
from stremo_studio.ui.train.reproduce_panel import ReproducePanel
from stremo_studio.ui.train.result_card import ResultCard
from stremo_studio.ui.train.run_record import RunRecord, read_record
from stremo_studio.ui.train.training import Training
from stremo_studio.ui.train.watch_list import WatchedClip
from stremo_studio.ui.widgets import button, give_role, label, line
from trainer.contract.labels import CLASSES
from trainer.contract.run_folder import INTERRUPTED, RUNNING

_LEFT, _EMPTY = 384, 440


class TrainPage(Page):
    """Shows the run that is chosen; a run that starts is chosen by itself."""

    clips_asked = Signal(int, str, list)
    """Run id, name of the playlist, clip ids; without a name, all its misclassified clips."""

    def __init__(self, desk: Desk, training: Training) -> None:
        super().__init__(desk)
        self.training = training
        self.active = training.active
        self._shown: RunId | None = None
        self._listed_at_work: RunId | None = None
        self._record: RunRecord | None = None
        self._declined = False
        self.form = RecipeForm(desk.theme, training.config)
        self.preflight = PreflightList(desk.theme)
        self.runs = RunView(RunTable())
        self.cache = CacheLine(desk, self.active)
        self.live = LivePanel(desk.theme)
        self.result = ResultCard()
        self.ending = EndingCard(desk.theme)
        self.paper = ReproducePanel(training.reproduction, training.asked, desk.background)
        self.paper_button = button("Reproduce the paper…", "flat", checkable=True)
        keyed(self.paper_button, text="Reproduce the paper…  {train.reproduce}")
        self.empty = EmptyState(
            "No run yet",
            "Label some clips of each class, then train: the run, its curves and its result "
            "appear here.",
            "Train  {window.retrain}",
        )
        self.empty.setMinimumHeight(_EMPTY)
        self._lay_out()
        self.form.config_changed.connect(training.use)
        self.empty.button.clicked.connect(training.button.press)
        self.runs.run_chosen.connect(self._on_run_chosen)
        self.active.changed.connect(self._on_active_changed)
        self.result.errors_asked.connect(self._on_errors)
        self.result.clips_asked.connect(self._on_clips)
        self.result.promote_asked.connect(self.promote)
        self.result.keep_asked.connect(self.keep_active)
        for card in (self.result, self.ending):
            card.run_again_asked.connect(self._on_run_again)
        self.paper.asked_changed.connect(training.ask)
        self.paper_button.toggled.connect(self.paper.setVisible)
        self.paper.hide()
        training.readiness.changed.connect(self._on_readiness)
        desk.notifier.changed.connect(self._on_changes)
        self._on_readiness()
        self._list_runs()

    def _lay_out(self) -> None:
        left = give_role(QFrame(), "panel")
        column = QVBoxLayout(left)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        for head, part in (("Recipe", self.form), ("Before it starts", self.preflight)):
            column.addWidget(label(head, "heading"))
            column.addWidget(part)
            column.addSpacing(GRID)
        column.addWidget(self.paper_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(GRID)
        column.addWidget(label("Runs", "heading"))
        self.runs.setMinimumHeight(20 * GRID)
        column.addWidget(self.runs, 1)
        column.addWidget(self.cache)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, 2 * GRID)
        column.setSpacing(2 * GRID)
        for shown in (self.paper, self.empty, self.ending, self.result, self.live):
            column.addWidget(shown)
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        side = _scrolling(left)
        side.setFixedWidth(_LEFT)
        row.addWidget(side)
        row.addWidget(line(vertical=True))
        row.addWidget(_scrolling(right), 1)

    def enter(self) -> None:
        self.runs.setFocus()
        self.cache.measure()
        run = self.active.run
        if self.active.phase is Phase.ENDED and run is not None:
            self._list_runs(run.id)

    def exit(self) -> None:
        """What stood here was seen."""
        self.active.acknowledge()
        if self.paper_button.isChecked():
            self.training.reproduction.acknowledge()

    def leave_field(self) -> None:
        self.runs.setFocus()

    # The paper

    def toggle_reproduction(self) -> None:
        self.paper_button.toggle()

    def start_or_stop_reproduction(self) -> None:
        self.paper_button.setChecked(True)
        self.paper.start_or_stop()

    def open_report(self) -> None:
        self.training.reproduction.show_report()

    # The list of runs

    def _list_runs(self, wanted: RunId | None = None) -> None:
        project = self.desk.project
        found = [self._listed(run) for run in project.runs()]
        listed = with_active(found, model_choice(project))
        self._listed_at_work = self._at_work_id
        self.runs.show_runs(listed, wanted)
        self.empty.setVisible(not listed and not self.active.at_work)
        if not listed:
            self.live.hide()

    @property
    def _at_work_id(self) -> RunId | None:
        return self.active.run.id if self.active.at_work and self.active.run else None

    def _listed(self, run: Run) -> ListedRun:
        """The folder of the run at work is not probed: its trainer may be taking the lock."""
        if run.id == self._at_work_id:
            return ListedRun(run, RUNNING, None)
        return listed_run(self.desk.project, run)

    def _on_run_chosen(self, listed: ListedRun) -> None:
        run, project = listed.run, self.desk.project
        folder = project.run_folder(run)
        self._shown, self._record = run.id, None
        runs, choice = project.runs(), model_choice(project)
        self._declined = run.id in choice.declined

        def read() -> RunRecord:
            active = active_run(project, runs, choice)
            beside = (active, project.run_folder(active)) if active else None
            facts = partial(read_facts_of, project.folder)
            return read_record(run, folder, listed.status, beside, facts)

        self.desk.background.run(read, self._on_record)

    def _on_record(self, record: RunRecord) -> None:
        if record.run.id != self._shown:
            return
        self._record = record
        self.live.show()
        self.live.show_run(record.run.name, record.folder, self._watched(record.watched))
        self._show_chosen()

    def _show_chosen(self) -> None:
        """The run at work from its events, any other from its folder."""
        record = self._record
        if record is None:
            return
        at_work = self._at_work_id == record.run.id
        progress = self.active.progress if at_work else record.progress
        self.live.show_progress(progress, at_work=at_work)
        self.result.show_report(None if at_work else record.report, declined=self._declined)
        self.ending.show_ending(record.run.name, None if at_work else self._ending(record))

    def _ending(self, record: RunRecord) -> RunEnding | None:
        """Who saw a run end knows more than its folder: which signal, or that it was asked for."""
        run, found = self.active.run, record.ending
        watched = run is not None and run.id == record.run.id and self.active.ending is not None
        interrupted = found is not None and found.status == INTERRUPTED
        return self.active.ending if watched and interrupted else found

    def _watched(self, ids: tuple[str, ...]) -> list[WatchedClip]:
        clips = self.desk.project.clips([ClipId(int(one)) for one in ids if one.isdigit()])
        return [WatchedClip(str(c.id), c.name, str(c.label)) for c in clips if c.label in CLASSES]

    # What happens meanwhile

    def _on_active_changed(self) -> None:
        if self._at_work_id != self._listed_at_work:
            self._list_runs(self._at_work_id or self._shown)
        elif self._at_work_id is not None and self._at_work_id == self._shown:
            self._show_chosen()

    def _on_changes(self, changes: Changes) -> None:
        if changes.runs or changes.model:
            self._list_runs(self._shown)

    def _on_readiness(self) -> None:
        if self.training.readiness.value is not None:
            self.preflight.show_preflight(self.training.readiness.value.preflight)

    # What is asked of the run shown

    def _on_errors(self) -> None:
        if self._shown is not None:
            self.clips_asked.emit(self._shown, "", [])

    def _on_clips(self, chip: str, clips: list[int]) -> None:
        if self._shown is not None:
            self.clips_asked.emit(self._shown, chip, clips)

    def promote(self) -> None:
        """Make the run shown the active model."""
        report = self.result.report
        if report is not None and not report.active:
            self.desk.project.do(PromoteRun(report.run.id, report.run.name))

    def keep_active(self) -> None:
        """Decide against the run shown."""
        report = self.result.report
        if report is not None and not report.active:
            self.desk.project.do(KeepActive(report.run.id, report.run.name))

    def _on_run_again(self) -> None:
        """An interrupted run goes on or starts over in its own folder; any other becomes a new
        run."""
        record = self._record
        if record is None:
            return
        if record.ending is not None and record.ending.status == INTERRUPTED:
            self.training.run_again(record.run)
        else:
            self.training.start()


def _scrolling(widget: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidget(widget)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area
