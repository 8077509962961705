"""What a careful reader should know about a sheet of video clips before trusting a score on it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from trainer.corpora.rows import NOTE, CorpusClip, Finding, enumerated

_SHEET_AGES = frozenset({"16-25", "26-35", "36-45", "46-55", "56-65"})


def notes(clips: Sequence[CorpusClip], columns: Sequence[str], emotion: str) -> Iterator[Finding]:
    """Everything notable that needs no repair."""
    dashed = tuple(clip.name for clip in clips if clip.name.startswith("-"))
    if dashed:
        message = f"{len(dashed)} ids start with -: spreadsheets turn them into formulas."
        yield Finding("ids with a leading -", NOTE, message, dashed)
    yield from _overlaps(clips)
    yield from _ages(clips)
    for column in columns:
        if column != emotion:
            yield from _blank_tells_the_emotion(clips, column)
    yield from _video_tells_the_emotion(clips)


def _overlaps(clips: Sequence[CorpusClip]) -> Iterator[Finding]:
    by_video: defaultdict[str | None, list[CorpusClip]] = defaultdict(list)
    for clip in clips:
        if clip.end is not None:
            by_video[clip.video_id].append(clip)
    pairs = [
        (first, second)
        for video in by_video.values()
        for first, second in pairwise(sorted(video, key=lambda clip: (clip.start, clip.name)))
        if second.start < (first.end or 0)
    ]
    if pairs:
        listed = ", ".join(f"{a.name} and {b.name}" for a, b in pairs[:3])
        message = f"{len(pairs)} pairs of clips of one video overlap: {listed}."
        names = dict.fromkeys(clip.name for pair in pairs for clip in pair)
        yield Finding("overlapping clips of one video", NOTE, message, tuple(names))


def _ages(clips: Sequence[CorpusClip]) -> Iterator[Finding]:
    odd = [c for c in clips if c.speaker and c.speaker.age and c.speaker.age not in _SHEET_AGES]
    if odd:
        bands = sorted({clip.speaker.age for clip in odd if clip.speaker and clip.speaker.age})
        message = (
            f"{len(odd)} clips have an age band of their own, kept as text: {enumerated(bands)}."
        )
        yield Finding("odd age bands", NOTE, message, tuple(clip.name for clip in odd))


def _blank_tells_the_emotion(clips: Sequence[CorpusClip], column: str) -> Iterator[Finding]:
    """A column that is blank exactly for one emotion gives that emotion away."""
    cells = [clip.cells[column] if clip.cells else "" for clip in clips]
    if all(map(str.strip, cells)):  # the usual case, at the speed of C
        return
    blank = {clip.name for clip, cell in zip(clips, cells, strict=True) if not cell.strip()}
    emotions = {clip.source_label for clip in clips if clip.name in blank}
    if len(emotions) != 1 or len(blank) == len(clips):
        return
    (only,) = emotions
    if blank == {clip.name for clip in clips if clip.source_label == only}:
        message = f"{column} is blank for all {len(blank)} {only} clips and for no other."
        rule = f"{column.lower()} gives the emotion away"
        yield Finding(rule, NOTE, message, tuple(sorted(blank)))


def _video_tells_the_emotion(clips: Sequence[CorpusClip]) -> Iterator[Finding]:
    emotions: defaultdict[str, set[str]] = defaultdict(set)
    for clip in clips:
        emotions[clip.group].add(clip.source_label or "")
    several = len(clips) > len(emotions) > 1
    if several and all(len(labels) == 1 for labels in emotions.values()):
        message = (
            f"No video carries two emotions: Video_Id alone predicts all {len(clips)} labels. "
            "Keep every video in one split."
        )
        yield Finding("emotion fully predictable from Video_Id", NOTE, message)
