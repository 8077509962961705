"""A table of clips on the screen: whole rows, badges before labels, marks behind names."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QRectF, Qt
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QStyleOptionViewItem,
)

from stremo_studio.domain.clip import Clip
from stremo_studio.domain.recording import READY
from stremo_studio.ui.class_marks import paint_mark
from stremo_studio.ui.clip_rows import ClipRows
from stremo_studio.ui.rows import WHOLE, Index
from stremo_studio.ui.rows_view import RowDelegate, RowsView

_NAME = 176
"""Pixels that a clip's name should have: other columns make room for it."""
_BADGE = (30, 20)
_MARK = 24


class ClipRowsView(RowsView):
    """A table of clips; columns may go where there is no room for the names."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._fixed = 0
        self._spare: dict[int, int] = {}
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # names often differ in their ends

    def show_table(
        self, table: ClipRows, widths: dict[str, int], spare: Sequence[str] = ()
    ) -> None:
        """Show a table of clips; columns without a width share what is left. Where that is too
        little for a name, `spare` columns go, the first one first."""
        self.setModel(table)
        header = self.horizontalHeader()
        for column, name in enumerate(table.columns):
            if name in widths:
                self.setColumnWidth(column, widths[name])
            else:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        self._fixed = sum(widths.values())
        self._spare = {table.columns.index(name): widths[name] for name in spare}
        self.selectionModel().currentRowChanged.connect(self._on_current)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.viewport().width() - self._fixed
        for column, width in self._spare.items():
            too_narrow = room < _NAME
            self.setColumnHidden(column, too_narrow)
            room += width * too_narrow

    def _on_current(self, current: QModelIndex, _: QModelIndex) -> None:
        if current.isValid():
            self.current_changed.emit(current.row())


class ClipDelegate(RowDelegate):
    """Draws the badge before the label's words, and the flag or what is missing behind the name."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        clip: Clip | None = index.data(WHOLE)
        column = index.model().headerData(index.column(), Qt.Orientation.Horizontal)
        room = self.light(painter, option, index)
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
