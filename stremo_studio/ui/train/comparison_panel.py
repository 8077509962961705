"""A result beside the active model: by how much it is better, for sure or not, and what to do.

`Promote` is the default only where the interval of the difference excludes a loss; nothing is
promoted by itself.
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from stremo_studio.project.comparison import ENOUGH_GROUPS, Comparison, RunReport
from stremo_studio.ui.key_text import keyed
from stremo_studio.ui.theme import GRID
from stremo_studio.ui.widgets import button, label, line
from trainer.contract.labels import paper_scheme

_RIGHT = Qt.AlignmentFlag.AlignRight
IS_ACTIVE = "This is the active model: it answers when you hold Q in Label."


class ComparisonPanel(QWidget):
    """The lower half of a result card."""

    promote_asked = Signal()
    keep_asked = Signal()
    clips_asked = Signal(str, list)
    """Chip text and clip ids of a playlist."""

    def __init__(self, report: RunReport, *, declined: bool) -> None:
        super().__init__()
        self._name = report.run.name
        beside = report.comparison
        self.advised = beside is not None and beside.advises and not declined
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GRID // 2, 0, GRID // 2)
        column.setSpacing(GRID)
        column.addWidget(line())
        if report.active:
            column.addWidget(label(IS_ACTIVE, "quiet", wrap=True))
            return
        name = (
            f"Beside {beside.active.name}, the active model" if beside else "Not the active model"
        )
        column.addWidget(label(name, "heading"))
        halves = QHBoxLayout()
        halves.setSpacing(4 * GRID)
        words = QVBoxLayout()
        words.setSpacing(GRID // 2)
        for sentence in comparison_words(beside):
            words.addWidget(label(sentence, wrap=True))
        if beside is not None:
            words.addLayout(self._build_chips(beside))
        words.addStretch(1)
        halves.addLayout(words, 1)
        if beside is not None:
            halves.addWidget(_class_table(beside), 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(halves)
        column.addLayout(self._build_buttons(declined=declined))

    def _build_chips(self, beside: Comparison) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(GRID)
        for name, clips in (("Fixed", beside.fixed), ("Broke", beside.broke)):
            chip = button(f"{name} {len(clips)}", "chip")
            chip.setAccessibleName(f"{name} {len(clips)} clips: open them as a playlist")
            chip.setEnabled(bool(clips))
            chip.setProperty("clips", list(clips))
            chip.clicked.connect(self._on_chip)
            row.addWidget(chip)
        row.addStretch(1)
        return row

    def _build_buttons(self, *, declined: bool) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(GRID)
        name = f"Promote {self._name}: make it the active model"
        self.promote = button("", "primary" if self.advised else "", name=name)
        keyed(self.promote, text="Promote  {train.promote}")
        self.promote.clicked.connect(self.promote_asked)
        row.addWidget(self.promote)
        if declined:
            row.addWidget(label("You kept the active model.", "quiet"))
        else:
            self.keep = button("", name="Keep the active model")
            keyed(self.keep, text="Keep current  {train.keep}")
            self.keep.clicked.connect(self.keep_asked)
            row.addWidget(self.keep)
        row.addStretch(1)
        return row

    def _on_chip(self) -> None:
        chip = self.sender()
        if chip is not None:
            name = str(chip.property("text")).split()[0]
            clips: Sequence[int] = chip.property("clips")
            self.clips_asked.emit(f"{name} by {self._name}", list(clips))


def comparison_words(beside: Comparison | None) -> list[str]:
    """By how much macro F1 differs, on what, and what may be concluded from it."""
    if beside is None:
        return ["It shares no test clip with the active model: the two cannot be compared."]
    change = signed(beside.candidate_macro_f1 - beside.active_macro_f1)
    clips = f"{beside.shared:,} test clips"
    on = f"the same {clips}" if beside.same_test_set else f"the {clips} that both runs kept aside"
    voices = f"{beside.groups:,} speakers or videos"
    found = beside.difference
    if found is None:
        return [f"Macro F1 {change} on {on}.", "They are of one speaker or video: no interval."]
    said = [
        f"Macro F1 {change} on {on}.",
        f"95 % interval of the difference {signed(found.low)} to {signed(found.high)}, "
        f"drawn over {voices}.",
    ]
    if beside.groups < ENOUGH_GROUPS:
        return [*said, "Too few to tell which is better: listen, then decide."]
    if found.low >= 0 < found.centre:
        return [*said, "It excludes a loss."]
    if found.high < 0:
        return [*said, "It is worse."]
    return [*said, "It does not exclude a loss."]


def signed(value: float) -> str:
    """Two decimals behind a sign as wide as the other."""
    words = f"{value:+.2f}".replace("-", "−")
    return "±0.00" if words[1:] == "0.00" else words


def _class_table(beside: Comparison) -> QWidget:
    """F1 of each class on the shared clips: before, now, and the change."""
    table = QWidget()
    grid = QGridLayout(table)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(2 * GRID)
    grid.setVerticalSpacing(GRID // 2)
    grid.addWidget(label("F1", "quiet"), 0, 0)
    for column, head in enumerate(("active", "this run", "change"), start=1):
        grid.addWidget(label(head, "quiet"), 0, column, _RIGHT)
    rows = [
        (f"{one.sign}  {one.id}", beside.active_f1[one.id], beside.candidate_f1[one.id])
        for one in paper_scheme().classes
    ]
    rows.append(("Macro", beside.active_macro_f1, beside.candidate_macro_f1))
    for row, (name, before, now) in enumerate(rows, start=1):
        grid.addWidget(label(name), row, 0)
        for column, text in enumerate((f"{before:.2f}", f"{now:.2f}", signed(now - before)), 1):
            grid.addWidget(label(text), row, column, _RIGHT)
    grid.setColumnStretch(0, 1)
    return table
