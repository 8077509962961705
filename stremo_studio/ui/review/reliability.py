"""Whether a run is as sure as it is right: one sentence of numbers, and a point for each bin.

A point of few clips is hollow and grey, as a bin of three clips can lie anywhere by chance.
"""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from stremo_studio.ui.theme import GRID, SMALL, Theme, text_font
from stremo_studio.ui.widgets import label
from trainer.contract.evaluation import Calibration, Evaluation, ReliabilityPoint

FEW = 20
"""Clips in a bin below which its point says little."""
_HEIGHT = 21 * GRID
_LEFT, _TOP, _RIGHT, _BOTTOM = 56, 10, 14, 62
_ROW = 15
"""Pixels from one row of numbers below the plot to the next."""
_LEAST = 1 / 3
"""Of three classes the first is never less sure than that."""
_RADIUS = 4.5
_CENTRE = Qt.AlignmentFlag.AlignCenter
_BESIDE = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_OLD = "Calibration was not measured when this run was made. Train again to see it."


class ReliabilityPanel(QWidget):
    """The calibration of one split; says why where there is none."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._words = label(role="quiet", wrap=True)
        self.chart = ReliabilityChart(theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GRID, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(label("As sure as it is right?", "heading"))
        column.addWidget(self._words)
        column.addWidget(self.chart)

    def show_evaluation(
        self, found: Evaluation | None, calibration: Calibration, split: str
    ) -> None:
        """Of `split`; None for clips that were trained on, which say nothing about it."""
        self.setVisible(found is not None)
        points = found.reliability if found else ()
        self._words.setText(calibration_words(found, calibration, split) if found else "")
        self.chart.show_points(points)
        self.chart.setVisible(bool(points))

    @property
    def words(self) -> str:
        return self._words.text()


def calibration_words(found: Evaluation, calibration: Calibration, split: str) -> str:
    """The calibration error, and what scaling did about it."""
    if found.ece is None:
        return _OLD
    words = f"ECE {found.ece:.2f} on {found.clips:,} clips"
    before = calibration.unscaled_ece.get(split)
    if before is None or calibration.temperature == 1:
        return f"{words}."
    return (
        f"{words}; {before:.2f} before the temperature of {calibration.temperature:.2f} "
        f"from {calibration.clips:,} dev clips."
    )


class ReliabilityChart(QWidget):
    """Across how sure, upwards how often right; on the dashed line the two are the same."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._points: tuple[ReliabilityPoint, ...] = ()
        self.setFixedHeight(_HEIGHT)
        theme.changed.connect(self.update)

    def show_points(self, points: Sequence[ReliabilityPoint]) -> None:
        self._points = tuple(points)
        said = "; ".join(
            f"sure {p.confidence:.0%}, right {p.accuracy:.0%}, {p.clips:,} clips" for p in points
        )
        self.setAccessibleName(f"Reliability: {said}")
        self.setToolTip(said.replace("; ", "\n"))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(text_font(SMALL))
        self._draw_axes(painter)
        for point in self._points:
            self._draw_point(painter, point)
        self._draw_counts(painter)

    def _draw_axes(self, painter: QPainter) -> None:
        plot, quiet = self._plot, self._theme.color("quiet")
        for share, text in ((0.0, "0 %"), (0.5, "right"), (1.0, "100 %")):
            y = self._place(0, share).y()
            painter.setPen(QPen(self._theme.color("line"), 1))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(quiet)
            painter.drawText(QRectF(0, y - 9, _LEFT - 8, 18), _BESIDE, text)
        painter.drawText(QRectF(0, plot.bottom() + 10, _LEFT - 8, 18), _BESIDE, "clips")
        for share, text in ((0.4, "40 %"), (0.68, "sure"), (0.95, "100 %")):
            painter.drawText(self._below(self._place(share, 0).x(), 2), _CENTRE, text)
        painter.setPen(QPen(self._theme.color("border"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(self._place(_LEAST, _LEAST), self._place(1, 1))

    def _draw_point(self, painter: QPainter, point: ReliabilityPoint) -> None:
        few = point.clips < FEW
        ink = self._theme.color("border" if few else "accent")
        here = self._place(point.confidence, point.accuracy)
        painter.setPen(QPen(ink, 1.5))
        painter.drawLine(here, self._place(point.confidence, point.confidence))
        painter.setBrush(self._theme.color("surface") if few else ink)
        painter.drawEllipse(here, _RADIUS, _RADIUS)

    def _draw_counts(self, painter: QPainter) -> None:
        """Each below its point; one that would touch its neighbour stands a row lower."""
        taken = 0.0
        for point in self._points:
            x, text = self._place(point.confidence, 0).x(), f"{point.clips:,}"
            half = painter.fontMetrics().horizontalAdvance(text) / 2 + 2
            row = int(x - half < taken)
            taken = taken if row else x + half
            painter.setPen(self._theme.color("quiet" if point.clips < FEW else "text"))
            painter.drawText(self._below(x, row), _CENTRE, text)

    @property
    def _plot(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_LEFT, _TOP, -_RIGHT, -_BOTTOM)

    def _below(self, x: float, row: int) -> QRectF:
        return QRectF(x - 30, self._plot.bottom() + 10 + row * _ROW, 60, 18)

    def _place(self, confidence: float, accuracy: float) -> QPointF:
        plot = self._plot
        across = (confidence - _LEAST) / (1 - _LEAST)
        return QPointF(
            plot.left() + across * plot.width(), plot.bottom() - accuracy * plot.height()
        )
