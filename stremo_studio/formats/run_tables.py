"""What a run said, for papers and scripts: a table of clips, and the confusion matrix of a split as
a table and as a picture."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from stremo_studio.domain.clip import Clip
from stremo_studio.formats.sheet import harmless
from trainer.contract.evaluation import Prediction
from trainer.contract.labels import CLASSES, paper_scheme

_COLUMNS = (
    *("clip_id", "corpus", "clip", "start", "end", "group", "speaker", "split"),
    *("seen_in_training", "label_then", "label_now", "predicted"),
    *(f"p_{name}" for name in CLASSES),
    *("run", "model"),
)
_CELL, _LEFT, _TOP, _GAP = 96, 120, 84, 4
_DEEPEST = 0.5
"""Share of the accent in an error that takes a whole row; the figures stay readable on it."""
_ACCENT, _DIAGONAL, _TEXT, _QUIET = (43, 91, 199), "#ECEEF1", "#1A1E24", "#555D68"


@dataclass(frozen=True, slots=True)
class JudgedClip:
    """A clip as it is now, beside what a run said of it. `seen`: its model had learnt it."""

    clip: Clip
    said: Prediction
    seen: bool


def predictions_csv(judged: Iterable[JudgedClip], run: str, model: str) -> str:
    """A row for each clip, in the order given; `label_then` is what the run was scored against."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for one in judged:
        clip, said = one.clip, one.said
        words = (clip.corpus, clip.name, clip.group, clip.speaker or "", run)
        corpus, name, group, speaker, called = map(harmless, words)
        writer.writerow([
            clip.id, corpus, name, f"{clip.start:.3f}", f"{clip.end:.3f}", group, speaker,
            said.split, "yes" if one.seen else "no", said.label or "", clip.label or "",
            said.predicted, *(f"{p:.6f}" for p in said.probabilities), called, model,
        ])  # fmt: skip
    return text.getvalue()


def confusion(judged: Iterable[JudgedClip], split: str) -> list[list[int]]:
    """Counts of one split as the run was scored: rows human, columns model."""
    counts = [[0] * len(CLASSES) for _ in CLASSES]
    for one in judged:
        if one.said.split == split and one.said.label is not None:
            counts[CLASSES.index(one.said.label)][CLASSES.index(one.said.predicted)] += 1
    return counts


def confusion_csv(counts: Sequence[Sequence[int]]) -> str:
    """Rows human, columns model."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["human \\ model", *CLASSES])
    writer.writerows([name, *row] for name, row in zip(CLASSES, counts, strict=True))
    return text.getvalue()


def confusion_svg(counts: Sequence[Sequence[int]], title: str, subtitle: str) -> str:
    """The matrix as in Review: numbers first, errors shaded by their share of the row."""
    size = len(CLASSES) * (_CELL + _GAP)
    width, height = _LEFT + size + 24, _TOP + size + 44
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="sans-serif" text-anchor="middle">',
        f'<rect width="{width}" height="{height}" fill="#FFFFFF"/>',
        _text(24, 28, title, 16, anchor="start", weight=600),
        _text(24, 48, subtitle, 12, anchor="start", fill=_QUIET),
        _text(_LEFT + size / 2, height - 14, "model", 12, fill=_QUIET),
        _text(20, _TOP + size / 2, "human", 12, fill=_QUIET, turned=True),
    ]
    names = [f"{one.sign} {one.id}" for one in paper_scheme().classes]
    for place, name in enumerate(names):
        middle = place * (_CELL + _GAP) + _CELL / 2
        parts.append(_text(_LEFT + middle, _TOP - 10, name, 12))
        parts.append(_text(_LEFT - 10, _TOP + middle + 4, name, 12, anchor="end"))
    for row, cells in enumerate(counts):
        for column, count in enumerate(cells):
            parts += _cell(row, column, count, sum(cells))
    return "\n".join([*parts, "</svg>", ""])


def _cell(row: int, column: int, count: int, total: int) -> list[str]:
    left, top = _LEFT + column * (_CELL + _GAP), _TOP + row * (_CELL + _GAP)
    share = count / total if total else 0.0
    fill = _DIAGONAL if row == column else _shade(share)
    middle = left + _CELL / 2
    return [
        f'<rect x="{left}" y="{top}" width="{_CELL}" height="{_CELL}" rx="6" fill="{fill}"/>',
        _text(middle, top + _CELL / 2, f"{count:,}", 18, weight=600),
        _text(middle, top + _CELL / 2 + 20, f"{share:.0%}" if total else "", 12, fill=_QUIET),
    ]


def _shade(share: float) -> str:
    """White for no error, towards the accent for a row of nothing but this one."""
    mixed = (round(255 + (part - 255) * share * _DEEPEST) for part in _ACCENT)
    return "#" + "".join(f"{part:02X}" for part in mixed)


def _text(
    x: float, y: float, words: str, size: int, *, anchor: str = "", weight: int = 0,
    fill: str = _TEXT, turned: bool = False,
) -> str:  # fmt: skip
    more = f' text-anchor="{anchor}"' if anchor else ""
    more += f' font-weight="{weight}"' if weight else ""
    more += f' transform="rotate(-90 {x:g} {y:g})"' if turned else ""
    place = f'x="{x:g}" y="{y:g}" font-size="{size}" fill="{fill}"'
    return f"<text {place}{more}>{escape(words)}</text>"
