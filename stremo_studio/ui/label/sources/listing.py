"""The list of recordings kept true: its filter, chips and totals, and what changes meanwhile."""

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from stremo_studio.domain.recording import RecordingId
from stremo_studio.domain.source import DOWNLOADING, SourceFilter
from stremo_studio.project.changes import Changes
from stremo_studio.project.sources import is_paused, source_counts
from stremo_studio.ui.label.sources.layout import Parts
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
        self._parts = parts
        self._table, self._view = parts.table, parts.view
        self._changed: set[RecordingId] = set()
        self.in_front = False
        self._settling = self._timer(_SETTLE_MS)
        self._settling.timeout.connect(self.settle)
        self._typing = self._timer(_TYPING_MS)
        self._typing.timeout.connect(self._on_typed)
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

    def settle(self) -> None:
        """Show what changed since the last time."""
        self._settling.stop()
        changed, self._changed = self._changed, set()
        self._table.take(changed)
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
        if changes.worklist:  # every recording may have more clips now, or fewer
            self._changed |= set(self._table.ids)
        concerns = changes.sources or changes.worklist or changes.settings
        if concerns and self.in_front and not self._settling.isActive():
            self._settling.start()

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
        paused = is_paused(self._project)
        self._parts.show_totals(totals_words(counts), counts, paused=paused)
        self._parts.show_list(len(self._table.ids), counts.all, wanted)
