"""The parts of the sources page and where they stand; the page joins them."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from stremo_studio.domain.source import NOT_FETCHED, READY, SourceCounts, SourceFilter
from stremo_studio.domain.wording import counted
from stremo_studio.ui.key_text import keyed
from stremo_studio.ui.label.sources.details import Details
from stremo_studio.ui.label.sources.link_card import LinkCard
from stremo_studio.ui.label.sources.paste_box import PasteBox
from stremo_studio.ui.label.sources.source_chips import SourceChips
from stremo_studio.ui.label.sources.source_table import SourceTable
from stremo_studio.ui.label.sources.source_view import SourceView
from stremo_studio.ui.page import Desk
from stremo_studio.ui.theme import GRID
from stremo_studio.ui.widgets import button, give_role, label, line

_NOTHING = (
    "No recordings yet. Paste links above, import a sheet, or drop a folder of audio here. "
    "Nothing is fetched until you ask for it."
)
_RIGHTS = (
    "The audio belongs to those who made it. Fetch only what the law or a licence lets you use, "
    "such as for your own research; the terms of the site hold, too. What you fetch stays on this "
    "machine, and no export holds audio unless you ask for it."
)


class RightsNotice(QFrame):
    """Shown once in a project, before the first download. `accepted`, `declined`."""

    accepted = Signal()
    declined = Signal()

    def __init__(self) -> None:
        super().__init__()
        give_role(self, "card")
        self._accept = button("I may use these recordings: fetch them", "primary")
        self._accept.setAutoDefault(True)  # Enter presses it, too
        self._accept.clicked.connect(self.accepted)
        decline = button("Not now")
        decline.clicked.connect(self.declined)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        column.setSpacing(GRID)
        column.addWidget(label("Before the first download", "heading"))
        column.addWidget(label(_RIGHTS, wrap=True))
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self._accept)
        row.addWidget(decline)
        row.addStretch(1)
        column.addLayout(row)
        self.hide()

    def take_focus(self) -> None:
        self._accept.setFocus()

    def accept(self) -> None:
        self._accept.click()


class Parts:
    """Made once, laid out over the page."""

    def __init__(self, page: QWidget, desk: Desk) -> None:
        self.table = SourceTable(desk.project, desk.theme)
        self.view = SourceView(self.table, desk.theme)
        self.paste = PasteBox()
        self.chips = SourceChips()
        self.details = Details()
        self.rights = RightsNotice()
        self.link = LinkCard()
        self.odd = button("", "flat")
        self.odd.hide()
        self.search = QLineEdit()
        keyed(self.search, hint="Search id, link, file   {sources.search}")
        self.search.setAccessibleName("Search recordings")
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(28 * GRID)
        self.totals = label(role="quiet", wrap=True)
        self.totals.setAccessibleName("Totals")
        self.bar = QProgressBar()
        self.bar.setAccessibleName("Recordings ready")
        self.hint = label(role="warning", wrap=True)
        self.hint.hide()
        self.empty = label(_NOTHING, "body", wrap=True)
        self.back = keyed(
            button("Back to the clips", "flat"), text="Back to the clips  {sources.back}"
        )
        self.sheet = button("Import a sheet…")
        self.fetch_all = button("Fetch all")
        self.pause = button("Pause")
        self.titles = button("", "flat", checkable=True, name="Show titles")
        keyed(self.titles, text="Titles  {sources.titles}")
        self.report = button("", "flat", name="Availability report")
        keyed(self.report, text="Report…  {sources.report}")
        self._stack = QStackedWidget()
        self._lay_out(page)

    def show_totals(self, words: str, counts: SourceCounts, *, running: bool) -> None:
        """Totals are always in sight, and so is what can be done with all of them."""
        self.totals.setText(words if counts.all else "")
        self.bar.setRange(0, max(1, counts.all))
        self.bar.setValue(counts.by_state[READY])
        self.bar.setVisible(counts.all > 0)
        self.details.setVisible(counts.all > 0)
        self.paste.make_small(counts.all > 0)
        unfetched = counts.by_state[NOT_FETCHED]
        keyed(self.fetch_all, text=f"Fetch all {unfetched:,}  {{sources.fetch_all}}")
        self.fetch_all.setVisible(unfetched > 0)
        pause = "Pause" if running else f"Resume {counts.queued:,}"
        keyed(self.pause, text=f"{pause}  {{sources.pause}}")
        self.pause.setVisible(running or counts.queued > 0)
        for part in (self.titles, self.report, self.search, self.chips):
            part.setVisible(counts.all > 0)

    def show_odd(self, number: int) -> None:
        """How many recordings have clips that need a look."""
        keyed(self.odd, text=f"{number:,} to mend  {{sources.next_odd}}")
        verb = "has" if number == 1 else "have"
        told = f"{counted(number, 'recording')} {verb} clips to mend"
        self.odd.setToolTip(told)
        self.odd.setAccessibleName(told)
        self.odd.setVisible(number > 0)

    def show_list(self, rows: int, everything: int, wanted: SourceFilter) -> None:
        """The table, or why there is nothing in it."""
        self._stack.setCurrentIndex(0 if rows else 1)
        if not everything:
            self.empty.setText(_NOTHING)
        elif wanted.search:
            self.empty.setText(f"No recording matches “{wanted.search}”.")
        else:
            self.empty.setText("No recording is in this state now.")

    def _lay_out(self, page: QWidget) -> None:
        column = QVBoxLayout()
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, GRID)
        column.setSpacing(GRID)
        column.addLayout(_row(label("Sources", "title"), None, self.sheet, self.back))
        column.addWidget(self.paste)
        column.addWidget(self.rights)
        column.addWidget(self.link)
        column.addWidget(line())
        column.addLayout(_row(self.totals, self.fetch_all, self.pause))
        column.addWidget(self.bar)
        column.addWidget(self.chips)
        column.addLayout(
            _row(self.search, self.chips.reasons, None, self.odd, self.titles, self.report)
        )
        nothing = QWidget()
        inner = QVBoxLayout(nothing)
        inner.setContentsMargins(GRID, 4 * GRID, GRID, GRID)
        inner.addWidget(self.empty)
        inner.addStretch(1)
        self._stack.addWidget(self.view)
        self._stack.addWidget(nothing)
        column.addWidget(self._stack, 1)
        column.addWidget(self.hint)
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(column, 1)
        row.addWidget(line(vertical=True))
        row.addWidget(self.details, 0, Qt.AlignmentFlag(0))


def _row(*parts: QWidget | None) -> QHBoxLayout:
    """Parts side by side; None is the room between left and right."""
    row = QHBoxLayout()
    row.setSpacing(GRID)
    for part in parts:
        if part is None:
            row.addStretch(1)
        else:
            row.addWidget(part, 1 if part.property("role") == "quiet" else 0)
    return row
