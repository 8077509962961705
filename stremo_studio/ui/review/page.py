"""The review workspace: a cell of the matrix is a playlist; hear, decide, go on."""

from collections.abc import Sequence

from PySide6.QtCore import QElapsedTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QWidget

from stremo_studio.domain.annotation import BY_REVIEW, Answer
from stremo_studio.domain.clip import Clip, ClipId
from stremo_studio.domain.run import RunId
from stremo_studio.project.active_model import PromoteRun
from stremo_studio.project.changes import Changes
from stremo_studio.project.commands import LabelClips
from stremo_studio.project.review import ListedRun
from stremo_studio.ui.audition_page import AuditionPage
from stremo_studio.ui.empty_state import EmptyState
from stremo_studio.ui.page import Desk
from stremo_studio.ui.review.playlist_panel import PlaylistPanel
from stremo_studio.ui.review.reviewed_run import ReviewedRun
from stremo_studio.ui.review.run_panel import RunPanel
from stremo_studio.ui.review.stage import ReviewStage
from stremo_studio.ui.review.verdicts import Verdicts
from stremo_studio.ui.widgets import line

SETTLE_MS = 300
"""A clip must have been in front this long before an answer counts."""
HEARD_MS = 300
_AHEAD = 3
_LEFT, _MIDDLE = 352, 468
_SPLITS = ("test", "dev", "train")
_STEPS = {"up": (-1, 0), "down": (1, 0), "left": (0, -1), "right": (0, 1)}


