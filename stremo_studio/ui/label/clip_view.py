"""The clip table on the screen: sorted by its headers, a row that flashes once when answered."""

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyleOptionViewItem

from stremo_studio.domain.clip import Clip, ClipId
from stremo_studio.ui.clip_rows import ClipRows
from stremo_studio.ui.clip_rows_view import ClipDelegate, ClipRowsView
from stremo_studio.ui.rows import WHOLE, Index
from stremo_studio.ui.theme import Theme

_FLASH_MS = 150
_WIDTHS = {"Label": 148, "Speaker": 76, "Length": 68}


class ClipView(ClipRowsView):
    """Rows are selected whole; several with Shift and Ctrl."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("Clips")
        self.setItemDelegate(_FlashingDelegate(theme, self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.flashing: ClipId | None = None

    def use(self, table: ClipRows) -> None:
        """Show a clip table; sorted by a click on a header, in the order added at first."""
        self.show_table(table, _WIDTHS, ("Length", "Speaker"))
        header = self.horizontalHeader()
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)

    def flash(self, clip_id: ClipId) -> None:
        """Light up the row of a clip that was just answered, once."""
        self.flashing = clip_id
        self.viewport().update()
        QTimer.singleShot(_FLASH_MS, self, self._end_flash)

    def _end_flash(self) -> None:
        self.flashing = None
        self.viewport().update()


class _FlashingDelegate(ClipDelegate):
    """Lights up the row that was just answered."""

    def __init__(self, theme: Theme, view: ClipView) -> None:
        super().__init__(theme, view)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        clip: Clip | None = index.data(WHOLE)
        if clip is not None and clip.id == self._view.flashing:
            painter.fillRect(QRect(option.rect), self.theme.color("accent_quiet"))
        super().paint(painter, option, index)
