"""Which run, which split and which slice are looked at; the run panel and the slices show it."""

from PySide6.QtCore import QObject, Signal

from stremo_studio.domain.run import RunId
from stremo_studio.project.active_model import PromoteRun
from stremo_studio.project.changes import Changes
from stremo_studio.project.prediction_index import EVERY, Selection
from stremo_studio.project.review import ListedRun
from stremo_studio.project.slices import ScoredSlice, Slice
from stremo_studio.ui.page import Desk
from stremo_studio.ui.review.reviewed_run import ReviewedRun
from stremo_studio.ui.review.run_panel import RunPanel
from stremo_studio.ui.review.slice_panel import SlicePanel
from trainer.contract.manifest import SPLITS

_TEST_FIRST = tuple(reversed(SPLITS))


class RunChoice(QObject):
    """`selection` are the clips looked at."""

    listed = Signal(bool)
    """Whether any run has scores."""
    loaded = Signal()
    """Another run is in front."""
    narrowed = Signal()
    """Other clips of it are looked at."""

    def __init__(self, desk: Desk, runs: RunPanel, slices: SlicePanel, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._runs, self._slices = desk, runs, slices
        self._wanted: RunId | None = None
        self.reviewed = ReviewedRun(desk, self)
        self.split = "test"
        self.part: Slice | None = None
        self._stale = False
        desk.notifier.changed.connect(self._on_changes)
        self.reviewed.listed.connect(self._on_listed)
        self.reviewed.loaded.connect(self._on_loaded)
        self.reviewed.sliced.connect(self._on_sliced)
        self.reviewed.refreshed.connect(self._on_refreshed)
        self.reviewed.changed_known.connect(self._on_changed_known)
        runs.run_chosen.connect(self.reviewed.load)
        runs.split_chosen.connect(self.show_split)
        runs.slice_closed.connect(self.leave_slice)
        runs.promote_asked.connect(self.promote)
        slices.chosen.connect(self.show_slice)
        runs.show_runs([], None)

    @property
    def selection(self) -> Selection:
        return self.reviewed.index.select(self.split, self.part)

    @property
    def words(self) -> str:
        """What is looked at, as the end of a sentence."""
        if self.part:
            return "this slice"
        return "any set" if self.split == EVERY else f"the {self.split} set"

    def list_runs(self, wanted: RunId | None = None) -> None:
        """Read the list of runs again, and go to `wanted`; without it the run stays."""
        self._wanted = wanted or self._wanted
        self.reviewed.list_runs()

    def show_split(self, split: str) -> None:
        """Test, dev or train, or every one of them."""
        self.split = split
        self._slices.show_waiting(split)
        self.reviewed.slice_up(split)
        self.reviewed.watch_labels(split)
        self._narrow(None)

    def next_split(self) -> None:
        chosen = self._runs.chosen
        splits = (*_TEST_FIRST, EVERY) if chosen and chosen.held_out else _TEST_FIRST
        self.show_split(splits[(splits.index(self.split) + 1) % len(splits)])

    def show_slice(self, part: Slice) -> None:
        """Narrow to a slice; the one that is looked at already is left again."""
        self._narrow(None if part == self.part else part)

    def leave_slice(self) -> None:
        """All clips of the split again."""
        self._narrow(None)

    def promote(self) -> None:
        """Make the run in front the active model."""
        chosen = self._runs.chosen
        if chosen is not None and not chosen.active:
            self._desk.project.do(PromoteRun(chosen.run.id, chosen.run.name))

    def look_again(self) -> None:
        """The page comes to the front: speakers may have been described elsewhere."""
        if self._stale:
            self._stale = False
            self.reviewed.refresh_facts()

    def _on_changes(self, changes: Changes) -> None:
        if changes.clips or changes.worklist:
            self._stale = True
            self.reviewed.watch_labels(self.split)
        if changes.runs or changes.model:
            self.list_runs()

    def _narrow(self, part: Slice | None) -> None:
        self.part = part
        row = self._slices.table.row_of(part)
        scored = self._slices.table.rows[row] if row >= 0 else None
        self._runs.show_split(self.split, self.selection.counts(), scored)
        self._slices.mark(part)
        self.narrowed.emit()

    def _on_listed(self, listed: list[ListedRun]) -> None:
        self._runs.show_runs(listed, self._wanted or self.reviewed.run_id)
        wanted, self._wanted = self._wanted, None
        chosen = self._runs.chosen
        self.listed.emit(chosen is not None)
        if chosen is None:
            return
        if wanted is not None and chosen.run.id == self.reviewed.run_id:
            self._on_loaded()
        else:
            self.reviewed.load(chosen)

    def _on_loaded(self) -> None:
        self.show_split("test")
        self.loaded.emit()

    def _on_sliced(self, split: str, rows: list[ScoredSlice]) -> None:
        if split == self.split:
            self._slices.show_slices(split, rows)
            self._slices.mark(self.part)

    def _on_refreshed(self) -> None:
        """A slice that is looked at has other clips now, or none: all of them are looked at."""
        self.reviewed.slice_up(self.split)
        if self.part is not None:
            self._narrow(None)

    def _on_changed_known(self, changed: int) -> None:
        self._runs.show_changed(changed, self.split)
