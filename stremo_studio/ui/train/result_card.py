"""The result of a run: its score with an interval, beside chance and beside the active model."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from stremo_studio.project.comparison import RunReport
from stremo_studio.ui.theme import GRID
from stremo_studio.ui.train.comparison_panel import ComparisonPanel
from stremo_studio.ui.widgets import button, give_role, label
from stremo_studio.ui.words import bounds_words, interval_words
from trainer.contract.labels import paper_scheme

_RIGHT = Qt.AlignmentFlag.AlignRight
_LAYERS_TOLD, _TOLD_FROM = 3, 0.05
_SCORES = (("UAR", "uar"), ("Weighted F1", "weighted_f1"))


class ResultCard(QFrame):
    """Emits what to do with the run shown."""

    errors_asked = Signal()
    run_again_asked = Signal()
    clips_asked = Signal(str, list)
    """Chip text and clip ids of a playlist."""
    promote_asked = Signal()
    keep_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        give_role(self, "card")
        self.report: RunReport | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        self._column.setSpacing(GRID)
        self._body: QWidget | None = None
        self.hide()

    def show_report(self, report: RunReport | None, *, declined: bool = False) -> None:
        """Show a result, or hide when there is none; `declined`: it was decided against."""
        if self._body is not None:
            self._column.removeWidget(self._body)
            self._body.hide()
            self._body.deleteLater()
        self.report, self._body = report, None
        self.setVisible(report is not None)
        if report is not None:
            self._body = self._build(report, declined=declined)
            self._column.addWidget(self._body)
            self.setAccessibleName(f"Result of {report.run.name}")
            self.setAccessibleDescription(score_words(report))

    def _build(self, report: RunReport, *, declined: bool) -> QWidget:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(label(report.run.name, "heading"))
        if report.note:
            column.addWidget(label(report.note, "warning", wrap=True))
        halves = QHBoxLayout()
        halves.setSpacing(4 * GRID)
        halves.addLayout(self._build_score(report), 1)
        halves.addWidget(_class_table(report), 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(halves)
        self.beside = ComparisonPanel(report, declined=declined)
        self.beside.promote_asked.connect(self.promote_asked)
        self.beside.keep_asked.connect(self.keep_asked)
        self.beside.clips_asked.connect(self.clips_asked)
        column.addWidget(self.beside)
        column.addLayout(self._build_buttons(report))
        return body

    def _build_score(self, report: RunReport) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(GRID // 2)
        column.addWidget(label(f"Macro F1 {report.evaluation.macro_f1:.2f}", "title"))
        column.addWidget(label(interval_words(report.evaluation), "quiet", wrap=True))
        column.addWidget(label(baseline_words(report), "quiet", wrap=True))
        if layers := layer_words(report):
            column.addWidget(label(layers, "quiet", wrap=True))
        column.addStretch(1)
        return column

    def _build_buttons(self, report: RunReport) -> QHBoxLayout:
        wrong = report.evaluation.clips - sum(
            report.evaluation.confusion[i][i] for i in range(len(report.evaluation.confusion))
        )
        role = "" if self.beside.advised else "primary"
        open_errors = button(f"Open errors ({wrong})", role)
        open_errors.clicked.connect(self.errors_asked)
        open_errors.setEnabled(bool(wrong))
        again = button("Run again")
        again.clicked.connect(self.run_again_asked)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(open_errors)
        row.addWidget(again)
        row.addStretch(1)
        return row


def score_words(report: RunReport) -> str:
    """The result in one breath, for a screen reader and the status bar."""
    return f"Macro F1 {report.evaluation.macro_f1:.2f}, {interval_words(report.evaluation)}"


def baseline_words(report: RunReport) -> str:
    """What would be scored without listening."""
    scored = report.evaluation
    totals = [sum(row) for row in scored.confusion]
    largest = paper_scheme().classes[totals.index(max(totals))].id
    words = f"Always answering “{largest}” would score {report.baseline:.2f}"
    if report.shortcut is None:
        return words
    known = f"going by the {report.shortcut.field} alone {report.shortcut.macro_f1:.2f}"
    return f"{words}, {known}"


def layer_words(report: RunReport) -> str:
    """Which hidden states the head hears most; empty when it hears the last one only."""
    weights: Sequence[float] = report.result.get("layer_weights") or ()
    most = sorted(range(len(weights)), key=weights.__getitem__, reverse=True)[:_LAYERS_TOLD]
    told = [
        f"{i or 'its input'} ({100 * weights[i]:.0f} %)" for i in most if weights[i] >= _TOLD_FROM
    ]
    if not told:
        return ""
    return f"Of the model's {len(weights) - 1} layers these count most: {', '.join(told)}"


def _class_table(report: RunReport) -> QWidget:
    """Precision, recall, F1 and clips of each class; UAR and weighted F1 below."""
    table = QWidget()
    grid = QGridLayout(table)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(2 * GRID)
    grid.setVerticalSpacing(GRID // 2)
    for column, head in enumerate(("precision", "recall", "F1", "clips"), start=1):
        grid.addWidget(label(head, "quiet"), 0, column, _RIGHT)
    for row, one in enumerate(paper_scheme().classes, start=1):
        scores = report.evaluation.per_class.get(one.id, {})
        grid.addWidget(label(f"{one.sign}  {one.id}"), row, 0)
        for column, name in enumerate(("precision", "recall", "f1"), start=1):
            grid.addWidget(label(f"{scores.get(name, 0.0):.2f}"), row, column, _RIGHT)
        grid.addWidget(label(f"{int(scores.get('support', 0)):,}"), row, 4, _RIGHT)
    for row, (name, field) in enumerate(_SCORES, start=len(paper_scheme().classes) + 1):
        value: float = getattr(report.evaluation, field)
        grid.addWidget(label(name), row, 0)
        words = f"{value:.2f}   {bounds_words(report.evaluation, field)}".rstrip()
        grid.addWidget(label(words), row, 1, 1, 4, _RIGHT)
    grid.setColumnStretch(0, 1)
    return table
