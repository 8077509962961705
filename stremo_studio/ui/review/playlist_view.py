"""The playlist on the screen: badges of labels and verdicts, bars of what the model said."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyleOptionViewItem

from stremo_studio.ui.bars import hundredths, paint_bar
from stremo_studio.ui.clip_rows_view import ClipDelegate, ClipRowsView
from stremo_studio.ui.review.playlist_table import COLUMNS, PREDICTION, PlaylistTable
from stremo_studio.ui.rows import Index
from stremo_studio.ui.theme import GRID, SMALL, Theme, text_font
from trainer.contract.evaluation import Prediction
from trainer.contract.labels import CLASSES

_WIDTHS = {"Label": 128, "Speaker": 78, "Length": 72, "Model": 92}
_SPARE = ("Length", "Speaker", "Model")
_BAR = 10


class PlaylistView(ClipRowsView):
    """One row is in front at a time."""

    def __init__(self, model: PlaylistTable, theme: Theme) -> None:
        super().__init__("Playlist")
        self.setItemDelegate(_PredictionDelegate(theme, self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.show_table(model, _WIDTHS, _SPARE)


class _PredictionDelegate(ClipDelegate):
    """Draws the predicted class's bar at the end of the row."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        room = QRectF(option.rect)
        super().paint(painter, option, index)
        prediction: Prediction | None = index.data(PREDICTION)
        if prediction is not None and COLUMNS[index.column()] == "Model":
            self._paint_prediction(painter, room, prediction)

    def _paint_prediction(self, painter: QPainter, room: QRectF, prediction: Prediction) -> None:
        share = prediction.probabilities[CLASSES.index(prediction.predicted)]
        track = QRectF(
            room.left() + GRID, room.center().y() - _BAR / 2, room.width() - 6.5 * GRID, _BAR
        )
        painter.save()
        paint_bar(painter, track, prediction.predicted, share, self.theme)
        painter.setPen(self.theme.color("text"))
        painter.setFont(text_font(SMALL))
        text = QRectF(track.right() + GRID, room.top(), 4 * GRID, room.height())
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, hundredths(share))
        painter.restore()
