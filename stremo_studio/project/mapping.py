"""What is odd about the spans of clips, and a named step that mends it.

Clips are never cut and files never changed: what is mended is a pair of numbers, and undo gives
the old ones back.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from stremo_studio.domain.clip import Clip, ClipId
from stremo_studio.domain.recording import RecordingId
from stremo_studio.domain.wording import counted
from stremo_studio.project.changes import Changes
from stremo_studio.project.project import Project
from stremo_studio.store import mapping
from stremo_studio.store.clips import set_field
from stremo_studio.store.history import Edit
from stremo_studio.store.mapping import LaidClip

EMPTY, BEYOND, TRAILING, DUPLICATE, OVERLAP = (
    "empty",
    "beyond",
    "trailing",
    "duplicate",
    "overlap",
)
EMPTY_BECOMES = 1.0
"""Seconds given to a clip without length, as an import does."""
_HAIR = 0.0005
"""Seconds below which two times are the same."""
Edge = tuple[ClipId, float, float]
Durations = Mapping[RecordingId, float]


@dataclass(frozen=True, slots=True)
class Oddity:
    """One kind of oddity among the clips of one recording, and the step that mends it: `edges`
    to move, or clips to leave out."""

    kind: str
    recording_id: RecordingId
    message: str
    offer: str
    clip_ids: tuple[ClipId, ...]
    edges: tuple[Edge, ...] = ()


@dataclass(frozen=True, slots=True)
class MoveEdges:
    """Give clips other starts and ends, in seconds of the recording that they were given for."""

    kind: ClassVar[str] = "edges"
    edges: tuple[Edge, ...]
    sentence: str

    def apply(self, edit: Edit) -> Changes:
        return Changes(clips=mapping.move_edges(edit, self.edges))


@dataclass(frozen=True, slots=True)
class LeaveOut:
    """Take clips out of the worklist; their labels stay with them for an undo."""

    kind: ClassVar[str] = "leave out"
    clip_ids: tuple[ClipId, ...]
    sentence: str

    def apply(self, edit: Edit) -> Changes:
        return Changes(set_field(edit, self.clip_ids, "present", 0), worklist=True)


def oddities(
    project: Project, durations: Durations, recording_id: RecordingId | None = None
) -> list[Oddity]:
    """What is odd about the clips of one recording, or of all. `durations` are seconds of the
    files; where one is missing, nothing is said about its end."""
    by_recording: defaultdict[RecordingId, list[LaidClip]] = defaultdict(list)
    for clip in mapping.laid_clips(project.database, recording_id):
        by_recording[clip.recording_id].append(clip)
    return [
        oddity
        for recording, clips in by_recording.items()
        for oddity in _of_recording(recording, clips, durations.get(recording))
    ]


def move_clip(project: Project, clip: Clip, start: float, end: float) -> Changes:
    """Give one clip other edges, in seconds of the file that is heard: one step of the history."""
    shift = mapping.shift_of(project.database, clip.recording_id)
    edge = (clip.id, round(start - shift, 6), round(end - shift, 6))
    return project.do(MoveEdges((edge,), f"Move the edges of {clip.name}"))


def mend(project: Project, oddity: Oddity) -> Changes:
    """Take the step that an oddity offers: one step of the history."""
    if oddity.edges:
        return project.do(MoveEdges(oddity.edges, oddity.offer))
    return project.do(LeaveOut(oddity.clip_ids, oddity.offer))


def _of_recording(
    recording: RecordingId, clips: Sequence[LaidClip], duration: float | None
) -> Iterator[Oddity]:
    yield from _empty(recording, [clip for clip in clips if clip.end - clip.start < _HAIR])
    clips = [clip for clip in clips if clip.end - clip.start >= _HAIR]
    if duration is not None:
        first = -clips[0].shift if clips else 0.0
        last = first + duration
        yield from _outside(recording, clips, first, duration)
        clips = [clip for clip in clips if clip.start < last and clip.end > first]
    doubles = _doubles(clips)
    yield from _duplicates(recording, doubles)
    gone = {clip.id for clip in doubles}
    yield from _overlaps(recording, [clip for clip in clips if clip.id not in gone])


def _empty(recording: RecordingId, found: Sequence[LaidClip]) -> Iterator[Oddity]:
    if found:
        clips = counted(len(found), "clip")
        yield Oddity(
            EMPTY, recording,
            f"{clips} without length.", f"Give {clips} {EMPTY_BECOMES:g} s",
            tuple(clip.id for clip in found),
            tuple((clip.id, clip.start, clip.start + EMPTY_BECOMES) for clip in found),
        )  # fmt: skip


def _outside(
    recording: RecordingId, clips: Sequence[LaidClip], first: float, duration: float
) -> Iterator[Oddity]:
    """Times of a sheet are often whole seconds: less than one too long is no oddity."""
    last = first + duration
    beyond = [clip for clip in clips if clip.start >= last or clip.end <= first]
    trailing = [clip for clip in clips if clip.start < last and clip.end >= last + 1]
    if beyond:
        some = counted(len(beyond), "clip")
        yield Oddity(
            BEYOND, recording, f"{some} outside of the recording's {duration:.1f} s.",
            f"Leave out {some} past the end", tuple(clip.id for clip in beyond),
        )  # fmt: skip
    if trailing:
        some = counted(len(trailing), "clip")
        yield Oddity(
            TRAILING, recording,
            f"{some} {_verb(trailing, 'last')} longer than the recording ({last:.1f} s).",
            f"Trim {some} to the end", tuple(clip.id for clip in trailing),
            tuple((clip.id, clip.start, last) for clip in trailing),
        )  # fmt: skip


def _doubles(clips: Sequence[LaidClip]) -> list[LaidClip]:
    """Clips of a span that another has, too; the one that is labelled, else the first, stays."""
    spans: defaultdict[tuple[int, int], list[LaidClip]] = defaultdict(list)
    for clip in clips:
        spans[round(clip.start / _HAIR), round(clip.end / _HAIR)].append(clip)
    return [
        clip
        for same in spans.values()
        for clip in sorted(same, key=lambda c: (not c.labelled, c.id))[1:]
    ]


def _duplicates(recording: RecordingId, doubles: Sequence[LaidClip]) -> Iterator[Oddity]:
    if doubles:
        some = counted(len(doubles), "clip")
        yield Oddity(
            DUPLICATE, recording, f"{some} of the same span as another.",
            f"Leave out {some} that stand twice", tuple(clip.id for clip in doubles),
        )  # fmt: skip


def _overlaps(recording: RecordingId, clips: Sequence[LaidClip]) -> Iterator[Oddity]:
    pairs = [(a, b) for a, b in pairwise(clips) if b.start < a.end - _HAIR and a.start < b.start]
    if pairs:
        some = counted(len(pairs), "clip")
        yield Oddity(
            OVERLAP, recording, f"{some} {_verb(pairs, 'reach', 'es')} into the next one.",
            f"End {some} where the next begins", tuple(a.id for a, _ in pairs),
            tuple((a.id, a.start, b.start) for a, b in pairs),
        )  # fmt: skip


def _verb(subjects: Sequence[object], verb: str, ending: str = "s") -> str:
    """`lasts` of one, `last` of several."""
    return verb + ending if len(subjects) == 1 else verb
