"""Probabilities as bars: the class's colour and pattern, never colour alone."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from stremo_studio.ui.class_marks import pattern
from stremo_studio.ui.theme import GRID, SMALL, Theme, text_font
from stremo_studio.ui.words import SIGNS
from trainer.contract.labels import CLASSES

BAR = 10
_ROW = 20


def paint_bar(painter: QPainter, track: QRectF, class_id: str, share: float, theme: Theme) -> None:
    """A class's bar: its colour and pattern over `share` (0..1) of the track."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("sunken"))
    painter.drawRoundedRect(track, 2, 2)
    filled = QRectF(track.left(), track.top(), track.width() * share, track.height())
    painter.setBrush(theme.color(f"{class_id}_tint"))
    painter.drawRect(filled)
    painter.setBrush(pattern(class_id, theme.color(class_id)))
    painter.drawRect(filled)


def hundredths(share: float) -> str:
    """A probability in the width of three figures: `.07`, `.71`, `1.0`."""
    return "1.0" if share >= 0.995 else f".{round(100 * share):02}"


class ProbabilityBars(QWidget):
    """What the model makes of one clip: a bar a class, the predicted one in full ink."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._probabilities: tuple[float, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_probabilities(self, probabilities: Sequence[float]) -> None:
        """By class, in the order of the label scheme; none while there is no prediction."""
        self._probabilities = tuple(probabilities)
        told = [f"{c} {p:.0%}" for c, p in zip(CLASSES, self._probabilities, strict=False)]
        self.setAccessibleName(f"Model: {', '.join(told)}" if told else "No prediction")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(30 * GRID, _ROW * len(CLASSES))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = Qt.AlignmentFlag.AlignVCenter
        widest = QFontMetrics(text_font(SMALL, bold=True)).horizontalAdvance
        names = max(widest(f"{SIGNS[class_id]} {class_id}") for class_id in CLASSES)
        for row, (class_id, share) in enumerate(zip(CLASSES, self._probabilities, strict=False)):
            best = share == max(self._probabilities)
            top = float(row * _ROW)
            name = QRectF(0, top, names, _ROW)
            track = QRectF(
                names + GRID, top + (_ROW - BAR) / 2, self.width() - names - 6 * GRID, BAR
            )
            painter.setFont(text_font(SMALL, bold=best))
            painter.setPen(self._theme.color("text" if best else "quiet"))
            painter.drawText(name, middle, f"{SIGNS[class_id]} {class_id}")
            number = QRectF(track.right() + GRID, top, 4 * GRID, _ROW)
            painter.drawText(number, middle, hundredths(share))
            paint_bar(painter, track, class_id, share, self._theme)
