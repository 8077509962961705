"""The dry-run report: how many rows are fine, fixed, need the user; and every finding."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from stremo_studio.project.importing import ImportPlan
from stremo_studio.ui.theme import GRID, Theme
from stremo_studio.ui.widgets import give_role, label
from trainer.corpora.rows import FIXED, NEEDS_YOU, NOTE, SKIPPED, Finding

_ROWS_SHOWN = 6
_ICONS = {FIXED: ("check", "good"), NEEDS_YOU: ("warning", "warning"), SKIPPED: ("info", "quiet")}
_ORDER = (NEEDS_YOU, SKIPPED, FIXED)


class ImportReport(QWidget):
    """Four counts, then the findings, the ones that need the user first."""

    def __init__(self, plan: ImportPlan, theme: Theme) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GRID, 0, GRID)
        column.setSpacing(GRID)
        counts = QHBoxLayout()
        counts.setSpacing(2 * GRID)
        for number, text in (
            (plan.ok, "rows fine"),
            (plan.fixed, "rows fixed by a named rule"),
            (plan.needs_you, "rows need you"),
            (plan.already_here, "already here"),
        ):
            counts.addWidget(_count(number, text))
        column.addLayout(counts)
        column.addSpacing(GRID)
        for finding in sorted(plan.findings, key=_urgency):
            column.addWidget(_finding(finding, theme))
        if not plan.findings:
            column.addWidget(label("Nothing to remark.", "quiet"))
        column.addStretch(1)


def _urgency(finding: Finding) -> int:
    return _ORDER.index(finding.severity) if finding.severity in _ORDER else len(_ORDER)


def _count(number: int, text: str) -> QWidget:
    card = give_role(QFrame(), "card")
    column = QVBoxLayout(card)
    column.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
    column.setSpacing(0)
    column.addWidget(label(f"{number:,}", "title"))
    column.addWidget(label(text, "quiet", wrap=True))
    card.setAccessibleName(f"{number} {text}")
    return card


def _finding(finding: Finding, theme: Theme) -> QWidget:
    card = give_role(QFrame(), "card")
    row = QHBoxLayout(card)
    row.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
    row.setSpacing(2 * GRID)
    mark = QLabel()
    name, role = _ICONS.get(finding.severity, ("info", "accent"))
    mark.setPixmap(theme.icon(name, role).pixmap(20, 20))
    row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
    words = QVBoxLayout()
    words.setSpacing(GRID // 2)
    rule = label(finding.rule[:1].upper() + finding.rule[1:], "heading", wrap=True)
    words.addWidget(rule)
    words.addWidget(label(finding.message, wrap=True))
    if finding.rows:
        words.addWidget(label(_row_names(finding.rows), "quiet", wrap=True))
    row.addLayout(words, 1)
    row.addWidget(label(_tag(finding), "quiet"), 0, Qt.AlignmentFlag.AlignTop)
    card.setAccessibleName(f"{finding.severity}: {finding.rule}. {finding.message}")
    return card


def _tag(finding: Finding) -> str:
    if not finding.rows:
        return "" if finding.severity == NOTE else finding.severity
    count = len(finding.rows)
    word = "" if finding.severity == NOTE else f" {finding.severity}"
    return f"{count:,} {'row' if count == 1 else 'rows'}{word}"


def _row_names(rows: tuple[str, ...]) -> str:
    shown = ", ".join(rows[:_ROWS_SHOWN])
    more = len(rows) - _ROWS_SHOWN
    return f"{shown} and {more:,} more" if more > 0 else shown
