"""The run under review: predictions, slices, and labels changed since; read off the GUI thread."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from stremo_studio.domain.run import RunId
from stremo_studio.project.active_model import model_choice, with_active
from stremo_studio.project.neighbours import Embeddings, read_embeddings
from stremo_studio.project.prediction_index import PredictionIndex, index_predictions
from stremo_studio.project.project import Project
from stremo_studio.project.review import ListedRun, changed_labels, listed_run, predictions
from stremo_studio.project.slices import Facts, ScoredSlice, read_facts_of
from stremo_studio.ui.page import Desk

_CALM_MS = 200


class ReviewedRun(QObject):
    """Asks are answered by signals; answers to an older question are dropped."""

    listed = Signal(list)
    """`list[ListedRun]`: the runs that have scores, newest first."""
    loaded = Signal(object)
    """`RunId` whose predictions are in `index` now."""
    failed = Signal(str)
    sliced = Signal(str, list)
    """A split and its `list[ScoredSlice]`, the worst first."""
    refreshed = Signal()
    """More or other facts are known of its clips."""
    changed_known = Signal(int)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._loading: RunId | None = None
        self._listing = 0
        self.run_id: RunId | None = None
        self.index: PredictionIndex = index_predictions([])
        self.embeddings: Embeddings | None = None
        """None for a run that kept none."""
        self._slices: dict[str, list[ScoredSlice]] = {}
        self._split = "test"
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.setInterval(_CALM_MS)
        self._calm.timeout.connect(self._count_changed)

    def list_runs(self) -> None:
        project = self._desk.project
        runs, choice = project.runs(), model_choice(project)

        def read() -> list[ListedRun]:
            found = [listed_run(project, run) for run in runs]  # folders only, no database
            return [one for one in with_active(found, choice) if one.evaluation() is not None]

        # Of several questions only the last is answered: an older list may lack the newest run.
        self._desk.background.forget(self._listing)
        self._listing = self._desk.background.run(read, self.listed.emit)

    def load(self, listed: ListedRun) -> None:
        """Read the predictions of a run, once: those of a run that is over never change."""
        project, run = self._desk.project, listed.run
        if self._loading == run.id:
            return
        self._loading = run.id
        folder = project.folder

        def read() -> tuple[PredictionIndex, Embeddings | None]:
            found = predictions(project, run)
            embeddings = read_embeddings(project.run_folder(run), found)
            return index_predictions(found, partial(read_facts_of, folder)), embeddings

        def done(found: tuple[PredictionIndex, Embeddings | None]) -> None:
            if self._loading == run.id:
                self.index, self.embeddings = found
                self.run_id, self._slices = run.id, {}
                self.loaded.emit(run.id)

        def failed(error: Exception) -> None:
            if self._loading == run.id:
                self._loading = None
                self.failed.emit(f"The predictions of {run.name} cannot be read: {error}.")

        self._desk.background.run(read, done, failed)

    def slice_up(self, split: str) -> None:
        """Score the slices of a split, once for each run."""
        index = self.index
        if split in self._slices:
            self.sliced.emit(split, self._slices[split])
            return

        def done(found: list[ScoredSlice]) -> None:
            if index is self.index:
                self._slices[split] = found
                self.sliced.emit(split, found)

        self._desk.background.run(index.select(split).slices, done)

    def refresh_facts(self) -> None:
        """Speakers may be described otherwise now: read what is known of the clips again."""
        folder, index = self._desk.project.folder, self.index

        def read() -> Facts | None:
            facts = read_facts_of(folder, index.ids.tolist())
            return None if facts.same_as(index.facts) else facts

        def done(facts: Facts | None) -> None:
            if facts is not None and index is self.index:
                self.index, self._slices = replace(index, facts=facts), {}
                self.refreshed.emit()

        self._desk.background.run(read, done, _ignore)

    def watch_labels(self, split: str) -> None:
        """Count, soon, the labels of a split that are others than the run was scored against."""
        self._split = split
        self._calm.start()

    @Slot()
    def _count_changed(self) -> None:
        folder, index, split = self._desk.project.folder, self.index, self._split

        def count() -> int:
            reader = Project.open(folder, read_only=True)
            try:
                return changed_labels(reader, index, split)
            finally:
                reader.close()

        def done(changed: int) -> None:
            if index is self.index and split == self._split:
                self.changed_known.emit(changed)

        self._desk.background.run(count, done, _ignore)


def _ignore(error: Exception) -> None:
    """A folder that is gone is told by the next write."""
