"""The clip table on the screen: badges, flags, a row that flashes once when it was answered."""

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from stremo_studio.domain.clip import Clip, ClipId
from stremo_studio.domain.recording import READY
from stremo_studio.ui.class_marks import paint_mark
from stremo_studio.ui.label.clip_table import CLIP, COLUMNS
from stremo_studio.ui.theme import Theme

ROW = 28
_BADGE = (30, 20)
_FLASH_MS = 150
_WIDTHS = {"Label": 140, "Speaker": 76, "Length": 68}


class ClipView(QTableView):
    """Rows are selected whole; several with Shift and Ctrl. `current_changed(int)`."""

    current_changed = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName("Clips")
        self.setItemDelegate(_ClipDelegate(theme, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.flashing: ClipId | None = None

    def use(self, model: QAbstractTableModel) -> None:
        """Show a clip table; sorted by a click on a header, in the order added at first."""
        self.setModel(model)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        for column, name in enumerate(COLUMNS):
            if name in _WIDTHS:
                self.setColumnWidth(column, _WIDTHS[name])
            else:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        self.selectionModel().currentRowChanged.connect(self._on_current)

    def go_to(self, row: int) -> None:
        """Select a row alone and scroll it into sight. `selectRow` would obey a held Shift: an
        answer given with Shift+1 must not drag the selection along."""
        index = self.model().index(row, 0)
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)

    def selected_rows(self) -> list[int]:
        """Selected rows from top to bottom."""
        return sorted(index.row() for index in self.selectionModel().selectedRows())

    def flash(self, clip_id: ClipId) -> None:
        """Light up the row of a clip that was just answered, once."""
        self.flashing = clip_id
        self.viewport().update()
        QTimer.singleShot(_FLASH_MS, self, self._end_flash)

    def _end_flash(self) -> None:
        self.flashing = None
        self.viewport().update()

    def _on_current(self, current: QModelIndex, _: QModelIndex) -> None:
        if current.isValid():
            self.current_changed.emit(current.row())


class _ClipDelegate(QStyledItemDelegate):
    """Draws the badge before the label's words, and the flag behind the name."""

    def __init__(self, theme: Theme, view: ClipView) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        clip: Clip | None = index.data(CLIP)
        if clip is None:
            return
        room = QRect(option.rect)
        if clip.id == self._view.flashing:
            painter.fillRect(room, self._theme.color("accent_quiet"))
        column = COLUMNS[index.column()]
        right = 24 if column == "Clip" and (clip.flagged or clip.audio != READY) else 0
        left = _BADGE[0] + 12 if column == "Label" else 0
        option.rect = room.adjusted(left, 0, -right, 0)
        super().paint(painter, option, index)
        if left:
            top = room.top() + (room.height() - _BADGE[1]) / 2
            paint_mark(painter, QRectF(room.left() + 10, top, *_BADGE), clip.label, self._theme)
        if right:
            name, role = ("flag", "warning") if clip.flagged else ("clip_missing", "quiet")
            icon = self._theme.icon(name, role)
            icon.paint(painter, room.right() - 22, room.top() + 4, 20, 20)
