"""Audacity's label tracks: `start TAB end TAB text` a line. A line that begins with a backslash
gives the frequencies of the label before it, and is passed over."""

from math import nan
from pathlib import Path

from trainer.contract.foreign_text import quoted
from trainer.corpora.foreign_file import read_text
from trainer.corpora.rows import CorpusError
from trainer.corpora.tracks import Mark, Track, TrackName

_HEAD = 4096


def looks_like_labels(path: Path) -> bool:
    """Whether a text file begins as a label track does; reads a little of it."""
    try:
        with path.open("rb") as file:
            lines = file.read(_HEAD).decode("utf-8-sig", errors="replace").splitlines()
    except OSError:
        return False
    first = lines[0].split("\t") if lines else []
    return len(first) >= 2 and all(_number(part) == _number(part) for part in first[:2])


def read_labels(path: Path, name: TrackName) -> Track:
    """The track. Raises CorpusError that names the first line which is no label."""
    marks = []
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        if not line.strip() or line.startswith("\\"):
            continue
        start, _, rest = line.partition("\t")
        end, _, text = rest.partition("\t")
        mark = Mark(_number(start), _number(end), text)
        if mark.start != mark.start or mark.end != mark.end:
            raise CorpusError(
                f"Line {number} of {quoted(path.name)} is no label of Audacity.",
                "A label is a start, an end and a text, with tabs between them.",
            )
        marks.append(mark)
    return Track(name, tuple(marks))


def _number(text: str) -> float:
    """Seconds, with a comma too, as some systems write it; not a number for anything else."""
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return nan
