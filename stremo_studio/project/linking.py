"""A file of one's own as the audio of a recording: checked, compared, linked in one undo step.

The file stays where it is and as it is. Where another copy of the recording is here already, the
two are compared by ear, so that clips stay where they are heard.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from stremo_studio.domain.recording import READY, RecordingId
from stremo_studio.domain.source import Source
from stremo_studio.errors import StudioError
from stremo_studio.media.alignment import Alignment, align
from stremo_studio.project.changes import Changes
from stremo_studio.project.project import Project
from stremo_studio.store import mapping
from stremo_studio.store.history import Edit
from stremo_studio.store.sources import clips_of
from trainer.sound.decoding import AudioError, probe

_SLACK = 1.0
"""Seconds: times of a sheet are often whole ones, and codecs pad."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a file has to fit: the end of the last clip, the length that the site gave, and the
    copy that is here, with its shift."""

    recording_id: RecordingId
    name: str
    last_end: float
    known_duration: float | None
    copy: Path | None
    shift: float


@dataclass(frozen=True, slots=True)
class FileCheck:
    """How a file fits. `alignment` is None where there is no other copy, or none was recognised
    in it."""

    wanted: Wanted
    path: Path
    duration: float
    compared: bool
    alignment: Alignment | None

    @property
    def shift(self) -> float:
        """What the clips' times need: time in this file = time of the clip + shift."""
        return self.wanted.shift + self.alignment.shift if self.alignment else 0.0

    @property
    def offset(self) -> str:
        """`This copy starts 1.234 s later.`; empty where both begin together."""
        shift = self.alignment.shift if self.alignment else 0.0
        if abs(shift) < 0.001:
            return ""
        return f"This copy starts {abs(shift):.3f} s {'later' if shift < 0 else 'earlier'}."

    @property
    def warnings(self) -> list[str]:
        """What speaks against linking it, in sentences; mostly nothing."""
        told = []
        if self.wanted.last_end + self.shift > self.duration + _SLACK:
            told.append(
                f"It lasts {self.duration:.1f} s, but the last clip ends at "
                f"{self.wanted.last_end + self.shift:.1f} s."
            )
        known = self.wanted.known_duration
        if known is not None and abs(known - self.duration) > max(_SLACK, 0.005 * known):
            told.append(f"It lasts {self.duration:.1f} s, the recording {known:.1f} s.")
        if self.compared and self.alignment is None:
            told.append(
                "It does not sound like the copy that is here: it may be another recording, or "
                "run at another speed."
            )
        if self.alignment is not None and not self.alignment.same_speed:
            told.append(
                f"It runs at another speed: {abs(self.alignment.drift):.3f} s from its beginning "
                "to its end."
            )
        return told


@dataclass(frozen=True, slots=True)
class LinkFile:
    """Take a file for a recording's audio from now on."""

    kind: ClassVar[str] = "link"
    recording_id: RecordingId
    path: str
    shift: float
    sentence: str

    def apply(self, edit: Edit) -> Changes:
        if not mapping.lay_file(edit, self.recording_id, self.path, READY, self.shift):
            return Changes()
        clips = clips_of(edit.database, [self.recording_id])
        return Changes(clips=clips, sources=frozenset([self.recording_id]))


def wanted_of(project: Project, source: Source) -> Wanted:
    """What a file for this recording has to fit."""
    clips = mapping.laid_clips(project.database, source.id)
    here = Path(source.path) if source.path else None
    return Wanted(
        source.id,
        source.name,
        max((clip.end for clip in clips), default=0.0),
        source.facts.duration,
        here if here is not None and here.is_file() else None,
        mapping.shift_of(project.database, source.id),
    )


def check_file(wanted: Wanted, path: Path) -> FileCheck:
    """Look at a file, and compare it with the copy that is here; reads only, on any thread.
    Raises StudioError for what is no audio."""
    try:
        duration = probe(path).duration
        compared = wanted.copy is not None and wanted.copy.resolve() != path.resolve()
        alignment = align(wanted.copy, path) if compared and wanted.copy else None
    except AudioError as error:
        raise StudioError(error.message, error.hint) from error
    return FileCheck(wanted, path, duration, compared, alignment)


def link_file(project: Project, check: FileCheck, *, shifted: bool = True) -> Changes:
    """Link it, with the shift that was found or without any: one step of the history."""
    shift = round(check.shift, 6) if shifted else 0.0
    moved = f", {abs(shift):.3f} s {'later' if shift < 0 else 'earlier'}" if shift else ""
    sentence = f"Link {check.path.name} to {check.wanted.name}{moved}"
    path = str(check.path.resolve())
    return project.do(LinkFile(check.wanted.recording_id, path, shift, sentence))
