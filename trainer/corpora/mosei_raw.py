"""CMU-MOSEI's raw folders: transcripts in `Transcript/Segmented/Combined/<video>.txt`, a line a
clip, and under `Labels` the answers of single raters, which are averaged here.

A clip's number there is no row of the computational sequences: the two meet by their times.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

from trainer.corpora.mosei_scores import EMOTIONS, SPELLINGS, Met, Segment, segment_name
from trainer.corpora.rows import CorpusError
from trainer.corpora.sheet import read_sheet
from trainer.corpora.tree import Tree

_TRANSCRIPTS = ("Transcript", "Segmented", "Combined")
_SAME_S = 1e-3
_VIDEO, _CLIP = "Input.VIDEO_ID", "Input.CLIP"
_ANSWERS = {
    name: f"Answer.{SPELLINGS[name][-1 if name in ('happy', 'sad') else 0]}" for name in EMOTIONS
}


class Line(NamedTuple):
    """One line of a transcript; times in seconds of the video."""

    clip: str
    start: float
    end: float
    text: str


class Transcripts:
    """The transcripts in one folder, read when a video is asked for."""

    def __init__(self, folder: Path, met: Met) -> None:
        self._folder, self._met = folder, met
        self.of_video = cache(self._of_video)

    def text(self, video: str, start: float, end: float) -> str | None:
        """What is said between these times, when a line has the same; None otherwise."""
        for line in self.of_video(video):
            if abs(line.start - start) <= _SAME_S and abs(line.end - end) <= _SAME_S:
                return line.text
        return None

    def _of_video(self, video: str) -> tuple[Line, ...]:
        path = self._folder / f"{video}.txt"
        try:
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return ()  # a video without a transcript is told by what then lacks a text
        read = [(number, read_line(video, line)) for number, line in enumerate(lines, start=1)]
        odd = [f"{path.name} line {n}" for n, line in read if line is None and lines[n - 1].strip()]
        self._met["lines that name no clip"] += odd
        return tuple(line for _, line in read if line)


def read_line(video: str, line: str) -> Line | None:
    """Split `<video>___<clip>___<start>___<end>___<text>` from its known video on: ids begin and
    end with `_`, and texts hold rows of them. None for another line."""
    head, *rest = line.strip().partition(f"{video}___")[::2]
    fields = rest[0].split("___", 3)
    if head or len(fields) != 4:
        return None
    try:
        return Line(fields[0], float(fields[1]), float(fields[2]), fields[3].strip())
    except ValueError:
        return None


def transcripts_of(tree: Tree, met: Met) -> Transcripts | None:
    """The transcripts below a root, where there are some."""
    folders = (path for path in map(Path, tree.folders) if path.parts[-3:] == _TRANSCRIPTS)
    folder = min(folders, key=lambda path: (len(path.parts), path), default=None)
    return Transcripts(folder, met) if folder else None


def is_rater_table(columns: Sequence[str]) -> bool:
    """Whether the header is that of answers of single raters, with all six emotions."""
    return {_VIDEO, _CLIP, *_ANSWERS.values()} <= set(columns)


def refuse_half_a_rater_table(path: Path, columns: Sequence[str]) -> None:
    """Raises CorpusError for answers that are not about emotions."""
    missing = [column for column in _ANSWERS.values() if column not in columns]
    if {_VIDEO, _CLIP} <= set(columns) and missing:
        raise CorpusError(
            f"{path.name} holds answers of raters without {', '.join(missing)}.",
            "Use the tables under Labels of the complete raw folder.",
        )


def read_raters(tables: Sequence[Path], transcripts: Transcripts, met: Met) -> Iterator[Segment]:
    """A segment for each rated clip, with the mean of its answers. Raises CorpusError for what is
    no table."""
    answers: defaultdict[tuple[str, str], list[Mapping[str, float]]] = defaultdict(list)
    for table in tables:
        for number, row in enumerate(read_sheet(table).rows, start=2):
            video = row[_VIDEO].strip().rpartition("/")[2]  # some are `folder/<video>`
            try:
                given = {name: float(row[column]) for name, column in _ANSWERS.items()}
            except ValueError:
                met["answers without numbers"].append(f"{table.name} row {number}")
                continue
            answers[video, _plain_number(row[_CLIP])].append(given)
    for (video, clip), given_to_it in answers.items():
        lines = transcripts.of_video(video)
        line = next((line for line in lines if _plain_number(line.clip) == clip), None)
        if line is None:
            met["clips without times"].append(f"{video} clip {clip}")
            continue
        scores = {name: fmean(one[name] for one in given_to_it) for name in EMOTIONS}
        name = segment_name(video, line.start)
        yield Segment(name, video, line.start, line.end, scores, line.text)


def _plain_number(clip: str) -> str:
    """Spreadsheets turn 3 into 3.0."""
    return clip.strip().removesuffix(".0")
