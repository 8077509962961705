"""Tracks of marks in time, the shape that Audacity's labels, Praat's TextGrids and ELAN's files
have in common. By their names: which clips there are, what they are called, and who said what.

A track called after an annotator holds that person's answers; `import` those that clips came with,
`adjudicated` those that settled a disagreement. `clips (ravdess)` holds the names of the clips of
a corpus, `groups (ravdess)` what splits keep together, and `label` what follows from the answers.
Clips that overlap lie on tracks of their own, `Ann [2]` beside `Ann`: the number is the clip's, so
that two clips of one span are still told apart.
"""

import re
from dataclasses import dataclass

CLIPS, GROUPS, LABEL, ANNOTATOR = "clips", "groups", "label", "annotator"
_LANE = re.compile(r"(.*) \[(\d+)\]", re.DOTALL)
_OF_A_CORPUS = re.compile(rf"({CLIPS}|{GROUPS}) \((.*)\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Mark:
    """A word from `start` to `end`, in seconds of the file."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class TrackName:
    """`of` is the corpus or the annotator."""

    kind: str
    of: str = ""
    lane: int = 1

    def __str__(self) -> str:
        name = {CLIPS: f"{CLIPS} ({self.of})", GROUPS: f"{GROUPS} ({self.of})", LABEL: LABEL}
        written = name.get(self.kind, self.of)
        return f"{written} [{self.lane}]" if self.lane > 1 or _LANE.fullmatch(written) else written


@dataclass(frozen=True, slots=True)
class Track:
    """The marks of one name, in order of time."""

    name: TrackName
    marks: tuple[Mark, ...]


def read_track_name(written: str) -> TrackName:
    """What a track is, by its name. An annotator who is called like a track of ours is taken for
    one."""
    numbered = _LANE.fullmatch(written)
    name, lane = (numbered[1], int(numbered[2])) if numbered else (written, 1)
    if ours := _OF_A_CORPUS.fullmatch(name):
        return TrackName(ours[1], ours[2], lane)
    return TrackName(LABEL, "", lane) if name == LABEL else TrackName(ANNOTATOR, name, lane)
