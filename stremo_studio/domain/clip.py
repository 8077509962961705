"""A clip: a span of a recording that gets one label. Never cut on disk."""

from dataclasses import dataclass
from typing import NewType

from stremo_studio.domain.recording import RecordingId

ClipId = NewType("ClipId", int)


@dataclass(frozen=True, slots=True)
class Clip:
    """One row of the worklist, with its current answer. Times in seconds of the file at `path`."""

    id: ClipId
    recording_id: RecordingId
    name: str
    """Unique within its corpus, e.g. the file's stem or the sheet's `Filename`."""
    corpus: str
    start: float
    end: float
    speaker: str | None
    group: str
    """Key that splits keep together: `corpus:speaker` or `corpus:video`."""
    label: str | None
    """The consensus of all who answered, or the answer of the annotator it was read for."""
    emotion: str | None
    sure: bool
    annotator: str | None
    flagged: bool
    note: str
    path: str | None
    audio: str
    """Whether it can be heard: ready, missing or unreadable."""
    problem: str = ""
    """Why it cannot be heard, as a sentence."""
    transcript: str | None = None
    present: bool = True
    """False for a clip whose import was undone; playlists of older runs still hold it."""

    @property
    def duration(self) -> float:
        """Seconds."""
        return self.end - self.start
