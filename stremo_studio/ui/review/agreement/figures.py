"""The left of the agreement page: alpha, every two annotators, their matrix, each answer."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from stremo_studio.domain.agreement import Coefficient, PairAgreement, decimal
from stremo_studio.domain.clip import ClipId
from stremo_studio.domain.wording import counted
from stremo_studio.project.agreement import AgreementReport
from stremo_studio.ui.key_text import keyed
from stremo_studio.ui.matrix_view import MatrixView
from stremo_studio.ui.review.agreement.pair_chip import PairChip
from stremo_studio.ui.review.agreement.said_list import voice_name
from stremo_studio.ui.theme import GRID, Theme
from stremo_studio.ui.widgets import button, give_role, label
from stremo_studio.ui.words import FEW_GROUPS, SIGNS, label_name
from trainer.contract.labels import CLASSES

RELIABLE, TENTATIVE = 0.8, 0.667
"""Krippendorff's customary bounds for alpha."""
_RIGHT = Qt.AlignmentFlag.AlignRight


class Figures(QFrame):
    """`disagreements_asked`, `others_asked`: clips that one of two gave another answer than a
    class; `pair_chosen(int)`. Cells come from `matrix`."""

    disagreements_asked = Signal()
    others_asked = Signal()
    pair_chosen = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        give_role(self, "panel")
        self.back = button("", "flat", name="Back to the runs")
        keyed(self.back, text="Runs  {agreement.back}")
        self.disagreements = button("", "primary")
        self.disagreements.clicked.connect(self.disagreements_asked)
        self._alpha = label(role="heading", wrap=True)
        self._facts = label(role="quiet", wrap=True)
        self._left_out = label(role="quiet", wrap=True)
        self._pairs = QGridLayout()
        self._pair_chips = QButtonGroup(self)
        self.matrix = MatrixView(theme)
        self.matrix.setFixedHeight(34 * GRID)
        self.others = button("", "flat")
        self.others.clicked.connect(self.others_asked)
        self._classes = QGridLayout()
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        top = QHBoxLayout()
        top.addWidget(label("Agreement", "title"), 1)
        top.addWidget(self.back)
        column.addLayout(top)
        for part in (self._alpha, self._facts, self._left_out, self.disagreements):
            column.addWidget(part)
        column.addSpacing(GRID)
        column.addWidget(label("Every two annotators", "heading"))
        column.addLayout(self._pairs)
        column.addWidget(self.matrix)
        column.addWidget(self.others)
        column.addSpacing(GRID)
        column.addWidget(label("Each answer", "heading"))
        column.addLayout(self._classes)
        column.addStretch()
        for grid in (self._pairs, self._classes):
            grid.setHorizontalSpacing(GRID)
            grid.setVerticalSpacing(GRID // 2)
            grid.setColumnStretch(0, 1)
        self._area = area = QScrollArea()
        area.setWidget(body)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(area)

    def show_report(self, report: AgreementReport) -> None:
        """Everything but the matrix."""
        self._alpha.setText(_alpha_words(report.alpha))
        self._facts.setText("\n".join(_facts(report)))
        left = counted(report.left_out, "answer")
        self._left_out.setText(
            f"{left} left out: given in Review, or after a look at a model's or others' answers."
        )
        self._left_out.setVisible(bool(report.left_out))
        number = len(report.disagreements)
        keyed(self.disagreements, text=f"Disagreements ({number:,})  {{agreement.disagreements}}")
        self.disagreements.setEnabled(bool(number))
        self._list_pairs(report.pairs)
        self._list_classes(report)

    def show_pair(
        self, place: int, pair: PairAgreement, cells: dict[tuple[str, str], list[ClipId]]
    ) -> None:
        """Count what the two said, class by class."""
        chip = self._pair_chips.button(place)
        if chip is not None:
            chip.setChecked(True)
        self.matrix.name_axes(voice_name(pair.first), voice_name(pair.second))
        counts = [[len(cells.get((one, two), ())) for two in CLASSES] for one in CLASSES]
        self.matrix.show_counts(counts)
        others = pair.clips - sum(map(sum, counts))
        self.others.setText(f"{counted(others, 'clip')} with another answer than a class")
        self.others.setVisible(bool(others))

    def reveal_matrix(self) -> None:
        """Scroll to it, where the window is low and a key walks over it."""
        self._area.ensureWidgetVisible(self.matrix)

    def words(self) -> str:
        """All that is said in words, for screen readers and tests."""
        grids = (self._pairs, self._classes)
        said = [self._alpha.text(), self._facts.text(), self._left_out.text()]
        chips = [chip.accessibleName() for chip in self._pair_chips.buttons()]
        return "\n".join([*said, *chips, *(text for grid in grids for text in _texts(grid))])

    def _list_pairs(self, pairs: Sequence[PairAgreement]) -> None:
        _empty(self._pairs)
        heads = ("", "same", "kappa", "95 %", "clips")
        for column, head in enumerate(heads):
            self._pairs.addWidget(label(head, "quiet"), 0, column, _RIGHT)
        for place, pair in enumerate(pairs):
            names = f"{voice_name(pair.first)} · {voice_name(pair.second)}"
            chip = PairChip(names)
            chip.setToolTip(f"{names}: Cohen's kappa {pair.kappa.words}")
            chip.clicked.connect(partial(self.pair_chosen.emit, place))
            self._pair_chips.addButton(chip, place)
            self._pairs.addWidget(chip, place + 1, 0)
            same = f"{pair.agreed / pair.clips:.0%}" if pair.clips else "–"
            cells = (same, _number(pair.kappa), _around(pair.kappa), f"{pair.clips:,}")
            for column, text in enumerate(cells, start=1):
                self._pairs.addWidget(label(text), place + 1, column, _RIGHT)

    def _list_classes(self, report: AgreementReport) -> None:
        _empty(self._classes)
        for column, head in enumerate(("", "given", "shared", "alpha")):
            self._classes.addWidget(label(head, "quiet"), 0, column, _RIGHT)
        for row, one in enumerate(report.classes, start=1):
            name = f"{SIGNS.get(one.label, '·')}  {label_name(one.label).capitalize()}"
            self._classes.addWidget(label(name), row, 0)
            cells = (f"{one.answers:,}", f"{one.share:.0%}", _number(one.alpha))
            for column, text in enumerate(cells, start=1):
                cell = label(text)
                cell.setToolTip(
                    f"Of {one.answers:,} times that it was given, another annotator of the clip "
                    f"gave it, too, {one.share:.0%}. Alpha against the rest: {one.alpha.words}."
                )
                self._classes.addWidget(cell, row, column, _RIGHT)
        if not report.classes:
            self._classes.addWidget(label("No clip has two answers yet.", "quiet"), 1, 0)


def _alpha_words(alpha: Coefficient) -> str:
    if alpha.value is None:
        return "No alpha yet" if not alpha.clips else "Alpha is not defined"
    return f"Krippendorff's alpha {decimal(alpha.value)}"


def _facts(report: AgreementReport) -> list[str]:
    alpha, fleiss = report.alpha, report.fleiss
    if alpha.value is None:
        return [f"{alpha.why.capitalize()}."]
    clips = f"{counted(alpha.clips, 'clip')} of {alpha.groups:,} speakers or videos"
    if alpha.interval:
        rough = "Rough 95 %" if alpha.groups < FEW_GROUPS else "95 %"
        said = [f"{rough} interval {alpha.interval_words}, on {clips}."]
    else:
        said = [f"On {clips}: too few for an interval."]
    said.append(_verdict(alpha))
    said.append(f"Two annotators give the same answer {report.observed:.0%} of the time.")
    if len(report.annotators) > 2:
        heard = f"on the {counted(fleiss.clips, 'clip')} that all {len(report.annotators)} answered"
        if fleiss.interval and fleiss.value is not None:
            said.append(f"Fleiss' kappa {decimal(fleiss.value)}, {heard}.")
        else:
            said.append(f"No Fleiss' kappa {heard}.")
    if report.adjudicated:
        said.append(f"{counted(report.adjudicated, 'clip')} settled.")
    return said


def _verdict(alpha: Coefficient) -> str:
    """Krippendorff's rule of thumb, by the lower end where there is an interval."""
    low = alpha.interval[0] if alpha.interval else alpha.value or 0.0
    if low >= RELIABLE:
        return f"Reliable by the usual measure ({RELIABLE} or more)."
    if low >= TENTATIVE:
        return f"Good for tentative conclusions ({TENTATIVE} to {RELIABLE})."
    return f"Its lower end is below {TENTATIVE}: too little to rely on."


def _number(coefficient: Coefficient) -> str:
    return "–" if coefficient.value is None else decimal(coefficient.value)


def _around(coefficient: Coefficient) -> str:
    return coefficient.interval_words if coefficient.interval else "–"


def _empty(grid: QLayout) -> None:
    while (item := grid.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def _texts(grid: QGridLayout) -> list[str]:
    items = (grid.itemAt(n) for n in range(grid.count()))
    widgets = (item.widget() for item in items if item is not None)
    return [str(widget.property("text")) for widget in widgets if widget is not None]
