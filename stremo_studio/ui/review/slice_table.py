"""The slices of a split as a table, the worst first; rough ones are grey."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from stremo_studio.domain.wording import counted
from stremo_studio.project.slices import ScoredSlice, Slice
from stremo_studio.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
COLUMNS = ("Slice", "UAR", "Macro F1")
BELOW = Qt.ItemDataRole.UserRole
"""Role of the small line below: of what, and within which interval."""
_NOWHERE = QModelIndex()
_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight


class SliceTable(QAbstractTableModel):
    """Rows are `ScoredSlice` values; dozens, kept whole."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.rows: list[ScoredSlice] = []
        theme.changed.connect(self._repaint)

    def show(self, rows: Sequence[ScoredSlice]) -> None:
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def row_of(self, part: Slice | None) -> int:
        """The row of a slice, -1 when it is not listed."""
        return next((i for i, one in enumerate(self.rows) if one.part == part), -1)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Vertical or not 0 <= section < len(COLUMNS):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return (_RIGHT if section else _LEFT) | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        one = self.rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return (one.part.words, f"{one.uar:.2f}", f"{one.macro_f1:.2f}")[index.column()]
            case _ if role == BELOW:
                return _below(one)[index.column()]
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return slice_sentence(one)
            case Qt.ItemDataRole.TextAlignmentRole if index.column():
                return _RIGHT
            case Qt.ItemDataRole.ForegroundRole if one.is_rough:
                return self._theme.color("quiet")
        return None

    def _repaint(self) -> None:
        if self.rows:
            last = self.index(len(self.rows) - 1, len(COLUMNS) - 1)
            self.dataChanged.emit(self.index(0, 0), last)


def _below(one: ScoredSlice) -> tuple[str, ...]:
    of = f"{counted(one.clips, 'clip')} of {counted(one.groups, 'group')}"
    return of, _within(one, "uar"), _within(one, "macro_f1")


def slice_sentence(one: ScoredSlice) -> str:
    """A slice as a screen reader says it."""
    rough = "rough: " if one.is_rough else ""
    uar, macro = (_within(one, name) for name in ("uar", "macro_f1"))
    return (
        f"{one.part.words}, {rough}{counted(one.clips, 'clip')} of {one.groups:,} speakers or "
        "videos, "
        f"UAR {one.uar:.2f}{f' ({uar})' * bool(uar)}, "
        f"macro F1 {one.macro_f1:.2f}{f' ({macro})' * bool(macro)}"
    )


def _within(one: ScoredSlice, score: str) -> str:
    bounds = one.intervals.get(score)
    return f"{bounds[0]:.2f} – {bounds[1]:.2f}" if bounds else ""
