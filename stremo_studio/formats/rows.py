"""What a format gets and what it gives: a project as plain values in, files out."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from stremo_studio.domain.clip import ClipId
from stremo_studio.domain.exported import ExportedClip, ExportedEdit, ExportedRecording
from stremo_studio.domain.recording import RecordingId
from stremo_studio.domain.wording import counted
from trainer.contract.evaluation import Prediction
from trainer.corpora.tracks import Mark

_UNFIT = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\ud800-\udfff]')
"""What some file system refuses in a name."""
_LONGEST_NAME = 80
_LONG_NAMED = re.compile(r"[\w-]{11}")


@dataclass(frozen=True, slots=True)
class ExportedRun:
    """The active model: what it said, and which groups it kept apart."""

    name: str
    model: str
    """First digits of its checkpoint's hash, by which two runs of one name are told apart."""
    predictions: Mapping[ClipId, Prediction]
    splits: Mapping[str, str]
    """`train`, `dev` or `test` by group."""


@dataclass(frozen=True, slots=True)
class ExportedProject:
    """A project at one moment."""

    name: str
    revision: int
    """Number of the newest change."""
    saved: str
    """When that was, UTC, ISO 8601."""
    clips: tuple[ExportedClip, ...]
    edits: tuple[ExportedEdit, ...] = ()
    columns: tuple[str, ...] = ()
    """Of the sheets that clips came from, in their order; empty where there was none."""
    run: ExportedRun | None = None
    notes: tuple[str, ...] = ()
    """What could not be read of it, in sentences."""
    place: Path = Path()
    """The folder where the files will lie: links in them can be relative to it."""


@dataclass(frozen=True, slots=True)
class File:
    """One file to write; `name` is relative, with forward slashes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a format makes of a project. `notes` say what had to stay behind; they are complete
    when the last file was taken."""

    files: Iterable[File]
    notes: list[str] = field(default_factory=list)


def by_recording(
    clips: Iterable[ExportedClip],
) -> list[tuple[ExportedRecording, list[ExportedClip]]]:
    """Clips by the recording that they lie in, in order of time."""
    found: dict[RecordingId, tuple[ExportedRecording, list[ExportedClip]]] = {}
    for clip in clips:
        found.setdefault(clip.recording.id, (clip.recording, []))[1].append(clip)
    for _, inside in found.values():
        inside.sort(key=lambda clip: (clip.start, clip.end, clip.id))
    return list(found.values())


def placeable(clips: Iterable[ExportedClip]) -> tuple[list[ExportedClip], list[str]]:
    """The clips that have a place in time, of a millisecond at least, and what to say of others."""
    clips = list(clips)
    fit = [c for c in clips if c.file_start >= 0 and milliseconds(c.file_start) < _end(c)]
    left = len(clips) - len(fit)
    return fit, [f"{counted(left, 'clip')} left out: without a place in the file."] if left else []


def milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


def stems(recordings: Iterable[ExportedRecording]) -> dict[RecordingId, str]:
    """A file name without suffix for each recording: that of its file, and the id of a video in
    brackets, by which an import finds it. Unique also where case does not count."""
    taken: dict[str, int] = {}
    return {
        recording.id: unique(_stem(recording), taken)
        for recording in sorted(recordings, key=lambda one: one.id)
    }


def unique(name: str, taken: dict[str, int]) -> str:
    """The name, fit for every file system and changed where it is `taken`, which counts names: all
    of a corpus may be called `audio`."""
    plain = _UNFIT.sub("_", name).strip(" .")[:_LONGEST_NAME].rstrip(" .") or "recording"
    wanted = plain
    while wanted.casefold() in taken:
        taken[plain.casefold()] += 1
        wanted = f"{plain} ({taken[plain.casefold()]})"
    taken[wanted.casefold()] = 1
    return wanted


def mark(clip: ExportedClip, text: str) -> Mark:
    """The clip's span in its file, with a word."""
    return Mark(clip.file_start, clip.file_end, text)


def group_tail(clip: ExportedClip) -> str:
    """The group without the corpus in front."""
    return clip.group.removeprefix(f"{clip.corpus}:")


def voices(clips: Sequence[ExportedClip]) -> list[str]:
    """Everybody who has an answer to one of them: annotators, `import` and `adjudicated`."""
    return list(dict.fromkeys(one.annotator for clip in clips for one in clip.opinions))


def _stem(recording: ExportedRecording) -> str:
    if recording.video_id and _LONG_NAMED.fullmatch(recording.video_id):
        return f"youtube [{recording.video_id}]"
    return Path(recording.path or recording.key.rpartition(":")[2]).stem


def _end(clip: ExportedClip) -> int:
    return milliseconds(clip.file_end)
