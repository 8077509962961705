"""The left of the review workspace: which run, which split, its score, its matrix."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from stremo_studio.domain.run import RunId
from stremo_studio.domain.wording import counted
from stremo_studio.project.prediction_index import EVERY
from stremo_studio.project.review import ListedRun
from stremo_studio.project.slices import ScoredSlice
from stremo_studio.ui.key_text import keyed
from stremo_studio.ui.matrix_view import MatrixView
from stremo_studio.ui.review.reliability import ReliabilityPanel
from stremo_studio.ui.theme import GRID, Theme
from stremo_studio.ui.widgets import button, give_role, label
from stremo_studio.ui.words import interval_words

_SPLITS = {"test": "Test", "dev": "Dev", "train": "Train", EVERY: "All"}
_SEEN, _OUT_OF_FOLD = "Train: seen in training", "Train: out of fold"

_NOT_LEARNT = (
    "Each clip was answered by a model that has not learnt it: among these errors are the wrong "
    "labels."
)


class RunPanel(QFrame):
    """`run_chosen(ListedRun)`, `split_chosen(str)`; cells come from `matrix`."""

    run_chosen = Signal(object)
    split_chosen = Signal(str)
    errors_asked = Signal()
    promote_asked = Signal()
    slice_closed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        give_role(self, "panel")
        self._listed: list[ListedRun] = []
        self.runs = QComboBox()
        self.runs.setAccessibleName("Run")
        self.runs.currentIndexChanged.connect(self._on_index)
        self._score = label(role="heading", wrap=True)
        self._interval = label(role="quiet", wrap=True)
        self._note = label(role="warning", wrap=True)
        self._changed = label(role="warning", wrap=True)
        self.slice = button("", "chip")
        self.slice.clicked.connect(self.slice_closed)
        self.matrix = MatrixView(theme)
        self.matrix.setFixedHeight(34 * GRID)
        self.errors = button("", name="Open all errors")
        self.errors.clicked.connect(self.errors_asked)
        self.agreement = button("Agreement of annotators", "flat")
        keyed(self.agreement, text="Agreement of annotators  {review.agreement}")
        self.reliability = ReliabilityPanel(theme)
        self._hint = keyed(
            label("", "quiet", wrap=True),
            text="Arrows walk the matrix, {review.confirm} opens a cell, {review.slices} goes to "
            "the slices.",
        )
        self._splits: dict[str, QPushButton] = {}
        self._body = QWidget()
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(_scrolled(self._body))
        column = QVBoxLayout(self._body)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        column.addLayout(self._build_runs())
        column.addLayout(self._build_splits())
        column.addWidget(self.slice, 0, Qt.AlignmentFlag.AlignLeft)
        for part in (self._score, self._interval, self._note, self._changed, self.matrix):
            column.addWidget(part)
        column.addWidget(self.errors)
        column.addWidget(self._hint)
        column.addWidget(self.reliability)
        column.addWidget(self.agreement)
        column.addStretch()

    def _build_runs(self) -> QHBoxLayout:
        self.promote = button("", name="Make this run the active model")
        keyed(self.promote, text="Promote  {review.promote}")
        self.promote.clicked.connect(self.promote_asked)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self.runs, 1)
        row.addWidget(self.promote)
        return row

    def _build_splits(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(GRID)
        group = QButtonGroup(self)
        for name, text in _SPLITS.items():
            chip = button(text, "chip", checkable=True)
            chip.clicked.connect(partial(self.split_chosen.emit, name))
            group.addButton(chip)
            self._splits[name] = chip
            row.addWidget(chip)
        row.addStretch(1)
        return row

    def show_runs(self, listed: Sequence[ListedRun], chosen: RunId | None) -> None:
        """List the runs that have scores; the chosen one stays, else the newest is."""
        self.runs.blockSignals(True)
        self.runs.clear()
        self._listed = list(listed)
        self.runs.addItems([f"{one.run.name}{'  ·  active' * one.active}" for one in listed])
        ids = [one.run.id for one in listed]
        row = ids.index(chosen) if chosen in ids else 0
        self.runs.setCurrentIndex(row if listed else -1)
        self._body.setVisible(bool(listed))
        self._show_standing()
        self.runs.blockSignals(False)

    @property
    def chosen(self) -> ListedRun | None:
        row = self.runs.currentIndex()
        return self._listed[row] if 0 <= row < len(self._listed) else None

    def show_split(
        self, split: str, counts: Sequence[Sequence[int]], part: ScoredSlice | None = None
    ) -> None:
        """The counts in front, of a split or of a slice of it, and their score."""
        self._splits[split].setChecked(True)
        self.matrix.show_counts(counts)
        clips = sum(map(sum, counts))
        wrong = clips - sum(counts[i][i] for i in range(len(counts)))
        keyed(self.errors, text=f"All {wrong:,} errors  {{review.errors}}")
        self.errors.setEnabled(bool(wrong))
        self._show_slice(part)
        if part is not None:
            self._score.setText(f"Macro F1 {part.macro_f1:.2f} in this slice")
            self._interval.setText(slice_words(part))
            self.reliability.hide()
            return
        listed = self.chosen
        evaluation = listed.evaluation(split) if listed else None
        self._note.setText(listed.note if listed else "")
        held_out = listed is not None and listed.held_out
        self._splits["train"].setText(_OUT_OF_FOLD if held_out else _SEEN)
        self._splits[EVERY].setVisible(held_out)
        self._note.setVisible(bool(self._note.text()))
        if evaluation is None:
            right = (clips - wrong) / clips if clips else 0
            self._score.setText(f"{right:.0%} right")
            learnt = f"on {counted(clips, 'clip')} that it was trained on"
            self._interval.setText(_NOT_LEARNT if held_out else learnt)
        else:
            self._score.setText(f"Macro F1 {evaluation.macro_f1:.2f} as reported")
            self._interval.setText(interval_words(evaluation))
        if listed:
            self.reliability.show_evaluation(evaluation, listed.calibration, split)

    def _show_slice(self, part: ScoredSlice | None) -> None:
        """The chip's number is the number of clips in the matrix."""
        self.slice.setVisible(part is not None)
        if part is not None:
            self.slice.setText(f"{part.part.words} {part.clips:,}  ×")
            self.slice.setAccessibleName(
                f"{part.part.words}, {counted(part.clips, 'clip')}: leave this slice"
            )

    def show_changed(self, changed: int, split: str) -> None:
        """How many labels of the split are others now than those it was scored against."""
        has = "has" if changed == 1 else "have"
        of = "" if split == EVERY else f"{split} "
        words = f"{changed:,} of its {of}labels {has} changed since"
        self._changed.setText(words if changed else "")
        self._changed.setVisible(bool(changed))

    @property
    def changed_words(self) -> str:
        return self._changed.text()

    def _on_index(self, row: int) -> None:
        self._show_standing()
        if 0 <= row < len(self._listed):
            self.run_chosen.emit(self._listed[row])

    def _show_standing(self) -> None:
        chosen = self.chosen
        self.promote.setVisible(chosen is not None and not chosen.active)


def slice_words(part: ScoredSlice) -> str:
    """The interval of a slice's macro F1, and what it was drawn from."""
    bounds = part.intervals.get("macro_f1")
    clips = f"{counted(part.clips, 'clip')} of {part.groups:,} speakers or videos"
    if not bounds:
        return f"{counted(part.clips, 'clip')} of one speaker or video: too few for an interval"
    return f"{'Rough ' * part.is_rough}95 % interval {bounds[0]:.2f} – {bounds[1]:.2f}, on {clips}"


def _scrolled(body: QWidget) -> QScrollArea:
    """Room for all of it in a low window; the keys stay with the matrix."""
    area = QScrollArea()
    area.setWidget(body)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
