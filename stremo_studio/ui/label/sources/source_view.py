"""The table of recordings on the screen: whole rows, a sign before each state, a bar under it."""

from PySide6.QtCore import QModelIndex, QRect, Qt
from PySide6.QtGui import QPainter, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyleOptionViewItem,
)

from stremo_studio.domain.recording import RecordingId
from stremo_studio.domain.source import (
    CHECKING,
    DOWNLOADING,
    NOT_FETCHED,
    READY,
    UNAVAILABLE,
    WAITING,
    Source,
)
from stremo_studio.ui.label.sources.source_table import SHARE, SourceTable
from stremo_studio.ui.rows import WHOLE, Index
from stremo_studio.ui.rows_view import RowDelegate, RowsView
from stremo_studio.ui.theme import Theme

_SIGN = 20
_SIGNS = {
    NOT_FETCHED: ("link", "quiet"),
    WAITING: ("wait", "quiet"),
    DOWNLOADING: ("fetch", "accent"),
    CHECKING: ("sound", "accent"),
    READY: ("check", "good"),
    UNAVAILABLE: ("warning", "warning"),
}
_WIDTHS = {"Recording": 136, "Title": 200, "Clips": 60, "Length": 72}
_SHARES = {"State": 2, "What to do": 1}
_LONGEST_NAME = 240


class SourceView(RowsView):
    """Several are selected with Shift and Ctrl."""

    def __init__(self, table: SourceTable, theme: Theme) -> None:
        super().__init__("Recordings")
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._table = table
        self.setModel(table)
        self.setItemDelegate(_SourceDelegate(theme, self))
        self.selectionModel().currentRowChanged.connect(self._on_current)
        self.selectionModel().selectionChanged.connect(self._on_selection)
        table.modelReset.connect(self.fit_columns)
        self.horizontalHeader().setResizeContentsPrecision(0)  # the rows in sight, not a thousand

    def selected(self) -> list[RecordingId]:
        """The selected recordings, from top to bottom."""
        return [self._table.ids[row] for row in self.selected_rows()]

    def fit_columns(self) -> None:
        """Names and numbers as wide as they are, the sentences share the rest."""
        if not self.isVisible():
            return  # Qt would ask for every row there is, and not for those in sight
        columns = self._table.columns
        names = min(max(_WIDTHS["Recording"], self.sizeHintForColumn(0)), _LONGEST_NAME)
        widths = _WIDTHS | {"Recording": names}
        fixed = sum(widths.get(name, 0) for name in columns)
        rest = max(0, self.viewport().width() - fixed)
        parts = sum(_SHARES.get(name, 0) for name in columns)
        for column, name in enumerate(columns):
            width = widths.get(name) or rest * _SHARES[name] // parts
            self.setColumnWidth(column, width)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.fit_columns()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_columns()

    def _on_current(self, current: QModelIndex, _: QModelIndex) -> None:
        self.current_changed.emit(current.row())

    def _on_selection(self) -> None:
        self.current_changed.emit(self.row)


class _SourceDelegate(RowDelegate):
    """Draws the sign of a state before its words, and how far a download is under them."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        source: Source | None = index.data(WHOLE)
        state = index.model().headerData(index.column(), Qt.Orientation.Horizontal) == "State"
        room = self.light(painter, option, index)
        if not state or source is None:
            super().paint(painter, option, index)
            return
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(room, self.theme.color("selected"))
        option.rect = room.adjusted(_SIGN + 4, 0, 0, 0)
        super().paint(painter, option, index)
        name, role = _SIGNS[source.state]
        self.theme.icon(name, role).paint(painter, room.left() + 4, room.top() + 4, 20, 20)
        share: float | None = index.data(SHARE)
        if share is not None:
            track = QRect(room.left() + _SIGN + 12, room.bottom() - 3, room.width() - 48, 3)
            painter.fillRect(track, self.theme.color("line"))
            track.setWidth(round(track.width() * share))
            painter.fillRect(track, self.theme.color("accent"))
