"""The sound in front, drawn twice: the whole recording in a strip, the clip's neighbourhood below.

Used by every page that plays clips; the two follow each other here and nowhere else.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from stremo_studio.domain.clip import Clip
from stremo_studio.media.prefetch import Recording
from stremo_studio.ui.label.overview import OverviewStrip
from stremo_studio.ui.label.waveform import WaveformView
from stremo_studio.ui.theme import GRID, Theme

_WIDE = 10.0
"""Seconds of context on either side while Z is held."""


class SoundPicture(QWidget):
    """`seek_requested(float)` and `edges_moved(float, float)`, in seconds of the recording."""

    seek_requested = Signal(float)
    edges_moved = Signal(float, float)

    def __init__(self, theme: Theme, *, movable: bool = False) -> None:
        """`movable`: the clip's edges can be taken and moved."""
        super().__init__()
        self._movable = movable
        self._clip: Clip | None = None
        self._is_wide = False
        self.overview = OverviewStrip(theme)
        self.waveform = WaveformView(theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(self.overview)
        column.addWidget(self.waveform, 1)
        self.waveform.view_changed.connect(self.overview.set_view)
        self.waveform.seek_requested.connect(self.seek_requested)
        self.waveform.clip_edges_changed.connect(self.edges_moved)
        self.overview.moved_to.connect(self._on_moved_to)

    def show_recording(self, clip: Clip, recording: Recording) -> None:
        """Draw a clip in its recording."""
        self._clip, self._is_wide = clip, False
        self.overview.show_sound(recording.sound, recording.peaks, clip.start, clip.end)
        self.waveform.show_sound(
            recording.sound, recording.peaks, clip.start, clip.end, movable=self._movable
        )

    def retime(self, clip: Clip) -> None:
        """The clip that is drawn has other edges now; the view stays."""
        if self._clip is not None and self._clip.id == clip.id:
            self._clip = clip
            self.overview.set_clip(clip.start, clip.end)
            self.waveform.set_clip(clip.start, clip.end)

    def redraw(self) -> None:
        """More of the recording is decoded."""
        self.overview.redraw()
        self.waveform.redraw()

    def show_message(self, text: str) -> None:
        """A sentence in place of the sound."""
        self._clip = None
        self.overview.clear()
        self.waveform.clear(text)

    def show_position(self, seconds: float) -> None:
        """Where the ear is."""
        self.waveform.set_position(seconds, follow=True)
        self.overview.set_position(seconds)

    def widen(self) -> None:
        """Show what was said before and after the clip."""
        if self._clip is not None:
            self._is_wide = True
            self.waveform.look_at(self._clip.start - _WIDE, self._clip.end + _WIDE)

    def narrow(self) -> None:
        """Back to the clip, from the context of it."""
        if self._is_wide:
            self._is_wide = False
            self.waveform.zoom_to_clip()

    def _on_moved_to(self, seconds: float) -> None:
        half = self.waveform.window_in_sight.length / 2
        self.waveform.look_at(seconds - half, seconds + half)
