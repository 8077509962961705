"""The table of clips: ids of the whole worklist, rows of what is looked at.

Sorting, filtering and searching are SQL; the model keeps ids and a bounded cache of rows, so that
50,000 clips cost a list of numbers. The list stands still while people answer: a clip that no
longer fits the filter stays until the filter is chosen again, and Backspace finds it in place.
"""

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from stremo_studio.domain.clip import Clip, ClipId
from stremo_studio.domain.recording import READY
from stremo_studio.domain.worklist import Worklist
from stremo_studio.project.changes import Changes
from stremo_studio.project.project import Project
from stremo_studio.ui.theme import Theme
from stremo_studio.ui.words import clip_sentence, label_words, seconds_words

Index = QModelIndex | QPersistentModelIndex
COLUMNS = ("Label", "Clip", "Speaker", "Length")
SORTS = ("label", "name", "speaker", "duration")
"""What each column sorts by, as the worklist names it."""
CLIP = Qt.ItemDataRole.UserRole
"""Role under which a row gives its whole `Clip`."""
_NOWHERE = QModelIndex()
_CACHED = 2_000
_READ_AHEAD = 64
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class ClipTable(QAbstractTableModel):
    """The worklist of one project as a table model. Rows are found by clip id."""

    def __init__(self, project: Project, theme: Theme) -> None:
        super().__init__()
        self._project = project
        self._theme = theme
        self.worklist = Worklist()
        self._ids: list[ClipId] = []
        self._rows: dict[ClipId, int] = {}
        self._cache: OrderedDict[ClipId, Clip] = OrderedDict()
        theme.changed.connect(self._on_theme_changed)

    def show(self, worklist: Worklist) -> None:
        """Ask the project for the clips of `worklist`."""
        self.beginResetModel()
        self.worklist = worklist
        self._ids = self._project.clip_ids(worklist)
        self._rows = {clip_id: row for row, clip_id in enumerate(self._ids)}
        self._cache.clear()
        self.endResetModel()

    def take(self, changes: Changes) -> None:
        """Read changed rows again; when clips came or went, the whole list."""
        if changes.worklist:
            self.show(self.worklist)
            return
        for clip_id in changes.clips:
            self._cache.pop(clip_id, None)
            row = self._rows.get(clip_id)
            if row is not None:
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(COLUMNS) - 1))

    @property
    def clip_ids(self) -> list[ClipId]:
        """All ids of the list, in order."""
        return self._ids

    def clip(self, row: int) -> Clip | None:
        """The clip of a row, read together with its neighbours."""
        if not 0 <= row < len(self._ids):
            return None
        clip_id = self._ids[row]
        if clip_id not in self._cache:
            first = max(0, row - _READ_AHEAD // 4)
            self._read(self._ids[first : first + _READ_AHEAD])
        return self._cache.get(clip_id)

    def row_of(self, clip_id: ClipId) -> int:
        """The row of a clip, -1 when the list does not hold it."""
        return self._rows.get(clip_id, -1)

    def next_unlabelled(self, row: int) -> int:
        """The next row without a label after `row`, then from the top; -1 when there is none."""
        wanted = Worklist("unlabelled", playlist=tuple(self._ids[row + 1 :] + self._ids[: row + 1]))
        found = self._project.clip_ids(wanted)
        return self._rows[found[0]] if found else -1

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Vertical or not 0 <= section < len(COLUMNS):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and COLUMNS[section] == "Length":
            return _RIGHT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        clip = self.clip(index.row()) if index.isValid() else None
        if clip is None:
            return None
        column = COLUMNS[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return _text(clip, column)
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return clip_sentence(clip)
            case Qt.ItemDataRole.TextAlignmentRole if column == "Length":
                return _RIGHT
            case Qt.ItemDataRole.ForegroundRole if clip.audio != READY:
                return self._theme.color("quiet")
            case _ if role == CLIP:
                return clip
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort in SQL; a column of -1 gives the order in which clips were added."""
        worklist = self.worklist
        name = SORTS[column] if 0 <= column < len(SORTS) else "added"
        descending = order == Qt.SortOrder.DescendingOrder
        if (name, descending) != (worklist.sort, worklist.descending):
            self.show(Worklist(worklist.show, worklist.search, name, descending, worklist.playlist))

    def _read(self, wanted: Iterable[ClipId]) -> None:
        for clip in self._project.clips([i for i in wanted if i not in self._cache]):
            self._cache[clip.id] = clip
        while len(self._cache) > _CACHED:
            self._cache.popitem(last=False)

    def _on_theme_changed(self) -> None:
        if self._ids:
            last = self.index(len(self._ids) - 1, len(COLUMNS) - 1)
            self.dataChanged.emit(self.index(0, 0), last)


def _text(clip: Clip, column: str) -> str:
    match column:
        case "Label":
            return label_words(clip)
        case "Clip":
            return clip.name
        case "Speaker":
            return clip.speaker or ""
    return seconds_words(clip.duration)
