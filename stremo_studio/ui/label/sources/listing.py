"""The list of recordings kept true: its filter, chips and totals, and what changes meanwhile."""

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from stremo_studio.domain.recording import RecordingId
from stremo_studio.domain.source import DOWNLOADING, EVERYTHING, SourceFilter
from stremo_studio.project.changes import Changes
from stremo_studio.project.sources import source_counts, source_ids
from stremo_studio.ui.label.sources.layout import Parts
from stremo_studio.ui.label.sources.mending import Mending
from stremo_studio.ui.label.sources.source_words import totals_words
from stremo_studio.ui.page import Desk

_TYPING_MS = 150
_SETTLE_MS = 100
"""Changes of so long are shown at once: ten downloads a second must not mean ten lists."""


class Listing(QObject):
    """`shown`: rows or what is known of them changed."""

    shown = Signal()

    def __init__(self, desk: Desk, parts: Parts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = desk.project
        self._downloads = desk.downloads
        self._parts = parts
        self._table, self._view = parts.table, parts.view
        self._changed: set[RecordingId] = set()
        self._in_front = False
        self._settling = self._timer(_SETTLE_MS)
        self._settling.timeout.connect(self.settle)
        self._typing = self._timer(_TYPING_MS)
        self._typing.timeout.connect(self._on_typed)
        self.mending = Mending(desk, self)
        self.mending.found.connect(self._on_found)
        parts.odd.clicked.connect(self.next_to_mend)
        desk.downloads.running_changed.connect(self._on_running)
        desk.notifier.changed.connect(self._on_changes)
        parts.chips.chosen.connect(self._on_chip)
        parts.search.textChanged.connect(self._typing.start)

    def show(self, wanted: SourceFilter) -> None:
        """List what a filter lets through; the recording in front stays if it fits."""
        front = self._view.selected()[:1]
        self._table.show(wanted)
        row = self._table.row_of(front[0]) if front else -1
        if self._table.ids:
            self._view.go_to(max(0, row))
        self._show_totals()
        self.shown.emit()

    def enter(self) -> None:
        """The page comes to the front: everything may have changed."""
        self._in_front = True
        self.settle()
        self.mending.look(source_ids(self._project))

    def leave(self) -> None:
        self._in_front = False
        self.mending.stop()

    def next_to_mend(self) -> None:
        """To the next recording whose clips need a look, and from the last to the first."""
        odd = self.mending.recordings
        front = self._view.selected()[:1]
        after = [recording for recording in odd if front and recording > front[0]]
        if odd:
            if self._table.wanted != EVERYTHING:
                self._parts.search.clear()
                self.show(EVERYTHING)
            self._view.go_to(self._table.row_of((after or odd)[0]))

    def settle(self) -> None:
        """Show what changed since the last time."""
        self._settling.stop()
        changed, self._changed = self._changed, set()
        self._table.take(changed)
        if self._in_front:
            self.mending.look(changed)
        for recording_id in changed:
            source = self._table.source(self._table.row_of(recording_id))
            if source is not None and source.state != DOWNLOADING:
                self._table.forget_progress(recording_id)
        if self._view.row < 0 and self._table.ids:
            self._view.go_to(0)
        self._show_totals()
        self.shown.emit()

    def _timer(self, ms: int) -> QTimer:
        made = QTimer(self)
        made.setSingleShot(True)
        made.setInterval(ms)
        return made

    def _on_changes(self, changes: Changes) -> None:
        self._changed |= changes.sources
        if changes.worklist or (changes.clips and not changes.sources):
            self._changed |= set(self._table.ids)  # clips came, went or moved in any of them
        concerns = changes.sources or changes.clips or changes.worklist or changes.settings
        if concerns and self._in_front and not self._settling.isActive():
            self._settling.start()

    def _on_found(self) -> None:
        odd = self.mending.recordings
        self._table.mark(frozenset(odd))
        self._parts.show_odd(len(odd))
        self.shown.emit()

    def _on_running(self) -> None:
        self._show_totals()

    def _on_chip(self, state: str, fault: str) -> None:
        self.show(SourceFilter(state or None, fault or None, self._table.wanted.search))

    def _on_typed(self) -> None:
        search = self._parts.search.text().strip()
        if search != self._table.wanted.search:
            self.show(replace(self._table.wanted, search=search))

    def _show_totals(self) -> None:
        counts = source_counts(self._project)
        wanted = self._table.wanted
        self._parts.chips.show_counts(counts, wanted)
        running = self._downloads.is_running
        self._parts.show_totals(totals_words(counts), counts, running=running)
        self._parts.show_list(len(self._table.ids), counts.all, wanted)
