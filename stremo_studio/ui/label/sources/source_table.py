"""The recordings of a project as a table model: ids of all of them, rows of what is looked at.

The list follows its filter at once, so that a chip's number is always the length of the list:
rows that no longer fit go, others come, and what is selected stays.
"""

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from stremo_studio.domain.recording import RecordingId
from stremo_studio.domain.source import DOWNLOADING, EVERYTHING, READY, Source, SourceFilter
from stremo_studio.downloader.messages import Progressed
from stremo_studio.project.project import Project
from stremo_studio.project.sources import source_ids, sources
from stremo_studio.ui.label.sources.source_words import facts_words, share_of, state_words
from stremo_studio.ui.theme import Theme
from stremo_studio.ui.words import seconds_words
from trainer.contract.foreign_text import shown

Index = QModelIndex | QPersistentModelIndex
COLUMNS = ("Recording", "State", "Clips", "Length", "What to do")
TITLED = ("Recording", "Title", "State", "Clips", "Length", "What to do")
SOURCE = Qt.ItemDataRole.UserRole
"""Role under which a row gives its whole `Source`."""
SHARE = Qt.ItemDataRole.UserRole + 1
"""How much of a download is there, 0 to 1; None while nothing is on its way."""
_CACHED = 1_000
_READ_AHEAD = 64
_NOWHERE = QModelIndex()
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_NUMBERS = ("Clips", "Length")


class SourceTable(QAbstractTableModel):
    """Recordings in the order they came."""

    def __init__(self, project: Project, theme: Theme) -> None:
        super().__init__()
        self._project = project
        self._theme = theme
        self.columns: tuple[str, ...] = COLUMNS
        self.wanted = EVERYTHING
        self._ids: list[RecordingId] = []
        self._cache: OrderedDict[RecordingId, Source] = OrderedDict()
        self.to_mend: frozenset[RecordingId] = frozenset()
        """Ready recordings whose clips need a look."""
        self._progress: dict[RecordingId, Progressed] = {}
        theme.changed.connect(self._repaint)

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
            self._repaint_row(recording_id)

    def show_progress(self, progress: Progressed) -> None:
        """A download goes on; cheap enough for many a second."""
        self._progress[RecordingId(progress.id)] = progress
        self._repaint_row(RecordingId(progress.id))

    def forget_progress(self, recording_id: RecordingId) -> None:
        self._progress.pop(recording_id, None)

    def mark(self, to_mend: frozenset[RecordingId]) -> None:
        """These have clips that need a look."""
        if to_mend != self.to_mend:
            self.to_mend = to_mend
            self._repaint()

    def row_of(self, recording_id: RecordingId) -> int:
        """The row of a recording, -1 when the list does not hold it."""
        row = bisect_left(self._ids, recording_id)
        return row if row < len(self._ids) and self._ids[row] == recording_id else -1

    def source(self, row: int) -> Source | None:
        """The recording of a row, read together with its neighbours."""
        if not 0 <= row < len(self._ids):
            return None
        recording_id = self._ids[row]
        if recording_id not in self._cache:
            first = max(0, row - _READ_AHEAD // 4)
            unread = [i for i in self._ids[first : first + _READ_AHEAD] if i not in self._cache]
            for found in sources(self._project, unread):
                self._cache[found.id] = found
            while len(self._cache) > _CACHED:
                self._cache.popitem(last=False)
        return self._cache.get(recording_id)

    def words(self, source: Source) -> str:
        """The state of a recording, with how far its download is."""
        words = state_words(source, self._progress.get(source.id))
        return f"{words} · clips to mend" if source.id in self.to_mend else words

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Vertical or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and self.columns[section] in _NUMBERS:
            return _RIGHT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        source = self.source(index.row()) if index.isValid() else None
        if source is None:
            return None
        column = self.columns[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(source, column)
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._sentence(source)
            case Qt.ItemDataRole.TextAlignmentRole if column in _NUMBERS:
                return _RIGHT
            case Qt.ItemDataRole.ForegroundRole if column == "Recording":
                return None if source.state == READY else self._theme.color("quiet")
            case Qt.ItemDataRole.ForegroundRole if column == "What to do":
                return self._theme.color("quiet")
            case _ if role == SOURCE:
                return source
            case _ if role == SHARE:
                on_its_way = self._progress.get(source.id)
                if on_its_way is None or source.state != DOWNLOADING:
                    return None
                return share_of(on_its_way)
        return None

    def _text(self, source: Source, column: str) -> str:
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

    def _sentence(self, source: Source) -> str:
        """The row in words, for tool tips and screen readers."""
        where = "" if source.video_id else shown(source.path or "", 200)
        parts = (shown(source.name), where, self.words(source), facts_words(source), source.advice)
        return ". ".join(part.rstrip(".") for part in parts if part) + "."

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

    def _repaint_row(self, recording_id: RecordingId) -> None:
        row = self.row_of(recording_id)
        if row >= 0:
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.columns) - 1))

    def _repaint(self) -> None:
        if self._ids:
            last = self.index(len(self._ids) - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)
