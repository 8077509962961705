"""Moving the edges of the clip in front by key or hand; each move is one undo step."""

from PySide6.QtCore import QObject

from stremo_studio.domain.clip import Clip
from stremo_studio.domain.recording import READY
from stremo_studio.ui.listening import Listening
from stremo_studio.ui.page import Desk

NUDGES = {"back": -0.05, "on": 0.05, "far back": -0.25, "far on": 0.25}
"""Seconds."""
SHORTEST = 0.05
_AROUND = 0.2
"""Seconds heard on either side of an edge that was nudged."""


class Edges(QObject):
    """Reads where the ear is from `listening`, and writes to the project."""

    def __init__(self, desk: Desk, listening: Listening, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._listening = desk, listening

    def set_start(self, clip: Clip | None) -> None:
        """Let the clip begin where the ear is."""
        if clip is not None:
            self.move(clip, self._desk.player.position, clip.end)

    def set_end(self, clip: Clip | None) -> None:
        """Let the clip end where the ear is."""
        if clip is not None:
            self.move(clip, clip.start, self._desk.player.position)

    def nudge(self, clip: Clip | None, way: str) -> None:
        """Move the edge next to the playhead a little, and play what is around it."""
        if clip is None:
            return
        by, at = NUDGES[way], self._desk.player.position
        if abs(at - clip.start) < abs(at - clip.end):
            edge = self.move(clip, clip.start + by, clip.end)
        else:
            edge = self.move(clip, clip.start, clip.end + by)
        if edge is not None:
            self._listening.play_span(edge - _AROUND, edge + _AROUND)

    def move(self, clip: Clip, start: float, end: float) -> float | None:
        """Give the clip these edges, in seconds of its recording; returns the one that moved,
        None where there is no room."""
        from stremo_studio.project.mapping import move_clip  # noqa: PLC0415 - not for the window

        length = self._desk.player.length
        start, end = max(0.0, round(start, 3)), min(length, round(end, 3))
        if clip.audio != READY or self._listening.clip_id != clip.id or not length:
            return None
        if end - start < SHORTEST:
            self._desk.banners.show_note("A clip cannot end before it begins.")
            return None
        if (start, end) == (clip.start, clip.end):
            return None
        move_clip(self._desk.project, clip, start, end)
        return start if start != clip.start else end
