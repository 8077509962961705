"""The review workspace: a cell of the matrix is a playlist; hear, decide, go on."""

from collections.abc import Sequence

from PySide6.QtCore import QElapsedTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QWidget

from stremo_studio.domain.annotation import BY_REVIEW, DISPUTED, Answer
from stremo_studio.domain.clip import Clip, ClipId
from stremo_studio.domain.run import RunId
from stremo_studio.project.changes import Changes
from stremo_studio.project.commands import LabelClips
from stremo_studio.ui.audition_page import AuditionPage
from stremo_studio.ui.empty_state import EmptyState
from stremo_studio.ui.page import Desk
from stremo_studio.ui.review.alike import Alike
from stremo_studio.ui.review.playlist_panel import PlaylistPanel
from stremo_studio.ui.review.run_choice import RunChoice
from stremo_studio.ui.review.run_panel import RunPanel
from stremo_studio.ui.review.slice_panel import SlicePanel
from stremo_studio.ui.review.stage import ReviewStage
from stremo_studio.ui.review.verdicts import Verdicts
from stremo_studio.ui.widgets import line

SETTLE_MS = 300
"""A clip must have been in front this long before an answer counts."""
HEARD_MS = 300
_AHEAD = 3
_LEFT = 352
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
        self.verdicts = Verdicts(desk.project)
        self.runs, self.slices = RunPanel(desk.theme), SlicePanel(desk.theme)
        self.choice = RunChoice(desk, self.runs, self.slices, self)
        self.reviewed = self.choice.reviewed
        self.playlist = PlaylistPanel(desk.project, self.verdicts, desk.theme)
        self.table, self.matrix = self.playlist.table, self.runs.matrix
        self.alike = Alike(desk, self.reviewed, self.listening, stage.alike, self)
        self.empty = EmptyState(
            "No run has scores yet",
            "Train on the labels that are there. Every cell of the confusion matrix is then a "
            "playlist of its clips.",
            "Train  {window.retrain}",
            "Agreement of annotators  {review.agreement}",
        )
        self._full = QWidget()
        self._lay_out()
        self._connect()
        self.close_playlist()
        self._on_listed(False)
        self.choice.list_runs()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self._full)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.playlist.add_below(self.slices)
        self.runs.setFixedWidth(_LEFT)
        for panel in (self.runs, self.playlist):
            row.addWidget(panel)
            row.addWidget(line(vertical=True))
        row.addWidget(self.stage, 1)
        self._pages = QStackedLayout(self)
        for page in (self._full, self.empty):
            self._pages.addWidget(page)

    def _connect(self) -> None:
        self.desk.notifier.changed.connect(self._on_changes)
        self.choice.listed.connect(self._on_listed)
        self.choice.loaded.connect(self._on_loaded)
        self.choice.narrowed.connect(self.close_playlist)
        self.reviewed.failed.connect(self.playlist.show_empty)
        self.runs.errors_asked.connect(self.open_errors)
        self.runs.agreement.clicked.connect(self.agreement_asked)
        self.empty.other.clicked.connect(self.agreement_asked)
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
        self.choice.look_again()

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
        self.choice.list_runs(run_id)

    def next_split(self) -> None:
        self.choice.next_split()

    def to_slices(self) -> None:
        """Close the playlist; the keys go to the slices."""
        self.close_playlist()
        self.slices.view.setFocus()

    def leave_slice(self) -> None:
        self.choice.leave_slice()

    def open_cell(self, human: str, model: str) -> None:
        """Load the clips of a cell and play the first."""
        name = f"{human} → {model}"
        self.matrix.mark(human, model)
        self._open(name, self.choice.selection.cell(human, model))
        what = "errors" if human != model else "clips"
        self.playlist.show_empty(
            "" if self.table.clip_ids else f"No {name} {what} in {self.choice.words}."
        )

    def open_errors(self) -> None:
        """All misclassified clips that are looked at."""
        self._open("errors", self.choice.selection.misclassified())

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
        self.choice.promote()

    # Deciding

    def confirm(self) -> None:
        """Enter: the label stands, the model is wrong. On the matrix: open the cell; on the
        slices: narrow to one."""
        clip = self.current
        if self.matrix.has_cursor:
            self.matrix.open_cursor()
        elif self.slices.has_keys:
            self.slices.choose()
        elif clip is not None and clip.label == DISPUTED:
            self.desk.banners.show_note("Annotators disagree: answer it, or settle it with K.")
        elif clip is not None and clip.label is not None:
            self.give(Answer(clip.label, clip.emotion, clip.sure))

    def give(self, answer: Answer) -> None:
        clip = self.current
        if clip is None or self._shown.elapsed() < self.settle_ms:
            return
        heard = self.alike.heard_ms
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
        if self.slices.has_keys:
            self.slices.step(rows)
        elif self.matrix.has_cursor or not self.table.clip_ids:
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
        if clip is None or self.alike.heard or clip.id != self.listening.clip_id:
            self._shown.start()
            ahead = [self.table.clip(row + n) for n in range(1, _AHEAD + 1)] if clip else []
            self.listening.open(clip, [one for one in ahead if one is not None])
            self.alike.follow(clip)

    def hear_beside(self, key: str) -> None:
        """Another clip, to compare: see `Alike`."""
        self.alike.hear(key)

    def replay(self) -> None:
        if not self.alike.go_back():
            super().replay()

    def on_heard(self, clip: Clip) -> None:
        is_in_front = not self.alike.heard and self.listening.heard_ms >= HEARD_MS
        if is_in_front and self.verdicts.hear(clip.id):
            self._tally()

    def _tally(self) -> None:
        self.playlist.show_tally(self.verdicts.tally(self.table.clip_ids))

    def _on_changes(self, changes: Changes) -> None:
        self.verdicts.look_again(changes.clips)
        self.table.take(changes)
        if changes.clips or changes.worklist:
            self.stage.show_clip(self.current, self.table.prediction(self.playlist.view.row))
            self._tally()

    def _on_listed(self, any_scores: bool) -> None:
        self._pages.setCurrentWidget(self._full if any_scores else self.empty)
        if not any_scores:
            self.playlist.show_empty("")

    def _on_loaded(self) -> None:
        self.verdicts.begin(self.reviewed.index.by_clip)
        wanted = self._wanted
        if wanted is None or wanted[0] != self.reviewed.run_id:
            return
        self._wanted = None
        if wanted[1]:
            self._open(wanted[1], wanted[2])
        else:
            self.open_errors()
