"""The waveform under the hand: click to seek, drag to pan, take an edge, turn the wheel to zoom."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent

from stremo_studio.ui.label.wave_picture import ROOM
from stremo_studio.ui.label.waveform_canvas import WaveformCanvas
from stremo_studio.ui.theme import Theme

_SHORTEST_CLIP = 0.05  # seconds
_GRIP = 8  # pixels around an edge in which it can be taken
_NOTCH = 1.25  # closer by this for one notch of the wheel
_DRAG = 4  # pixels before a click becomes a drag
_START, _END, _PAN = "start", "end", "pan"


class WaveformView(WaveformCanvas):
    """A click or double-click asks to seek, a drag pans, a drag of an edge moves it, the wheel
    zooms around the pointer and pans with Shift. Times are seconds."""

    seek_requested = Signal(float)
    clip_edges_changed = Signal(float, float)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._pressed: QPoint | None = None
        self._drag = ""
        self._drag_from = self._window
        self.setMouseTracking(True)

    def set_position(self, seconds: float | None, *, follow: bool = False) -> None:
        """As on the canvas; the page does not turn under a pressed button."""
        super().set_position(seconds, follow=follow and self._pressed is None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._sound is None:
            return
        turn, sideways = event.angleDelta().y(), event.angleDelta().x()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            turn, sideways = 0, turn or sideways
        if abs(sideways) > abs(turn):
            self.pan(-sideways / 120 * 0.1)
        elif turn:
            at = self._window.time_at(event.position().x(), self.width())
            self._look(self._window.zoomed(_NOTCH ** (turn / 120), at))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._sound is None or event.button() != Qt.MouseButton.LeftButton:
            return
        self._pressed = event.position().toPoint()
        self._drag = self._edge_at(event.position().x())
        self._drag_from = self._window

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if self._pressed is None:
            over = bool(self._sound is not None and self._edge_at(x))
            self.setCursor(Qt.CursorShape.SizeHorCursor if over else Qt.CursorShape.ArrowCursor)
            return
        if not self._drag and abs(x - self._pressed.x()) >= _DRAG:
            self._drag = _PAN
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        if self._drag == _PAN:
            moved = (self._pressed.x() - x) / max(1, self.width()) * self._drag_from.length
            self._look(self._drag_from.panned(moved))
        elif self._drag:
            self._move_edge(self._window.time_at(x, self.width()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None or event.button() != Qt.MouseButton.LeftButton:
            return
        drag, self._drag, self._pressed = self._drag, "", None
        self.setCursor(Qt.CursorShape.ArrowCursor)
        if drag in (_START, _END):
            self._describe()
            self.clip_edges_changed.emit(*self._clip)
        elif not drag:
            at = self._window.time_at(event.position().x(), self.width())
            self.seek_requested.emit(min(max(0.0, at), self._window.duration))

    def _edge_at(self, x: float) -> str:
        if not self._movable:
            return ""
        left, right = (self._window.x_of(at, self.width()) for at in self._clip)
        start, end = abs(left - x), abs(right - x)
        if min(start, end) > _GRIP or right - left < ROOM:
            return ""
        return _START if start < end else _END

    def _move_edge(self, to: float) -> None:
        start, end = self._clip
        to = round(min(max(0.0, to), self._window.duration), 3)
        if self._drag == _START:
            self._clip = (min(to, end - _SHORTEST_CLIP), end)
        else:
            self._clip = (start, max(to, start + _SHORTEST_CLIP))
        self._redraw()
