"""Everything of the waveform that stands still: the shape, the clip's edges, the time axis."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPen

from stremo_studio.media.peaks import Peaks
from stremo_studio.ui.label.time_axis import GAP, ticks
from stremo_studio.ui.label.time_window import TimeWindow
from stremo_studio.ui.label.wave_image import WaveColors, WaveSpan, draw_wave
from stremo_studio.ui.theme import Theme, text_font

_AXIS_POINTS = 9.0
_TICK = 4
_HANDLE = (8.0, 20.0)  # width and height of the grip at an edge
ROOM = 24.0
"""Pixels a clip must be wide for its edges to be taken."""


def wave_colors(theme: Theme) -> WaveColors:
    """The colours of the theme in force."""
    names = ("wave", "clip_surface", "wave_context", "surface", "sunken")
    return WaveColors(*(theme.color(name) for name in names))


class WavePicture:
    """Draws into an image of device pixels, once per zoom or pan."""

    AXIS = 24
    """Height of the time axis in pixels."""

    def __init__(self, theme: Theme, peaks: Peaks, rate: int, scale: float) -> None:
        self._theme = theme
        self._peaks = peaks
        self._rate = rate
        self._scale = scale

    def draw(
        self,
        window: TimeWindow,
        clip: tuple[float, float],
        size: QSize,
        ratio: float,
        *,
        handles: bool,
    ) -> QImage:
        """A picture of `size` at the screen's device pixel `ratio`."""
        width, height = max(1, round(size.width() * ratio)), max(1, round(size.height() * ratio))
        image = QImage(width, height, QImage.Format.Format_RGB32)
        tall = max(1, height - round(self.AXIS * ratio))
        span = WaveSpan(
            window.start * self._rate,
            window.end * self._rate,
            clip[0] * self._rate,
            clip[1] * self._rate,
            self._scale,
        )
        draw_wave(image, tall, self._peaks, span, wave_colors(self._theme))
        image.setDevicePixelRatio(ratio)
        painter = QPainter(image)
        self._draw_axis(painter, window, size)
        handles = handles and (clip[1] - clip[0]) / window.length * size.width() >= ROOM
        for at, side in zip(clip, (1, -1), strict=True):
            x = window.x_of(at, size.width())
            if -_HANDLE[0] <= x <= size.width() + _HANDLE[0]:
                self._draw_edge(painter, x, side, size.height() - self.AXIS, ratio, handles)
        painter.end()
        return image

    def _draw_axis(self, painter: QPainter, window: TimeWindow, size: QSize) -> None:
        top = size.height() - self.AXIS
        font = text_font(_AXIS_POINTS)
        painter.setFont(font)
        digit = QFontMetricsF(font).horizontalAdvance("0")  # figures are all of one width
        painter.fillRect(QRectF(0, top, size.width(), self.AXIS), self._theme.color("surface"))
        painter.fillRect(QRectF(0, top, size.width(), 1), self._theme.color("line"))
        border, quiet = self._theme.color("border"), self._theme.color("quiet")
        painter.setPen(quiet)
        for at, text in ticks(window.start, window.end, size.width(), digit):
            x = round(window.x_of(at, size.width()))
            painter.fillRect(QRectF(x, top, 1, _TICK), border)
            wide = len(text) * digit
            left = min(max(2.0, x - wide / 2), size.width() - wide - 2)
            if abs(left - (x - wide / 2)) <= GAP / 2:  # else moved in so far that it would touch
                box = QRectF(left, top + _TICK, wide, self.AXIS - _TICK)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _draw_edge(
        self, painter: QPainter, x: float, side: int, height: float, ratio: float, handles: bool
    ) -> None:
        """A line on whole device pixels; `side` 1 is the start, whose grip points into the clip."""
        color = self._theme.color("accent")
        x = round(x * ratio) / ratio
        wide = max(1, round(ratio)) / ratio
        painter.fillRect(QRectF(x if side > 0 else x - wide, 0, wide, height), color)
        if not handles:
            return
        grip = QRectF(x if side > 0 else x - _HANDLE[0], 0, *_HANDLE)
        painter.fillRect(grip, color)
        painter.setPen(QPen(self._theme.color("on_accent"), 1))
        for across in (3.0, 5.0):
            left = grip.left() + across
            painter.drawLine(QPointF(left, 6), QPointF(left, _HANDLE[1] - 7))
