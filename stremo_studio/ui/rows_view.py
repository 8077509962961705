"""A long table on the screen: whole rows, of which one is in front and one under the pointer."""

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from stremo_studio.ui.rows import Index
from stremo_studio.ui.theme import Theme

ROW = 28


class RowsView(QTableView):
    """`current_changed(int)`: the row in front."""

    current_changed = Signal(int)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.hovered = -1
        self.entered.connect(self._on_entered)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
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

    @property
    def row(self) -> int:
        """The row in front, -1 while there is none."""
        return self.currentIndex().row()

    def selected_rows(self) -> list[int]:
        """Selected rows from top to bottom."""
        return sorted(index.row() for index in self.selectionModel().selectedRows())

    def go_to(self, row: int) -> None:
        """Select a row alone and scroll it into sight. `selectRow` would obey a held Shift: an
        answer given with Shift+1 must not drag the selection along."""
        index = self.model().index(row, 0)
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def _on_entered(self, index: QModelIndex) -> None:
        self._hover(index.row())

    def _hover(self, row: int) -> None:
        """The whole row under the pointer is lit, not the cell."""
        if row != self.hovered:
            self.hovered = row
            self.viewport().update()


class RowDelegate(QStyledItemDelegate):
    """Draws the cells of a `RowsView`."""

    def __init__(self, theme: Theme, view: RowsView) -> None:
        super().__init__(view)
        self.theme = theme
        self._rows = view

    def light(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> QRect:
        """Light the row under the pointer; returns the room of the cell."""
        room = QRect(option.rect)
        if index.row() == self._rows.hovered:
            painter.fillRect(room, self.theme.color("hover"))
        option.state &= ~QStyle.StateFlag.State_MouseOver
        return room
