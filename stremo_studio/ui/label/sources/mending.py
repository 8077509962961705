"""What is odd about the spans of clips, looked for a little at a time while the page is in front.

The length of a file is read in the background; a recording is looked at between two turns of the
event loop, so that ten thousand of them stop nothing.
"""

import time
from collections import deque
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from stremo_studio.domain.recording import RecordingId
from stremo_studio.domain.source import READY, Source
from stremo_studio.project.mapping import Oddity, oddities
from stremo_studio.project.sources import sources
from stremo_studio.ui.page import Desk
from trainer.sound.decoding import AudioError, probe

_SLICE_S = 0.008


class Mending(QObject):
    """`found`: what is known of some recordings changed."""

    found = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._lengths: dict[str, float | None] = {}
        self._odd: dict[RecordingId, list[Oddity]] = {}
        self._waiting: deque[RecordingId] = deque()
        self._unmeasured: dict[str, RecordingId] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._on_turn)

    @property
    def recordings(self) -> list[RecordingId]:
        """Those with something to mend, in the order they came."""
        return sorted(self._odd)

    def of(self, recording_id: RecordingId) -> list[Oddity]:
        return self._odd.get(recording_id, [])

    def look(self, recording_ids: Iterable[RecordingId]) -> None:
        """These may have changed."""
        self._waiting.extend(recording_ids)
        if self._waiting:
            self._timer.start()

    def stop(self) -> None:
        """The page leaves; what was not looked at yet is when it comes back."""
        self._timer.stop()
        self._waiting.clear()

    def _on_turn(self) -> None:
        end = time.perf_counter() + _SLICE_S
        while self._waiting and time.perf_counter() < end:
            ids = [self._waiting.popleft() for _ in range(min(16, len(self._waiting)))]
            for source in sources(self._desk.project, ids):
                self._examine(source)
        if not self._waiting:
            self._timer.stop()
            self._measure()
            self.found.emit()

    def _examine(self, source: Source) -> None:
        durations = {}
        if source.state == READY and source.path:
            if source.path not in self._lengths:
                self._unmeasured[source.path] = source.id
            elif (length := self._lengths[source.path]) is not None:
                durations[source.id] = length
        odd = oddities(self._desk.project, durations, source.id)
        if odd:
            self._odd[source.id] = odd
        else:
            self._odd.pop(source.id, None)

    def _measure(self) -> None:
        if self._unmeasured:
            wanted, self._unmeasured = self._unmeasured, {}
            ids = list(wanted.values())
            work = partial(_lengths, list(wanted))
            self._desk.background.run(work, partial(self._on_measured, ids))

    def _on_measured(self, ids: list[RecordingId], lengths: dict[str, float | None]) -> None:
        self._lengths.update(lengths)
        self.look(ids)


def _lengths(paths: list[str]) -> dict[str, float | None]:
    """Seconds of each file; None for one that cannot be read, which is told elsewhere."""
    found: dict[str, float | None] = {}
    for path in paths:
        try:
            found[path] = probe(Path(path)).duration
        except AudioError:
            found[path] = None
    return found
