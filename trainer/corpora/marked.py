"""Recordings marked in Audacity, Praat or ELAN as clips with answers.

A file of ours says what its clips are called. In one of others, clips are named by their times, and
tracks count that speak the label scheme: at least half of their words are known to it. One such
track is the label that the clips come with; several are annotators.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from trainer.contract.labels import CLASSES
from trainer.corpora.answer_words import read_word
from trainer.corpora.foreign_file import is_time
from trainer.corpora.headers import Header
from trainer.corpora.pasted import clock
from trainer.corpora.rows import IMPORTED, NEEDS_YOU, NOTE, SKIPPED, CorpusAnswer, CorpusClip
from trainer.corpora.rows_met import RowsMet
from trainer.corpora.tracks import ANNOTATOR, CLIPS, GROUPS, LABEL, Mark, Track

_SHARE = 0.5
RULES = {
    "marks without length": (
        SKIPPED,
        "Marks that are points or end before they start, left out: {}.",
    ),
    "marks before the beginning": (
        NEEDS_YOU,
        "Marks that start before their recording, left out: {}.",
    ),
    "tracks without labels": (NOTE, "Tracks that hold no label, left out: {}."),
    "tracks of other words": (NOTE, "Tracks of other words than labels, left out: {}."),
    "annotators by track": (NOTE, "Tracks taken for annotators: {}."),
    "annotators who differ": (NOTE, "Clips whose annotators differ: {}."),
    "marks beyond the end of their file": (NEEDS_YOU, "Clips that start after their file: {}."),
    "audio missing": (NOTE, "Clips without audio beside them: {}."),
    "clips without a label": (NOTE, "Clips that came without a label: {}."),
}


@dataclass(frozen=True, slots=True)
class MarkedFile:
    """The tracks of one recording as a file has them, and what it says of the sound."""

    path: Path
    stem: str
    """Name of the recording without a suffix; in front, folders where those matter."""
    tracks: tuple[Track, ...]
    sounds: tuple[str, ...] = ()
    """Where the sound may lie, best first."""
    video_id: str | None = None
    by_name: frozenset[str] = frozenset()
    """Tracks that the file itself says are annotators."""


@dataclass(frozen=True, slots=True)
class Sound:
    """The recording that a marked file belongs to; `path` is None while it is not found."""

    path: str | None
    header: Header
    video_id: str | None


@dataclass(slots=True)
class _Clip:
    """One span while it is being read."""

    start: float
    end: float
    corpus: str
    name: str = ""
    group: str = ""
    label: str = ""
    answers: list[CorpusAnswer] = field(default_factory=list)


_Span = tuple[int, float, float]


def clips_of(marked: MarkedFile, sound: Sound, corpus: str, met: RowsMet) -> list[CorpusClip]:
    """The clips of one recording; `corpus` for those that are not named in the file."""
    tracks = [_sound_marks(marked.stem, track, met) for track in marked.tracks]
    ours = any(track.name.kind == CLIPS for track in tracks)
    if not ours:
        tracks = _speaking(marked, tracks, met)
    found: dict[tuple[_Span, int], _Clip] = {}
    for track in sorted(tracks, key=lambda track: track.name.kind != CLIPS):
        times: defaultdict[_Span, int] = defaultdict(int)
        for mark in track.marks:
            span = (track.name.lane, round(mark.start, 6), round(mark.end, 6))
            key = span, times[span]
            times[span] += 1
            _take(found.setdefault(key, _Clip(mark.start, mark.end, corpus)), track, mark)
    return [_finished(one, marked, sound, met) for one in found.values()]


def is_marked(marked: MarkedFile) -> bool:
    """Whether a file is about labels: it is ours, or a track of it speaks the scheme."""
    return any(t.name.kind == CLIPS for t in marked.tracks) or any(map(_speaks, marked.tracks))


def _sound_marks(stem: str, track: Track, met: RowsMet) -> Track:
    """Without the marks that are no spans of the recording."""
    marks = []
    for mark in track.marks:
        where = f"{stem} {track.name}"
        if not (is_time(mark.start) and is_time(mark.end)) or mark.end <= mark.start:
            met.add("marks without length", where)
        elif mark.start < 0:
            met.add("marks before the beginning", where)
        else:
            marks.append(mark)
    return Track(track.name, tuple(marks))


def _speaking(marked: MarkedFile, tracks: Sequence[Track], met: RowsMet) -> list[Track]:
    """The tracks of another program's file that are about labels; all that have words where none
    speaks the scheme, so that a person sees what they hold."""
    marked_out = [t for t in tracks if t.marks]
    some = [t for t in marked_out if any(mark.text.strip() for mark in t.marks)]
    chosen = [t for t in some if _speaks(t)] or some or marked_out
    for track in tracks:
        if track not in chosen:
            rule = "tracks of other words" if track in some else "tracks without labels"
            met.add(rule, f"{marked.stem} {track.name}")
    named = any(str(track.name) in marked.by_name for track in chosen)
    if len(chosen) > 1 or named:
        for track in chosen:
            met.add("annotators by track", f"{marked.stem} {track.name}")
        return [replace(t, name=replace(t.name, kind=ANNOTATOR, of=t.name.of or LABEL))
                for t in chosen]  # fmt: skip
    return [replace(t, name=replace(t.name, kind=ANNOTATOR, of=IMPORTED)) for t in chosen]


def _speaks(track: Track) -> bool:
    words = [mark.text for mark in track.marks if mark.text.strip()]
    return bool(words) and sum(read_word(w).is_known for w in words) >= _SHARE * len(words)


def _take(clip: _Clip, track: Track, mark: Mark) -> None:
    """One mark of a track, as what it says of the clip."""
    kind, of = track.name.kind, track.name.of
    if kind == CLIPS:
        clip.corpus, clip.name = of, mark.text
    elif kind == GROUPS:
        clip.group = mark.text
    elif kind == LABEL:
        clip.label = mark.text
    else:
        said = read_word(mark.text)
        label = said.label or ("discarded" if said.source_label else None)
        if label is not None or mark.text.strip():
            clip.answers.append(CorpusAnswer(of, label, said.emotion, said.sure))
        clip.label = clip.label or mark.text if of == IMPORTED else clip.label


def _finished(clip: _Clip, marked: MarkedFile, sound: Sound, met: RowsMet) -> CorpusClip:
    name = clip.name or f"{marked.stem} {clock(clip.start)}-{clock(clip.end)}"
    said = read_word(clip.label or _agreed(clip.answers))
    if said.source_label is None:
        met.add("annotators who differ" if clip.answers else "clips without a label", name)
    problem, end = sound.header.problem, clip.end
    if sound.path is None:
        met.add("audio missing", name)
        problem = f"No audio of {marked.stem} lies beside {marked.path.name}."
    elif sound.header.duration and clip.start >= sound.header.duration:
        met.add("marks beyond the end of their file", name)
        problem = f"It starts at {clip.start:.0f} s, after the end of its file."
    elif sound.header.duration:
        end = min(end, sound.header.duration)
    return CorpusClip(
        corpus=clip.corpus,
        name=name,
        source_label=said.source_label,
        emotion=said.emotion,
        label=said.label if said.label in CLASSES else None,
        group=f"{clip.corpus}:{clip.group or sound.video_id or marked.stem}",
        path=sound.path,
        video_id=sound.video_id,
        start=clip.start,
        end=end,
        problem=problem,
        answers=tuple(clip.answers),
    )


def _agreed(answers: Iterable[CorpusAnswer]) -> str:
    """The word that all annotators say; empty where they differ."""
    words = {one.emotion or one.label or "" for one in answers}
    return words.pop() if len(words) == 1 else ""
