"""Praat's TextGrids, long and short, as Praat itself reads them: only numbers that stand free,
texts in quotes and flags count; all other words are decoration. So `item [1]:`, ELAN's `item[1]`
and the short form, which has none of it, are one to the reader."""

import re
from collections.abc import Iterator
from pathlib import Path

from trainer.contract.foreign_text import quoted
from trainer.corpora.foreign_file import read_text
from trainer.corpora.rows import CorpusError
from trainer.corpora.tracks import Mark, Track, read_track_name

_TOKEN = re.compile(
    r"""(?P<text>"(?:[^"]|"")*")
    | (?<!\S)(?P<number>[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?)(?=\s|$)
    | (?<!\S)(?P<flag><\w+>)(?=\s|$)
    | (?<!\S)!.*""",
    re.VERBOSE,
)


def read_textgrid(path: Path) -> tuple[Track, ...]:
    """All tiers; points are marks without length. Raises CorpusError for what is no TextGrid in
    text form, and for one cut short."""
    tokens = _tokens(read_text(path))
    try:
        kind, what = _text(tokens), _text(tokens)
        if not kind.startswith("ooTextFile") or what != "TextGrid":
            raise ValueError(what)
        _number(tokens), _number(tokens)
        if next(tokens) != "<exists>":
            return ()
        tiers = [_tier(tokens) for _ in range(int(_number(tokens)))]
    except (StopIteration, ValueError, TypeError, OverflowError) as error:
        raise CorpusError(
            f"{quoted(path.name)} is no whole TextGrid.",
            "Save it in Praat as a text file or a short text file.",
        ) from error
    return tuple(tiers)


def _tokens(text: str) -> Iterator[str | float]:
    for found in _TOKEN.finditer(text):
        if found["text"] is not None:
            yield '"' + found["text"][1:-1].replace('""', '"')
        elif found["number"] is not None:
            yield float(found["number"])
        elif found["flag"] is not None:
            yield found["flag"]


def _tier(tokens: Iterator[str | float]) -> Track:
    kind, name = _text(tokens), _text(tokens)
    if kind not in ("IntervalTier", "TextTier"):
        raise ValueError(kind)
    _number(tokens), _number(tokens)
    marks = []
    for _ in range(int(_number(tokens))):
        start = _number(tokens)
        end = _number(tokens) if kind == "IntervalTier" else start
        text = _text(tokens)
        if text.strip():  # the rest tiles the recording
            marks.append(Mark(start, end, text))
    return Track(read_track_name(name), tuple(marks))


def _text(tokens: Iterator[str | float]) -> str:
    found = next(tokens)
    if not isinstance(found, str) or not found.startswith('"'):
        raise ValueError(found)
    return found[1:]


def _number(tokens: Iterator[str | float]) -> float:
    found = next(tokens)
    if not isinstance(found, float):
        raise ValueError(found)
    return found
