"""The recordings of a project as a table model: ids of all of them, rows of what is looked at.

The list follows its filter at once, so that a chip's number is always the length of the list:
rows that no longer fit go, others come, and what is selected stays.
"""

from bisect import bisect_left
from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QModelIndex, Qt

from stremo_studio.domain.recording import RecordingId
from stremo_studio.domain.source import DOWNLOADING, EVERYTHING, READY, Source, SourceFilter
from stremo_studio.downloader.messages import Progressed
from stremo_studio.project.project import Project
from stremo_studio.project.sources import source_ids, sources
from stremo_studio.ui.label.sources.source_words import facts_words, share_of, state_words
from stremo_studio.ui.rows import WHOLE, Index, Rows
from stremo_studio.ui.theme import Theme
from stremo_studio.ui.words import seconds_words
from trainer.contract.foreign_text import shown

COLUMNS = ("Recording", "State", "Clips", "Length", "What to do")
TITLED = ("Recording", "Title", "State", "Clips", "Length", "What to do")
SHARE = WHOLE + 1
"""How much of a download is there, 0 to 1; None while nothing is on its way."""
_NOWHERE = QModelIndex()


class SourceTable(Rows[RecordingId, Source]):
    """Recordings in the order they came."""

    numbers = ("Clips", "Length")

    def __init__(self, project: Project, theme: Theme) -> None:
        super().__init__(theme, COLUMNS)
        self._project = project
        self.wanted = EVERYTHING
        self.to_mend: frozenset[RecordingId] = frozenset()
        """Ready recordings whose clips need a look."""
        self._progress: dict[RecordingId, Progressed] = {}

    @property
    def ids(self) -> list[RecordingId]:
        """All recordings of the list, in order."""
        return self._ids

    def show(self, wanted: SourceFilter) -> None:
        """List what a filter lets through."""
        self.wanted = wanted
        self.beginResetModel()
        self._cache.clear()
        self._ids = source_ids(self._project, wanted)
        self.endResetModel()

    def show_titles(self, on: bool) -> None:
        """With the site's own titles, which say what to hear before it is heard."""
        self.beginResetModel()
        self.columns = TITLED if on else COLUMNS
        self.endResetModel()

    def take(self, changed: Iterable[RecordingId]) -> None:
        """These recordings changed, came or went."""
        for recording_id in changed:
            self._cache.pop(recording_id, None)
        now = source_ids(self._project, self.wanted)
        if now != self._ids:
            self._follow(now)
        for recording_id in changed:
            self.repaint_row(self.row_of(recording_id))

    def show_progress(self, progress: Progressed) -> None:
        """A download goes on; cheap enough for many a second."""
        self._progress[RecordingId(progress.id)] = progress
        self.repaint_row(self.row_of(RecordingId(progress.id)))

    def forget_progress(self, recording_id: RecordingId) -> None:
        self._progress.pop(recording_id, None)

    def mark(self, to_mend: frozenset[RecordingId]) -> None:
        """These have clips that need a look."""
        if to_mend != self.to_mend:
            self.to_mend = to_mend
            self.repaint()

    def row_of(self, recording_id: RecordingId) -> int:
        """The row of a recording, -1 when the list does not hold it."""
        row = bisect_left(self._ids, recording_id)
        return row if row < len(self._ids) and self._ids[row] == recording_id else -1

    def source(self, row: int) -> Source | None:
        """The recording of a row."""
        return self.at(row)

    def read(self, ids: list[RecordingId]) -> Iterable[Source]:
        return sources(self._project, ids)

    def words(self, source: Source) -> str:
        """The state of a recording, with how far its download is."""
        words = state_words(source, self._progress.get(source.id))
        return f"{words} · clips to mend" if source.id in self.to_mend else words

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role != SHARE:
            return super().data(index, role)
        source = self.at(index.row())
        on_its_way = self._progress.get(source.id) if source else None
        if source is None or on_its_way is None or source.state != DOWNLOADING:
            return None
        return share_of(on_its_way)

    def text(self, source: Source, column: str) -> str:
        match column:
            case "Recording":
                return shown(source.name)
            case "Title":
                return shown(source.facts.title, 120) if source.facts.title else ""
            case "State":
                return self.words(source)
            case "Clips":
                return f"{source.clips:,}"
            case "Length":
                duration = source.facts.duration
                return seconds_words(duration) if duration else ""
        return source.advice

    def sentence(self, source: Source) -> str:
        where = "" if source.video_id else shown(source.path or "", 200)
        parts = (shown(source.name), where, self.words(source), facts_words(source), source.advice)
        return ". ".join(part.rstrip(".") for part in parts if part) + "."

    def is_quiet(self, source: Source, column: str) -> bool:
        return column == "What to do" or (column == "Recording" and source.state != READY)

    def _follow(self, now: list[RecordingId]) -> None:
        """From the old list to the new one by rows that go and rows that come."""
        kept, gone = set(now), set(self._ids)
        for row in range(len(self._ids) - 1, -1, -1):
            if self._ids[row] not in kept:
                self.beginRemoveRows(_NOWHERE, row, row)
                del self._ids[row]
                self.endRemoveRows()
        come = [recording_id for recording_id in now if recording_id not in gone]
        if not self._ids or (come and come[0] > self._ids[-1]):
            self.beginInsertRows(_NOWHERE, len(self._ids), len(self._ids) + len(come) - 1)
            self._ids += come
            self.endInsertRows()
            return
        for recording_id in come:
            row = bisect_left(self._ids, recording_id)
            self.beginInsertRows(_NOWHERE, row, row)
            self._ids.insert(row, recording_id)
            self.endInsertRows()
