"""The queue: filter chips, search, the table of clips, or a sentence where there are none."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from stremo_studio.domain.clip import Clip, ClipId
from stremo_studio.domain.worklist import ALL, Counts, Worklist
from stremo_studio.project.changes import Changes
from stremo_studio.ui.key_text import keyed
from stremo_studio.ui.label.clip_table import ClipTable
from stremo_studio.ui.label.clip_view import ClipView
from stremo_studio.ui.label.filter_chips import FilterChips
from stremo_studio.ui.page import Desk
from stremo_studio.ui.theme import GRID
from stremo_studio.ui.widgets import button, give_role, label

_TYPING_MS = 150
_NO_CLIPS = (
    "This project has no clips yet. Paste YouTube links: {label.sources}. Import a StrEmo sheet: "
    "{window.import_sheet}, a corpus: {window.import_corpus}."
)
_NONE = {
    "unlabelled": "Nothing is left to label.",
    "labelled": "Nothing is labelled yet.",
    "flagged": "No clip is flagged. {label.flag} flags the clip in front of you.",
    "missing": "The audio of every clip is there.",
}


class Queue(QWidget):
    """`clip_shown(object)` is the clip that came to the front, None for none."""

    clip_shown = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        give_role(self, "panel")
        self.table = ClipTable(desk.project, desk.theme)
        self.view = ClipView(desk.theme)
        self.view.use(self.table)
        self.view.current_changed.connect(self._on_current)
        self.table.modelReset.connect(self._on_reset)
        self.chips = FilterChips()
        self.chips.chosen.connect(self.show_filter)
        self.search = QLineEdit()
        keyed(self.search, hint="Search name, speaker, corpus, note   {label.search}")
        self.search.setAccessibleName("Search clips")
        self.search.setClearButtonEnabled(True)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self._on_typed)
        self.search.textChanged.connect(self._typing.start)
        self.search.returnPressed.connect(self.view.setFocus)
        self.sources = keyed(button("Sources", "flat"), text="Sources  {label.sources}")
        self._stack = QStackedWidget()
        self._empty = label(role="body", wrap=True)
        self._way_out = button("")
        self._way_out.clicked.connect(self._on_way_out)
        self._current: ClipId | None = None
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2 * GRID, 0, 0)
        column.setSpacing(GRID)
        top = QVBoxLayout()
        top.setContentsMargins(2 * GRID, 0, 2 * GRID, 0)
        top.setSpacing(GRID)
        first = QHBoxLayout()
        first.addWidget(self.search, 1)
        first.addWidget(self.sources)
        top.addLayout(first)
        top.addWidget(self.chips)
        column.addLayout(top)
        nothing = QWidget()
        inner = QVBoxLayout(nothing)
        inner.setContentsMargins(2 * GRID, 4 * GRID, 2 * GRID, 2 * GRID)
        inner.setSpacing(2 * GRID)
        inner.addWidget(self._empty)
        inner.addWidget(self._way_out)
        inner.addStretch(1)
        self._stack.addWidget(self.view)
        self._stack.addWidget(nothing)
        column.addWidget(self._stack, 1)

    def show_filter(self, name: str) -> None:
        """Choose a filter; the clip in front stays if it fits."""
        self.chips.choose(name)
        old = self.table.worklist
        self.table.show(Worklist(name, self.search.text().strip(), old.sort, old.descending))

    def take(self, changes: Changes) -> None:
        """Rows changed, or clips came and went, or what may be seen of them."""
        eye = self.table.eye
        self.table.take(changes)
        if self._current in changes.clips or changes.settings or eye != self.table.eye:
            self.clip_shown.emit(self.current())

    def show_counts(self, counts: Counts) -> None:
        """Write the numbers on the chips; say what to do when there is nothing to show."""
        self.chips.show_counts(counts)
        self._way_out.setVisible(counts.all > 0)
        show, searching = self.table.worklist.show, bool(self.table.worklist.search)
        if counts.all == 0:
            keyed(self._empty, text=_NO_CLIPS)
        elif searching:
            keyed(self._empty, text=f"No clip matches “{self.table.worklist.search}”.")
            keyed(self._way_out, text="Clear the search")
        else:
            keyed(self._empty, text=_NONE.get(show, ""))
            keyed(self._way_out, text="Show all clips  {label.show_all}")

    def current(self) -> Clip | None:
        """The clip in front."""
        return self.table.clip(self.row()) if self._current is not None else None

    def row(self) -> int:
        """Row of the clip in front, -1 for none."""
        return self.table.row_of(self._current) if self._current is not None else -1

    def selected(self) -> tuple[ClipId, ...]:
        """The selected clips, from top to bottom."""
        return tuple(self.table.clip_ids[row] for row in self.view.selected_rows())

    def go_to(self, row: int) -> bool:
        """Bring the clip of a row to the front; whether there is such a row."""
        if not 0 <= row < self.table.rowCount():
            return False
        self.view.go_to(row)
        return True

    def seek(self, clip_id: ClipId) -> None:
        """Bring a clip to the front, leaving the filter if it hides the clip."""
        if self.table.row_of(clip_id) < 0:
            self._clear_search()
            self.show_filter(ALL)
        self.go_to(self.table.row_of(clip_id))

    def look_for(self, name: str) -> None:
        """Search for a name among all clips."""
        self.search.setText(name)
        self._typing.stop()
        self.show_filter(ALL)

    def upcoming(self, count: int) -> list[Clip]:
        """The clips after the one in front."""
        row = self.row()
        found = (self.table.clip(r) for r in range(row + 1, row + 1 + count))
        return [clip for clip in found if clip is not None]

    def _on_current(self, row: int) -> None:
        clip_id = self.table.clip_ids[row]
        if clip_id != self._current:
            self._current = clip_id
            self.clip_shown.emit(self.table.clip(row))

    def _on_reset(self) -> None:
        """Keep the clip in front where it still is; else take the first."""
        rows = self.table.rowCount()
        self._stack.setCurrentIndex(0 if rows else 1)
        row = self.row()
        if row >= 0:
            self.view.go_to(row)
        elif rows:
            self._current = None
            self.view.go_to(0)
        else:
            self._current = None
            self.clip_shown.emit(None)

    def _on_typed(self) -> None:
        if self.search.text().strip() != self.table.worklist.search:
            self.show_filter(self.table.worklist.show)

    def _on_way_out(self) -> None:
        if self.table.worklist.search:
            self._clear_search()
            self.show_filter(self.table.worklist.show)
        elif self.table.worklist.show != ALL:
            self.show_filter(ALL)

    def _clear_search(self) -> None:
        self.search.clear()
        self._typing.stop()
