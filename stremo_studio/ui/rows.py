"""A long list as a table model: ids of all of it, rows of what is looked at.

The tables of clips and of recordings are made of it. Rows are read with their neighbours and a
bounded number is kept: 50,000 cost a list of numbers.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from stremo_studio.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
WHOLE = Qt.ItemDataRole.UserRole
"""Role under which a row gives the whole value behind it."""
_CACHED = 2_000
_READ_AHEAD = 64
_NOWHERE = QModelIndex()
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Known(Protocol):
    """What a row can be: a value that knows its id."""

    @property
    def id(self) -> int: ...


Id = TypeVar("Id", bound=int)
Value = TypeVar("Value", bound=Known)


class Rows(QAbstractTableModel, Generic[Id, Value]):
    """Values in the order of their ids in `_ids`, which a table fills."""

    numbers: tuple[str, ...] = ()
    """Columns that stand to the right."""

    def __init__(self, theme: Theme, columns: Sequence[str]) -> None:
        super().__init__()
        self.theme = theme
        self.columns = tuple(columns)
        self._ids: list[Id] = []
        self._cache: OrderedDict[int, Value] = OrderedDict()
        theme.changed.connect(self.repaint)

    def at(self, row: int) -> Value | None:
        """The value of a row, read together with its neighbours; None for one that is gone."""
        if not 0 <= row < len(self._ids):
            return None
        wanted = self._ids[row]
        if wanted not in self._cache:
            first = max(0, row - _READ_AHEAD // 4)
            near = self._ids[first : first + _READ_AHEAD]
            for found in self.read([id_ for id_ in near if id_ not in self._cache]):
                self._cache[found.id] = found
            while len(self._cache) > _CACHED:
                self._cache.popitem(last=False)
        return self._cache.get(wanted)

    def read(self, ids: list[Id]) -> Iterable[Value]:
        """Ask the project for these; those that are gone are left out."""
        raise NotImplementedError

    def text(self, value: Value, column: str, /) -> str:
        """What stands in a cell."""
        raise NotImplementedError

    def sentence(self, value: Value, /) -> str:
        """The row in words, for tool tips and screen readers."""
        raise NotImplementedError

    def is_quiet(self, value: Value, column: str, /) -> bool:
        """Whether a cell is written in the quiet colour."""
        raise NotImplementedError

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
        if role == Qt.ItemDataRole.TextAlignmentRole and self.columns[section] in self.numbers:
            return _RIGHT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        value = self.at(index.row()) if index.isValid() else None
        if value is None:
            return None
        column = self.columns[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.text(value, column)
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return self.sentence(value)
            case Qt.ItemDataRole.TextAlignmentRole if column in self.numbers:
                return _RIGHT
            case Qt.ItemDataRole.ForegroundRole if self.is_quiet(value, column):
                return self.theme.color("quiet")
            case _ if role == WHOLE:
                return value
        return None

    def repaint(self) -> None:
        """Every row may look different now."""
        if self._ids:
            last = self.index(len(self._ids) - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def repaint_row(self, row: int) -> None:
        """One row may; -1 for none."""
        if row >= 0:
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.columns) - 1))
