"""The table of recordings on the screen: whole rows, a sign before each state, a bar under it."""

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
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
from stremo_studio.ui.clip_rows_view import ROW
from stremo_studio.ui.label.sources.source_table import SHARE, SOURCE, Index, SourceTable
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


class SourceView(QTableView):
    """`current_changed(int)`: the row in front."""

    current_changed = Signal(int)

    def __init__(self, table: SourceTable, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName("Recordings")
        self.hovered = -1
        self.entered.connect(self._on_entered)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._table = table
        self.setModel(table)
        self.setItemDelegate(_SourceDelegate(theme, self))
        self.selectionModel().currentRowChanged.connect(self._on_current)
        self.selectionModel().selectionChanged.connect(self._on_selection)

    @property
    def row(self) -> int:
        """The row in front, -1 while there is none."""
        return self.currentIndex().row()

    def selected(self) -> list[RecordingId]:
        """The selected recordings, from top to bottom."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self._table.ids[row] for row in rows]

    def go_to(self, row: int) -> None:
        """Select a row alone and scroll it into sight."""
        index = self._table.index(row, 0)
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)

    def fit_columns(self) -> None:
        """Numbers as wide as they are, the sentences share the rest."""
        columns = self._table.columns
        fixed = sum(_WIDTHS.get(name, 0) for name in columns)
        rest = max(0, self.viewport().width() - fixed)
        parts = sum(_SHARES.get(name, 0) for name in columns)
        for column, name in enumerate(columns):
            width = _WIDTHS.get(name) or rest * _SHARES[name] // parts
            self.setColumnWidth(column, width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_columns()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def _on_entered(self, index: QModelIndex) -> None:
        self._hover(index.row())

    def _hover(self, row: int) -> None:
        if row != self.hovered:
            self.hovered = row
            self.viewport().update()

    def _on_current(self, current: QModelIndex, _: QModelIndex) -> None:
        self.current_changed.emit(current.row())

    def _on_selection(self) -> None:
        self.current_changed.emit(self.row)


class _SourceDelegate(QStyledItemDelegate):
    """Draws the sign of a state before its words, and how far a download is under them."""

    def __init__(self, theme: Theme, view: SourceView) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        source: Source | None = index.data(SOURCE)
        state = index.model().headerData(index.column(), Qt.Orientation.Horizontal) == "State"
        room = QRect(option.rect)
        if index.row() == self._view.hovered:
            painter.fillRect(room, self._theme.color("hover"))
        option.state &= ~QStyle.StateFlag.State_MouseOver
        if not state or source is None:
            super().paint(painter, option, index)
            return
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(room, self._theme.color("selected"))
        option.rect = room.adjusted(_SIGN + 4, 0, 0, 0)
        super().paint(painter, option, index)
        name, role = _SIGNS[source.state]
        self._theme.icon(name, role).paint(painter, room.left() + 4, room.top() + 4, 20, 20)
        share: float | None = index.data(SHARE)
        if share is not None:
            track = QRect(room.left() + _SIGN + 12, room.bottom() - 3, room.width() - 48, 3)
            painter.fillRect(track, self._theme.color("line"))
            track.setWidth(round(track.width() * share))
            painter.fillRect(track, self._theme.color("accent"))
