"""How far annotators agree, and where they do not: a part of Review with keys of its own.

Here an answer settles a clip. Whoever works blind answers for themselves first: only then do they
see what the others said, so that settling costs the project no answer given alone.
"""

from collections.abc import Sequence

from PySide6.QtCore import QElapsedTimer, Qt, Signal
from PySide6.QtWidgets import QSplitter, QStackedLayout

from stremo_studio.domain.annotation import BY_ADJUDICATION, BY_KEY, BY_OPEN, DISPUTED, Answer
from stremo_studio.domain.clip import Clip, ClipId
from stremo_studio.domain.consensus import Opinion
from stremo_studio.project.agreement import AgreementReport, opinions_of
from stremo_studio.project.annotators import is_blind
from stremo_studio.project.changes import Changes
from stremo_studio.project.commands import LabelClips
from stremo_studio.ui.audition_page import AuditionPage
from stremo_studio.ui.empty_state import EmptyState
from stremo_studio.ui.page import Desk
from stremo_studio.ui.review.agreement.disputed_clips import DisputedClips
from stremo_studio.ui.review.agreement.figures import Figures
from stremo_studio.ui.review.agreement.measuring import Measuring
from stremo_studio.ui.review.agreement.stage import AgreementStage
from trainer.contract.labels import CLASSES

SETTLE_MS = 300
"""A clip must have been in front this long before an answer counts."""
_AHEAD = 3
_WIDTHS, _LEAST = (424, 372, 482), (372, 280, 368)
_STEPS = {"up": (-1, 0), "down": (1, 0), "left": (0, -1), "right": (0, 1)}