class ReviewPage(AuditionPage):
    """Slots named in the action table are methods here. `agreement_asked`: of the annotators."""

    agreement_asked = Signal()

    def __init__(self, desk: Desk, *, settle_ms: int = SETTLE_MS) -> None:
        stage = ReviewStage(desk.theme)
        super().__init__(desk, stage.picture, stage.player)
        self.stage = stage
        self.settle_ms = settle_ms
        self._shown = QElapsedTimer()
        self._wanted: tuple[RunId, str, list[ClipId]] | None = None
        self._split = "test"
        self.verdicts = Verdicts(desk.project)
        self.reviewed = ReviewedRun(desk, self)
        self.runs = RunPanel(desk.theme)
        self.playlist = PlaylistPanel(desk.project, self.verdicts, desk.theme)
        self.table, self.matrix = self.playlist.table, self.runs.matrix
        self.empty = EmptyState(
            "No run has scores yet",
            "Train on the labels that are there. Every cell of the confusion matrix is then a "
            "playlist of its clips.",
            "Train  Ctrl+R",
            "Agreement of annotators  K",
        )
        self._full = QWidget()
        self._lay_out()
        self._connect()
        self.close_playlist()
        self._on_listed([])
        self.reviewed.list_runs()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self._full)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for panel, width in ((self.runs, _LEFT), (self.playlist, _MIDDLE)):
            panel.setFixedWidth(width)
            row.addWidget(panel)
            row.addWidget(line(vertical=True))
        row.addWidget(self.stage, 1)
        self._pages = QStackedLayout(self)
        for page in (self._full, self.empty):
            self._pages.addWidget(page)

    def _connect(self) -> None:
        self.desk.notifier.changed.connect(self._on_changes)
        self.reviewed.listed.connect(self._on_listed)
        self.reviewed.loaded.connect(self._on_loaded)
        self.reviewed.failed.connect(self.playlist.show_empty)
        self.reviewed.changed_known.connect(self._on_changed_known)
        self.runs.run_chosen.connect(self._on_run_chosen)
        self.runs.split_chosen.connect(self.show_split)
        self.runs.errors_asked.connect(self.open_errors)
        self.runs.agreement.clicked.connect(self.agreement_asked)
        self.empty.other.clicked.connect(self.agreement_asked)
        self.runs.promote_asked.connect(self.promote)
        self.matrix.cell_opened.connect(self.open_cell)
        self.playlist.closed.connect(self.close_playlist)
        self.playlist.view.current_changed.connect(self._on_row)
        self.stage.answered.connect(self.answer)
        self.stage.confirmed.connect(self.confirm)

    # The page

    def enter(self) -> None:
        self.listening.take()
        self.show_latches()
        self._show_row(self.playlist.view.row)
        self.leave_field()

    def exit(self) -> None:
        self.listening.leave()

    def leave_field(self) -> None:
        """Esc: the keys go back to the matrix."""
        self.matrix.focus_cursor()

    def show_undone(self, changes: Changes) -> None:
        rows = [row for c in changes.clips if (row := self.table.row_of(c)) >= 0]
        if rows:
            self.playlist.view.go_to(min(rows))

    def show_agreement(self) -> None:
        self.agreement_asked.emit()

    # Runs, splits, playlists

    def open_clips(self, run_id: RunId, name: str, clip_ids: Sequence[ClipId]) -> None:
        """A named playlist of a run; without a name, all its errors."""
        self._wanted = (run_id, name, list(clip_ids))
        self.reviewed.list_runs()

    def show_split(self, split: str) -> None:
        """Test, dev or train."""
        self._split = split
        self.runs.show_split(split, self.reviewed.index.counts(split))
        self.reviewed.watch_labels(split)
        self.close_playlist()

    def next_split(self) -> None:
        self.show_split(_SPLITS[(_SPLITS.index(self._split) + 1) % len(_SPLITS)])

    def open_cell(self, human: str, model: str) -> None:
        """Load the clips of a cell and play the first."""
        name = f"{human} → {model}"
        self.matrix.mark(human, model)
        self._open(name, self.reviewed.index.cell(human, model, self._split))
        self.playlist.show_empty(
            "" if self.table.clip_ids else f"No clip is {name} in the {self._split} set."
        )

    def open_errors(self) -> None:
        """All misclassified clips of the split."""
        self._open("errors", self.reviewed.index.misclassified(self._split))

    def close_playlist(self) -> None:
        self._open("", [])
        self.playlist.show_empty("Open a cell of the matrix to hear its clips.")
        self.leave_field()

    def toggle_sort(self) -> None:
        self.playlist.toggle_sort()

    def _open(self, name: str, clip_ids: list[ClipId]) -> None:
        if not name.count("→"):
            self.matrix.mark("", "")
        self.playlist.open(name, clip_ids, self.reviewed.index.by_clip)
        self._tally()
        self._show_row(-1)
        if clip_ids:
            self.playlist.view.setFocus()
            self.playlist.view.go_to(max(0, self.table.next_heard(-1)))

    def promote(self) -> None:
        """Make the run in front the active model."""
        chosen = self.runs.chosen
        if chosen is not None and not chosen.active:
            self.desk.project.do(PromoteRun(chosen.run.id, chosen.run.name))

    # Deciding

    def confirm(self) -> None:
        """Enter: the label stands, the model is wrong. On the matrix: open the cell."""
        clip = self.current
        if self.matrix.has_cursor:
            self.matrix.open_cursor()
        elif clip is not None and clip.label is not None:
            self.give(Answer(clip.label, clip.emotion, clip.sure))

    def give(self, answer: Answer) -> None:
        clip = self.current
        if clip is None or self._shown.elapsed() < self.settle_ms:
            return
        heard = self.listening.heard_ms
        self.desk.project.do(LabelClips((clip.id,), answer, BY_REVIEW, heard))
        row = self.table.next_heard(self.playlist.view.row)
        if row >= 0:
            self.playlist.view.go_to(row)
        else:
            self.desk.banners.show_note("That was the last clip of this list. Esc: the matrix.")

    @property
    def current(self) -> Clip | None:
        return self.table.clip(self.playlist.view.row)

    # Moving

    def go_next(self) -> None:
        self._go(self.playlist.view.row + 1)

    def go_previous(self) -> None:
        self._go(self.playlist.view.row - 1)

    def step(self, direction: str) -> None:
        """An arrow: over the matrix while it has the keys, else through the playlist."""
        rows, columns = _STEPS[direction]
        if self.matrix.has_cursor or not self.table.clip_ids:
            self.matrix.move_cursor(rows, columns)
        elif rows + columns > 0:
            self.go_next()
        else:
            self.go_previous()

    def _go(self, row: int) -> None:
        if 0 <= row < len(self.table.clip_ids):
            self.playlist.view.go_to(row)

    # What happens

    def _on_row(self, row: int) -> None:
        self._show_row(row)

    def _show_row(self, row: int) -> None:
        clip = self.table.clip(row)
        self.stage.show_clip(clip, self.table.prediction(row))
        if clip is None or clip.id != self.listening.clip_id:
            self._shown.start()
            ahead = [self.table.clip(row + n) for n in range(1, _AHEAD + 1)] if clip else []
            self.listening.open(clip, [one for one in ahead if one is not None])

    def on_heard(self, clip: Clip) -> None:
        if self.listening.heard_ms >= HEARD_MS and self.verdicts.hear(clip.id):
            self._tally()

    def _tally(self) -> None:
        self.playlist.show_tally(self.verdicts.tally(self.table.clip_ids))

    def _on_changes(self, changes: Changes) -> None:
        self.verdicts.look_again(changes.clips)
        self.table.take(changes)
        if changes.clips or changes.worklist:
            self.stage.show_clip(self.current, self.table.prediction(self.playlist.view.row))
            self._tally()
            self.reviewed.watch_labels(self._split)
        if changes.runs or changes.model:
            self.reviewed.list_runs()

    def _on_listed(self, listed: list[ListedRun]) -> None:
        wanted = self._wanted[0] if self._wanted else self.reviewed.run_id
        self.runs.show_runs(listed, wanted)
        chosen = self.runs.chosen
        self._pages.setCurrentWidget(self._full if chosen else self.empty)
        if chosen is None:
            self.playlist.show_empty("")
        elif self._wanted is not None and chosen.run.id == self.reviewed.run_id:
            self._on_loaded()
        else:
            self.reviewed.load(chosen)

    def _on_run_chosen(self, listed: ListedRun) -> None:
        self.reviewed.load(listed)

    def _on_loaded(self) -> None:
        self.verdicts.begin(self.reviewed.index.by_clip)
        self.show_split("test")
        wanted, self._wanted = self._wanted, None
        if wanted is not None and wanted[1]:
            self._open(wanted[1], wanted[2])
        elif wanted is not None:
            self.open_errors()

    def _on_changed_known(self, changed: int) -> None:
        self.runs.show_changed(changed, self._split)
