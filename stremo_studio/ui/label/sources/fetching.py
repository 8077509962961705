"""Asking for recordings to be fetched: the first time in a project only after a word about rights.

What is asked for is queued in the project; whoever runs the downloader takes what waits.
"""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal

from stremo_studio.domain.recording import RecordingId
from stremo_studio.project import sources as use
from stremo_studio.ui.label.sources.layout import RightsNotice
from stremo_studio.ui.page import Desk

_Queue = Callable[[], Sequence[RecordingId]]


class Fetching(QObject):
    """`settled`: the question about rights was answered."""

    settled = Signal()

    def __init__(self, desk: Desk, notice: RightsNotice, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._project = desk.project
        self._notice = notice
        self._waiting: _Queue | None = None
        notice.accepted.connect(self._on_accepted)
        notice.declined.connect(self._on_declined)

    def fetch(self, ids: Sequence[RecordingId]) -> None:
        """Fetch or retry these."""
        self._desk.banners.dismiss("added")
        self._ask(partial(use.fetch, self._project, ids))

    def fetch_all(self) -> None:
        """Fetch everything that was never asked for."""
        self._desk.banners.dismiss("added")
        self._ask(partial(use.fetch_all, self._project))

    def confirm(self, ids: Sequence[RecordingId]) -> None:
        """Fetch these although they are very long."""
        self._ask(partial(use.confirm, self._project, ids))

    def retry(self, kind: str) -> None:
        """Retry all that are unavailable for one kind of fault."""
        self._ask(partial(use.retry, self._project, kind))

    def retry_network(self) -> None:
        self._ask(partial(use.retry_network, self._project))

    def pause_or_resume(self) -> None:
        if self._desk.downloads.is_running:
            self._desk.downloads.pause()
        elif use.source_counts(self._project).queued:
            self._desk.downloads.start()

    def _ask(self, queue: _Queue) -> None:
        if not use.rights_acknowledged(self._project):
            self._waiting = queue
            self._notice.show()
            self._notice.take_focus()
            return
        if queue():
            self._desk.downloads.start()
        else:
            self._desk.banners.show_note("Nothing of that is left to fetch, or it has no link.")

    def _on_accepted(self) -> None:
        use.acknowledge_rights(self._project)
        queue = self._waiting
        self._on_declined()
        if queue is not None:
            self._ask(queue)

    def _on_declined(self) -> None:
        self._waiting = None
        self._notice.hide()
        self.settled.emit()