class AgreementPage(AuditionPage):
    """Slots named in the action table are methods here. `closed`: back to the runs."""

    closed = Signal()

    def __init__(self, desk: Desk, *, settle_ms: int = SETTLE_MS) -> None:
        stage = AgreementStage(desk.theme)
        super().__init__(desk, stage.picture, stage.player)
        self.stage = stage
        self.settle_ms = settle_ms
        self._shown = QElapsedTimer()
        self.report: AgreementReport | None = None
        self._pair = 0
        self._is_telling = False
        """Whether the list in front says what others answered: that of a cell does."""
        self.measuring = Measuring(desk, self)
        self.figures = Figures(desk.theme)
        self.matrix = self.figures.matrix
        self.disputed = DisputedClips(desk.project, desk.theme)
        self.table, self.view = self.disputed.table, self.disputed.view
        self.empty = EmptyState(
            "Nobody to agree with yet",
            "Agreement needs two who answered the same clips: a second annotator, or labels that "
            "the clips came with. Choose who annotates with {window.annotator}.",
            "Back to the runs  {agreement.back}",
        )
        self._full = QSplitter(Qt.Orientation.Horizontal)
        self._lay_out()
        self._connect()
        self.close_playlist()

    def _lay_out(self) -> None:
        self._full.setHandleWidth(1)
        self._full.setChildrenCollapsible(False)
        for panel, least in zip((self.figures, self.disputed, self.stage), _LEAST, strict=True):
            panel.setMinimumWidth(least)
            self._full.addWidget(panel)
        self._full.setStretchFactor(2, 1)
        self._full.setSizes(_WIDTHS)
        self._pages = QStackedLayout(self)
        for page in (self._full, self.empty):
            self._pages.addWidget(page)

    def _connect(self) -> None:
        self.desk.notifier.changed.connect(self._on_changes)
        self.measuring.measured.connect(self._on_measured)
        self.figures.back.clicked.connect(self.go_back)
        self.empty.button.clicked.connect(self.go_back)
        self.figures.disagreements_asked.connect(self.open_disagreements)
        self.figures.others_asked.connect(self.open_others)
        self.figures.pair_chosen.connect(self.show_pair)
        self.matrix.cell_opened.connect(self.open_cell)
        self.disputed.closed.connect(self.close_playlist)
        self.view.current_changed.connect(self._show_row)
        self.stage.answers.answered.connect(self.answer)
        self.stage.answers.confirmed.connect(self.confirm)

    # The page

    def enter(self) -> None:
        self.listening.take()
        self.show_latches()
        self.measuring.measure()
        self._show_row(self.view.row)
        self.leave_field()

    def exit(self) -> None:
        self.listening.leave()

    def leave_field(self) -> None:
        """Esc: the keys go back to the matrix."""
        if self._pages.currentWidget() is self._full:
            self.matrix.focus_cursor()
        else:
            self.setFocus()

    def go_back(self) -> None:
        self.closed.emit()

    def show_undone(self, changes: Changes) -> None:
        rows = [row for c in changes.clips if (row := self.table.row_of(c)) >= 0]
        if rows:
            self.view.go_to(min(rows))

    # Playlists

    def open_disagreements(self) -> None:
        """Every clip that people answer differently and nobody settled, ties first."""
        found = self.report.disagreements if self.report else ()
        self.matrix.mark("", "")
        self._open("disagreements", found, "Nobody disagrees, or all of it is settled.")

    def show_pair(self, place: int) -> None:
        """Two annotators, whose answers the matrix counts."""
        if self.report is None or not self.report.pairs:
            return
        self._pair = place % len(self.report.pairs)
        pair = self.report.pairs[self._pair]
        self.figures.show_pair(self._pair, pair, self.report.cells(pair.first, pair.second))

    def next_pair(self) -> None:
        self.show_pair(self._pair + 1)

    def open_cell(self, first: str, second: str) -> None:
        """The clips of which one of the two said `first` and the other `second`."""
        name = f"{first} × {second}"
        clips = self._cells().get((first, second), [])
        self.matrix.mark(first, second)
        self._open(name, clips, f"No clip is {name}.", telling=True)

    def open_others(self) -> None:
        """Clips of the two that at least one gave an answer that is no class."""
        cells = self._cells().items()
        clips = [c for key, some in cells if not set(key) <= set(CLASSES) for c in some]
        self.matrix.mark("", "")
        self._open("other answers", clips, "", telling=True)

    def close_playlist(self) -> None:
        self.matrix.mark("", "")
        self._open("", [], "Open the disagreements, or a cell of the matrix, to hear its clips.")
        self.leave_field()

    def _cells(self) -> dict[tuple[str, str], list[ClipId]]:
        if self.report is None or not self.report.pairs:
            return {}
        pair = self.report.pairs[self._pair]
        return self.report.cells(pair.first, pair.second)

    def _open(
        self, name: str, clip_ids: Sequence[ClipId], otherwise: str, *, telling: bool = False
    ) -> None:
        self._is_telling = telling
        self.disputed.open(name, clip_ids, otherwise)
        self._show_row(-1)
        if clip_ids:
            self.view.setFocus()
            self.view.go_to(max(0, self.table.next_heard(-1)))

    # Deciding

    def confirm(self) -> None:
        """Enter: the clip is what most say. On the matrix: open the cell."""
        clip = self.current
        if self.matrix.has_cursor:
            self.matrix.open_cursor()
        elif clip is not None:
            majority = self._majority(clip)
            if self.is_hidden(clip):
                self.desk.banners.show_note("Your own answer first, with 1, 2 or 3.")
            elif majority is None:
                self.desk.banners.show_note("There is no majority: settle it with 1, 2 or 3.")
            else:
                self.give(majority)

    def give(self, answer: Answer) -> None:
        clip = self.current
        if clip is None or self._shown.elapsed() < self.settle_ms:
            return
        own = self.is_hidden(clip)
        alone = BY_OPEN if self._is_telling else BY_KEY
        source, heard = alone if own else BY_ADJUDICATION, self.listening.heard_ms
        self.desk.project.do(LabelClips((clip.id,), answer, source, heard))
        if own:  # the clip stays: now it is seen what the others said
            self._shown.start()
            return
        row = self.table.next_heard(self.view.row)
        if row >= 0:
            self.view.go_to(row)
        else:
            self.desk.banners.show_note("That was the last clip of this list. Esc: the matrix.")

    def is_hidden(self, clip: Clip) -> bool:
        """Whether others' answers are kept from whoever sits here, who has not answered yet."""
        me = self.desk.project.annotator
        return is_blind(self.desk.project) and me not in (o.annotator for o in self._said(clip))

    def _said(self, clip: Clip) -> list[Opinion]:
        return opinions_of(self.desk.project, clip.id)

    def _majority(self, clip: Clip) -> Answer | None:
        """The consensus of people, or what it was settled as; None at a tie."""
        [whole] = self.desk.project.clips([clip.id])
        if whole.label in (None, DISPUTED):
            return None
        return Answer(whole.label, whole.emotion, whole.sure)

    @property
    def current(self) -> Clip | None:
        return self.table.clip(self.view.row)

    # Moving

    def go_next(self) -> None:
        self._go(self.view.row + 1)

    def go_previous(self) -> None:
        self._go(self.view.row - 1)

    def step(self, direction: str) -> None:
        """An arrow: over the matrix while it has the keys, else through the playlist."""
        rows, columns = _STEPS[direction]
        if self.matrix.has_cursor or not self.table.clip_ids:
            self.matrix.move_cursor(rows, columns)
            self.figures.reveal_matrix()
        else:
            self._go(self.view.row + (1 if rows + columns > 0 else -1))

    def _go(self, row: int) -> None:
        if 0 <= row < len(self.table.clip_ids):
            self.view.go_to(row)

    # What happens

    def _show_row(self, row: int) -> None:
        clip = self.table.clip(row)
        self._show_said(clip)
        if clip is None or clip.id != self.listening.clip_id:
            self._shown.start()
            ahead = [self.table.clip(row + n) for n in range(1, _AHEAD + 1)] if clip else []
            self.listening.open(clip, [one for one in ahead if one is not None])

    def _show_said(self, clip: Clip | None) -> None:
        if clip is None:
            self.stage.show_clip(None, [], hidden=False, majority=None)
            return
        majority, hidden = self._majority(clip), self.is_hidden(clip)
        self.stage.show_clip(
            clip, self._said(clip), hidden=hidden, majority=majority.label if majority else None
        )

    def _on_changes(self, changes: Changes) -> None:
        if changes.clips or changes.worklist or changes.settings:
            self.table.look_again()
            self.disputed.tally()
            self._show_said(self.current)
            if self.isVisible():
                self.measuring.measure_soon()

    def _on_measured(self, report: AgreementReport) -> None:
        self.report = report
        had_keys = self.matrix.has_cursor
        self._pages.setCurrentWidget(self._full if report.pairs else self.empty)
        self.figures.show_report(report)
        self.show_pair(min(self._pair, max(0, len(report.pairs) - 1)))
        if had_keys or not self.table.clip_ids:
            self.leave_field()
