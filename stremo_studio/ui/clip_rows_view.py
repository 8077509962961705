"""A table of clips on the screen: whole rows, badges before labels, marks behind names."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from stremo_studio.domain.clip import Clip
from stremo_studio.domain.recording import READY
from stremo_studio.ui.class_marks import paint_mark
from stremo_studio.ui.clip_rows import CLIP, ClipRows, Index
from stremo_studio.ui.theme import Theme

ROW = 28
_NAME = 176
"""Pixels that a clip's name should have: other columns make room for it."""
_BADGE = (30, 20)
_MARK = 24


class ClipRowsView(QTableView):
    """`current_changed(int)`: the row in front."""

    current_changed = Signal(int)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.hovered = -1
        self._fixed = 0
        self._spare: dict[int, int] = {}
        self.entered.connect(self._on_entered)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # names often differ in their ends
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def show_table(
        self, table: ClipRows, widths: dict[str, int], spare: Sequence[str] = ()
    ) -> None:
        """Show a table of clips; columns without a width share what is left. Where that is too
        little for a name, `spare` columns go, the first one first."""
        self.setModel(table)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, name in enumerate(table.columns):
            if name in widths:
                self.setColumnWidth(column, widths[name])
            else:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        self._fixed = sum(widths.values())
        self._spare = {table.columns.index(name): widths[name] for name in spare}
        self.selectionModel().currentRowChanged.connect(self._on_current)

    def go_to(self, row: int) -> None:
        """Select a row alone and scroll it into sight. `selectRow` would obey a held Shift: an
        answer given with Shift+1 must not drag the selection along."""
        index = self.model().index(row, 0)
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)

    @property
    def row(self) -> int:
        """The row in front, -1 while there is none."""
        return self.currentIndex().row()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.viewport().width() - self._fixed
        for column, width in self._spare.items():
            too_narrow = room < _NAME
            self.setColumnHidden(column, too_narrow)
            room += width * too_narrow

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

    def _on_current(self, current: QModelIndex, _: QModelIndex) -> None:
        if current.isValid():
            self.current_changed.emit(current.row())


class ClipDelegate(QStyledItemDelegate):
    """Draws the badge before the label's words, and the flag or what is missing behind the name."""

    def __init__(self, theme: Theme, view: ClipRowsView) -> None:
        super().__init__(view)
        self.theme = theme
        self._rows = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        clip: Clip | None = index.data(CLIP)
        column = index.model().headerData(index.column(), Qt.Orientation.Horizontal)
        room = QRect(option.rect)
        if index.row() == self._rows.hovered:
            painter.fillRect(room, self.theme.color("hover"))
        option.state &= ~QStyle.StateFlag.State_MouseOver
        badged = clip is not None and column == "Label"
        marked = clip is not None and column == "Clip" and (clip.flagged or clip.audio != READY)
        option.rect = room.adjusted(_BADGE[0] + 12 if badged else 0, 0, -_MARK if marked else 0, 0)
        super().paint(painter, option, index)
        if clip is not None and badged:
            top = room.top() + (room.height() - _BADGE[1]) / 2
            paint_mark(painter, QRectF(room.left() + 10, top, *_BADGE), clip.label, self.theme)
        if clip is not None and marked:
            name, role = ("flag", "warning") if clip.flagged else ("clip_missing", "quiet")
            icon = self.theme.icon(name, role)
            icon.paint(painter, room.right() - 22, room.top() + 4, 20, 20)
