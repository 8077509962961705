"""A list of clips as a table model: ids of all of them, rows of what is looked at.

Two tables share it: the worklist of the label page and the playlist of the review page. Rows are
read with their neighbours and a bounded number is kept: 50,000 clips cost a list of numbers.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from stremo_studio.domain.clip import Clip, ClipId
from stremo_studio.domain.recording import READY
from stremo_studio.project.project import Project
from stremo_studio.ui.theme import Theme
from stremo_studio.ui.words import clip_sentence, seconds_words

Index = QModelIndex | QPersistentModelIndex
CLIP = Qt.ItemDataRole.UserRole
"""Role under which a row gives its whole `Clip`."""
_CACHED = 2_000
_READ_AHEAD = 64
_NOWHERE = QModelIndex()
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class ClipRows(QAbstractTableModel):
    """Clips in the order given. Rows are found by clip id."""

    def __init__(self, project: Project, theme: Theme, columns: Sequence[str]) -> None:
        super().__init__()
        self.project = project
        self.theme = theme
        self.columns = tuple(columns)
        self._ids: list[ClipId] = []
        self._rows: dict[ClipId, int] = {}
        self._cache: OrderedDict[ClipId, Clip] = OrderedDict()
        self.eye: str | None = None
        """Whose answers are shown: one annotator's alone, or the consensus."""
        theme.changed.connect(self.repaint)

    def list_clips(self, clip_ids: Iterable[ClipId]) -> None:
        """List these clips and no others."""
        self.beginResetModel()
        self._ids = list(clip_ids)
        self._rows = {clip_id: row for row, clip_id in enumerate(self._ids)}
        self._cache.clear()
        self.endResetModel()

    def read_again(self, clip_ids: Iterable[ClipId]) -> None:
        """These clips have changed; those that are not listed do not matter."""
        for clip_id in clip_ids:
            self._cache.pop(clip_id, None)
            row = self._rows.get(clip_id)
            if row is not None:
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.columns) - 1))

    def read_all_again(self) -> None:
        """Any clip may have changed; the list and what is selected stay."""
        self._cache.clear()
        self.repaint()

    @property
    def clip_ids(self) -> list[ClipId]:
        """All ids of the list, in order."""
        return self._ids

    def row_of(self, clip_id: ClipId) -> int:
        """The row of a clip, -1 when the list does not hold it."""
        return self._rows.get(clip_id, -1)

    def clip(self, row: int) -> Clip | None:
        """The clip of a row, read together with its neighbours; None for one that is gone."""
        if not 0 <= row < len(self._ids):
            return None
        clip_id = self._ids[row]
        if clip_id not in self._cache:
            first = max(0, row - _READ_AHEAD // 4)
            self._read(self._ids[first : first + _READ_AHEAD])
        return self._cache.get(clip_id)

    def text(self, clip: Clip, column: str) -> str:
        """What stands in a cell."""
        match column:
            case "Clip":
                return clip.name
            case "Speaker":
                return clip.speaker or ""
            case "Length":
                return seconds_words(clip.duration)
        return ""

    def sentence(self, clip: Clip) -> str:
        """The row in words, for tool tips and screen readers."""
        return clip_sentence(clip)

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
        if role == Qt.ItemDataRole.TextAlignmentRole and self.columns[section] == "Length":
            return _RIGHT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        clip = self.clip(index.row()) if index.isValid() else None
        if clip is None:
            return None
        column = self.columns[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.text(clip, column)
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return self.sentence(clip)
            case Qt.ItemDataRole.TextAlignmentRole if column == "Length":
                return _RIGHT
            case Qt.ItemDataRole.ForegroundRole if clip.audio != READY:
                return self.theme.color("quiet")
            case _ if role == CLIP:
                return clip
        return None

    def repaint(self) -> None:
        """Every row may look different now."""
        if self._ids:
            last = self.index(len(self._ids) - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def _read(self, wanted: Iterable[ClipId]) -> None:
        for clip in self.project.clips([i for i in wanted if i not in self._cache], self.eye):
            self._cache[clip.id] = clip
        while len(self._cache) > _CACHED:
            self._cache.popitem(last=False)
