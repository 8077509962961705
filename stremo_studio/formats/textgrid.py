"""Praat's TextGrid in its long form, UTF-8: one file for each recording.

Each tier tiles the recording from 0 to its end; what no clip covers is an empty interval. Clips
that overlap lie on tiers beside each other (`stremo_studio/formats/tracks.py`). Not carried:
speakers, transcripts, notes, who answered when, and where the sound lies (the file is named like
the recording).
"""

from collections.abc import Iterator, Sequence

from stremo_studio.formats.rows import ExportedProject, File, Parcel, by_recording, placeable
from stremo_studio.formats.rows import stems as stems_of
from stremo_studio.formats.tracks import tracks
from trainer.corpora.tracks import Mark, Track


def write_textgrid(project: ExportedProject) -> Parcel:
    """A TextGrid for each recording."""
    clips, notes = placeable(project.clips)
    recordings = by_recording(clips)
    stems = stems_of(recording for recording, _ in recordings)

    def files() -> Iterator[File]:
        for recording, inside in recordings:
            text = grid_text(tracks(inside), recording.duration or 0.0)
            yield File(f"{stems[recording.id]}.TextGrid", text.encode())

    return Parcel(files(), notes)


def grid_text(tiers: Sequence[Track], duration: float) -> str:
    """The grid of one recording; longer than `duration` (seconds) where marks reach further."""
    last = max([duration, *(mark.end for tier in tiers for mark in tier.marks)])
    lines = ['File type = "ooTextFile"', 'Object class = "TextGrid"', "", "xmin = 0"]
    lines += [f"xmax = {last!r}", "tiers? <exists>", f"size = {len(tiers)}", "item []:"]
    for number, tier in enumerate(tiers, start=1):
        intervals = tiled(tier.marks, last)
        lines += [f"    item [{number}]:", '        class = "IntervalTier"']
        lines += [f"        name = {_quoted(str(tier.name))}", "        xmin = 0"]
        lines += [f"        xmax = {last!r}", f"        intervals: size = {len(intervals)}"]
        for place, one in enumerate(intervals, start=1):
            lines += [f"        intervals [{place}]:", f"            xmin = {one.start!r}"]
            lines += [f"            xmax = {one.end!r}", f"            text = {_quoted(one.text)}"]
    return "\n".join(lines) + "\n"


def tiled(marks: Sequence[Mark], last: float) -> list[Mark]:
    """The marks with empty ones between, from 0 to `last` without a gap."""
    whole: list[Mark] = []
    at = 0.0
    for mark in marks:
        if mark.start > at:
            whole.append(Mark(at, mark.start, ""))
        whole.append(mark)
        at = mark.end
    return [*whole, Mark(at, last, "")] if at < last else whole


def _quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
