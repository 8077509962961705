"""The playlist on the screen: badges of labels and verdicts, bars of what the model said."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from stremo_studio.domain.clip import Clip
from stremo_studio.domain.recording import READY
from stremo_studio.ui.bars import hundredths, paint_bar
from stremo_studio.ui.class_marks import paint_mark
from stremo_studio.ui.review.playlist_table import CLIP, COLUMNS, PREDICTION, PlaylistTable
from stremo_studio.ui.theme import GRID, SMALL, Theme, text_font
from trainer.contract.evaluation import Prediction
from trainer.contract.labels import CLASSES

ROW = 28
_BADGE = (30, 20)
_WIDTHS = {"Label": 136, "Speaker": 72, "Length": 64, "Model": 100}
_BAR = 10


class PlaylistView(QTableView):
    """`current_changed(int)`: the row in front."""

    current_changed = Signal(int)

    def __init__(self, model: PlaylistTable, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName("Playlist")
        self.setModel(model)
        self.setItemDelegate(_RowDelegate(theme, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, name in enumerate(COLUMNS):
            if name in _WIDTHS:
                self.setColumnWidth(column, _WIDTHS[name])
            else:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        self.selectionModel().currentRowChanged.connect(self._on_current)

    def go_to(self, row: int) -> None:
        """Bring a row to the front."""
        self.selectRow(row)
        self.scrollTo(self.model().index(row, 0))

    @property
    def row(self) -> int:
        """The row in front, -1 while there is none."""
        return self.currentIndex().row()

    def _on_current(self, current: QModelIndex, _: QModelIndex) -> None:
        if current.isValid():
            self.current_changed.emit(current.row())


class _RowDelegate(QStyledItemDelegate):
    """Badge of the current label before the verdict; the predicted class's bar at the end."""

    def __init__(self, theme: Theme, view: PlaylistView) -> None:
        super().__init__(view)
        self._theme = theme

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        clip: Clip | None = index.data(CLIP)
        room = QRectF(option.rect)
        column = COLUMNS[index.column()]
        missing = column == "Clip" and clip is not None and clip.audio != READY
        left, right = (_BADGE[0] + 12 if column == "Label" else 0), (24 if missing else 0)
        option.rect = option.rect.adjusted(left, 0, -right, 0)
        super().paint(painter, option, index)
        if column == "Label" and clip is not None:
            top = room.top() + (room.height() - _BADGE[1]) / 2
            paint_mark(painter, QRectF(room.left() + 10, top, *_BADGE), clip.label, self._theme)
        if missing:
            icon = self._theme.icon("clip_missing", "quiet")
            icon.paint(painter, int(room.right()) - 22, int(room.top()) + 4, 20, 20)
        if column == "Model":
            self._paint_prediction(painter, room, index.data(PREDICTION))

    def _paint_prediction(
        self, painter: QPainter, room: QRectF, prediction: Prediction | None
    ) -> None:
        if prediction is None:
            return
        share = prediction.probabilities[CLASSES.index(prediction.predicted)]
        track = QRectF(
            room.left() + GRID, room.center().y() - _BAR / 2, room.width() - 6.5 * GRID, _BAR
        )
        painter.save()
        paint_bar(painter, track, prediction.predicted, share, self._theme)
        painter.setPen(self._theme.color("text"))
        painter.setFont(text_font(SMALL))
        text = QRectF(track.right() + GRID, room.top(), 4 * GRID, room.height())
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, hundredths(share))
        painter.restore()
