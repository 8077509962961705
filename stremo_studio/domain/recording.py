"""A recording: the audio of one source, a file or a video."""

from dataclasses import dataclass
from typing import NewType

RecordingId = NewType("RecordingId", int)

READY, MISSING, UNREADABLE = "ready", "missing", "unreadable"


@dataclass(frozen=True, slots=True)
class Recording:
    """`key` names the source once and for all: the resolved path of a file, or
    `youtube:<video id>`. `path` is where its audio lies now, None while it is missing."""

    id: RecordingId
    key: str
    path: str | None
    video_id: str | None
    audio: str
    problem: str = ""
    """Why the audio is missing or unreadable, as a sentence."""
