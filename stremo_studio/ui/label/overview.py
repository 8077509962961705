"""The whole recording in 24 pixels above the waveform: where the view is, and where the clip."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from stremo_studio.media.peaks import Peaks
from stremo_studio.media.sound import Sound
from stremo_studio.ui.label.time_axis import time_text
from stremo_studio.ui.label.wave_image import WaveSpan, draw_wave, wave_scale
from stremo_studio.ui.label.wave_picture import wave_colors
from stremo_studio.ui.theme import Theme

HEIGHT = 24
_NARROWEST = 4.0  # pixels; a clip of three seconds in two hours must still be seen


class OverviewStrip(QWidget):
    """A click or drag asks for another part of the recording: `moved_to(seconds)`, its middle."""

    moved_to = Signal(float)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._sound: Sound | None = None
        self._peaks: Peaks | None = None
        self._clip = (0.0, 0.0)
        self._view = (0.0, 0.0)
        self._position: float | None = None
        self._image: QImage | None = None
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Overview of the recording")
        theme.changed.connect(self.redraw)

    def sizeHint(self) -> QSize:
        return QSize(800, HEIGHT)

    def show_sound(
        self, sound: Sound, peaks: Peaks, start: float = 0.0, end: float | None = None
    ) -> None:
        """Show a recording and where its clip lies, in seconds."""
        self._sound, self._peaks = sound, peaks
        self._position = None
        self.set_clip(start, sound.duration if end is None else end)

    def clear(self) -> None:
        """Show nothing."""
        self._sound = self._peaks = None
        self.redraw()

    def set_clip(self, start: float, end: float) -> None:
        """Mark the clip elsewhere."""
        self._clip = (start, end)
        if self._sound is not None:
            whole = self._sound.duration
            self.setAccessibleDescription(
                f"Clip at {time_text(start, 1, whole)} of {time_text(whole, 1, whole)}"
            )
        self.redraw()

    def set_view(self, start: float, end: float) -> None:
        """Frame the part that the waveform shows."""
        self._view = (start, end)
        self.update()

    def set_position(self, seconds: float | None) -> None:
        """Move the playhead; repaints only when it moves by a pixel."""
        if self._sound is None:
            return
        if seconds is None or self._position is None or self._moved(seconds):
            self._position = seconds
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("sunken"))
        if self._sound is None or self._peaks is None:
            return
        painter.drawImage(0, 0, self._picture(self._sound, self._peaks))
        left, right = (self._x(at) for at in self._view)
        shade = self._theme.color("sunken")
        shade.setAlphaF(0.6)
        painter.fillRect(QRectF(0, 0, left, HEIGHT), shade)
        painter.fillRect(QRectF(right, 0, self.width() - right, HEIGHT), shade)
        start, end = (self._x(at) for at in self._clip)
        wide = max(_NARROWEST, end - start)
        clip = QRectF((start + end - wide) / 2, HEIGHT - 3, wide, 3)
        painter.fillRect(clip, self._theme.color("accent"))
        painter.setPen(self._theme.color("border"))
        frame = QRectF(left, 0, max(_NARROWEST, right - left), HEIGHT)
        painter.drawRect(frame.adjusted(0.5, 0.5, -0.5, -0.5))
        if self._position is not None:
            x = round(self._x(self._position))
            painter.fillRect(QRectF(x, 0, 1, HEIGHT), self._theme.color("playhead"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.redraw()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._ask(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._ask(event)

    def _ask(self, event: QMouseEvent) -> None:
        if self._sound is not None and event.buttons() & Qt.MouseButton.LeftButton:
            share = min(max(0.0, event.position().x() / max(1, self.width())), 1.0)
            self.moved_to.emit(share * self._sound.duration)

    def _moved(self, seconds: float) -> bool:
        return round(self._x(seconds)) != round(self._x(self._position or 0.0))

    def _x(self, seconds: float) -> float:
        """The horizontal place of a time, inside the strip."""
        whole = self._sound.duration if self._sound is not None else 1.0
        return min(max(0.0, seconds / whole), 1.0) * self.width()

    def redraw(self) -> None:
        """Draw the recording anew: it has grown, or looks other."""
        self._image = None
        self.update()

    def _picture(self, sound: Sound, peaks: Peaks) -> QImage:
        ratio = self.devicePixelRatioF()
        if self._image is None or self._image.devicePixelRatio() != ratio:
            rate = sound.rate
            start, end = self._clip
            frames = float(len(sound.samples))
            span = WaveSpan(0.0, frames, start * rate, end * rate, wave_scale(peaks))
            width, height = max(1, round(self.width() * ratio)), round(HEIGHT * ratio)
            self._image = QImage(width, height, QImage.Format.Format_RGB32)
            draw_wave(self._image, height, peaks, span, wave_colors(self._theme))
            self._image.setDevicePixelRatio(ratio)
        return self._image
