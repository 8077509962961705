"""The waveform: clip bright on grey context, handles at its edges, one crisp playhead.

A plain widget instead of a plot: the picture is made once per zoom or pan and kept; the playhead
repaints only the strip that it leaves and the one that it enters.
"""

from math import log10

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from stremo_studio.media.passage import levels
from stremo_studio.media.peaks import Peaks
from stremo_studio.media.sound import Sound
from stremo_studio.ui.label.time_axis import time_text
from stremo_studio.ui.label.time_window import TimeWindow
from stremo_studio.ui.label.wave_image import wave_scale
from stremo_studio.ui.label.wave_picture import WavePicture
from stremo_studio.ui.theme import NORMAL, Theme, text_font

CONTEXT = 2.0
"""Seconds of grey on either side of the clip."""
_KEY = 2.0


class WaveformCanvas(QWidget):
    """Shows a recording around its clip. Times are seconds."""

    view_changed = Signal(float, float)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._sound: Sound | None = None
        self._peaks: Peaks | None = None
        self._scale = 1.0
        self._clip = (0.0, 0.0)
        self._window = TimeWindow(0.0, 1.0, 1.0)
        self._position: float | None = None
        self._message = ""
        self._movable = True
        self._image: QImage | None = None
        self.setMinimumHeight(80)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Waveform")
        theme.changed.connect(self.redraw)
        self.clear()

    def sizeHint(self) -> QSize:
        return QSize(800, 240)

    @property
    def window_in_sight(self) -> TimeWindow:
        """The part of the recording that is shown."""
        return self._window

    @property
    def clip(self) -> tuple[float, float]:
        """The clip's edges as they are drawn."""
        return self._clip

    def show_sound(
        self,
        sound: Sound,
        peaks: Peaks,
        start: float = 0.0,
        end: float | None = None,
        *,
        movable: bool = True,
    ) -> None:
        """Show a recording and its clip; `movable` False hides the handles of the edges."""
        self._sound, self._peaks = sound, peaks
        self._movable = movable
        self._clip = (start, sound.duration if end is None else end)
        self._fit()
        self._position = None
        self._message = ""
        self.zoom_to_clip()
        self._describe()

    def clear(self, message: str = "No clip") -> None:
        """Show a sentence instead of sound: that it is missing, or is being opened."""
        self._sound = self._peaks = None
        self._position = None
        self._message = message
        self._redraw()
        self._describe()

    def set_clip(self, start: float, end: float) -> None:
        """Draw the clip's edges elsewhere; the view stays."""
        self._clip = (start, end)
        self._redraw()
        self._describe()

    def set_position(self, seconds: float | None, *, follow: bool = False) -> None:
        """Move the playhead, cheaply enough for 60 times a second; None hides it. With `follow`
        the view turns the page when the playhead leaves it."""
        if follow and seconds is not None and self._leaves(seconds):
            self._look(self._window.panned(seconds - self._window.start))
        self.update(self._playhead_strip())
        self._position = seconds
        self.update(self._playhead_strip())

    def zoom_in(self) -> None:
        """Closer, around the playhead if it is in sight, else around the middle."""
        self._look(self._window.zoomed(_KEY, self._centre()))

    def zoom_out(self) -> None:
        self._look(self._window.zoomed(1 / _KEY, self._centre()))

    def zoom_to_clip(self) -> None:
        """The clip and two seconds on either side."""
        if self._sound is not None:
            start, end = self._clip
            self._look(TimeWindow.around(start - CONTEXT, end + CONTEXT, self._sound.duration))

    def show_all(self) -> None:
        """The whole recording."""
        if self._sound is not None:
            self._look(TimeWindow.whole(self._sound.duration))

    def look_at(self, start: float, end: float) -> None:
        """Show this part of the recording."""
        if self._sound is not None:
            self._look(TimeWindow.around(start, end, self._sound.duration))

    def pan(self, share: float) -> None:
        """Later by a share of what is in sight; earlier if negative."""
        self._look(self._window.panned(share * self._window.length))

    def redraw(self) -> None:
        """Draw the recording anew: it has grown, or looks other."""
        if self._peaks is not None and self._peaks.decoded is not None:
            self._fit()
        self._redraw()

    def _fit(self) -> None:
        """The clip and what is beside it fill the height."""
        if self._sound is not None and self._peaks is not None:
            start, end = self._clip
            rate = self._sound.rate
            self._scale = wave_scale(
                self._peaks, ((start - CONTEXT) * rate, (end + CONTEXT) * rate)
            )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._peaks is None:
            painter.fillRect(event.rect(), self._theme.color("sunken"))
            painter.setPen(self._theme.color("quiet"))
            painter.setFont(text_font(NORMAL))
            around = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(16, 8, -16, -8), around, self._message)
        else:
            painter.drawImage(0, 0, self._picture(self._peaks))
            if self._position is not None:
                painter.fillRect(self._playhead(), self._theme.color("playhead"))
        if self.hasFocus():
            painter.setPen(self._theme.color("focus"))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._redraw()

    def _look(self, window: TimeWindow) -> None:
        if self._sound is None:
            return
        self._window = window
        self._redraw()
        self.view_changed.emit(window.start, window.end)

    def _centre(self) -> float:
        at = self._position
        if at is not None and self._shows(at):
            return at
        return (self._window.start + self._window.end) / 2

    def _leaves(self, seconds: float) -> bool:
        """True when the playhead goes or jumps out of sight; not while somebody looks elsewhere."""
        before = self._position
        stays_out = before is not None and not self._shows(before) and abs(seconds - before) < 1
        return not self._shows(seconds) and not stays_out

    def _shows(self, seconds: float) -> bool:
        return self._window.start <= seconds <= self._window.end

    def _redraw(self) -> None:
        self._image = None
        self.update()

    def _picture(self, peaks: Peaks) -> QImage:
        ratio = self.devicePixelRatioF()
        if self._image is None or self._image.devicePixelRatio() != ratio:
            assert self._sound is not None
            picture = WavePicture(self._theme, peaks, self._sound.rate, self._scale)
            self._image = picture.draw(
                self._window, self._clip, self.size(), ratio, handles=self._movable
            )
        return self._image

    def _playhead(self) -> QRectF:
        """One line on whole device pixels, two of them from 150 % on."""
        ratio = self.devicePixelRatioF()
        x = round(self._window.x_of(self._position or 0.0, self.width()) * ratio)
        wide = max(1, round(ratio * 1.3))
        return QRectF(x / ratio, 0, wide / ratio, self.height() - WavePicture.AXIS)

    def _playhead_strip(self) -> QRect:
        if self._position is None:
            return QRect()
        return self._playhead().toAlignedRect().adjusted(-1, 0, 1, 0)

    def _describe(self) -> None:
        """The textual twin: what the picture says, for those who do not see it."""
        self.setAccessibleDescription(self.text_twin())

    def text_twin(self) -> str:
        """Length, edges and level of the clip in one sentence, or what is shown instead of it."""
        if self._sound is None:
            return self._message
        start, end = self._clip
        loud, peak = levels(self._sound.span(start, end))
        whole = self._sound.duration
        text = (
            f"Clip of {end - start:.2f} s, from {time_text(start, 0.01, whole)} to "
            f"{time_text(end, 0.01, whole)} of {time_text(whole, 0.01, whole)}; "
        )
        if peak == 0:
            return text + "silent."
        return text + f"level {round(20 * log10(loud))} dB, peak {round(20 * log10(peak))} dB."
