"""Scores of the final models on the test corpora, from their predictions and nothing else."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from trainer.contract.evaluation import Evaluation, Prediction
from trainer.contract.labels import CLASSES
from trainer.contract.manifest import ManifestClip
from trainer.evaluate import RESAMPLES, Matrix, Numbers, evaluate, scores

Lookup = Callable[[ManifestClip], str]
_SEED = 13


@dataclass(frozen=True, slots=True)
class Scored:
    """A test clip with what the model says of it."""

    clip: ManifestClip
    predicted: str
    confidence: float | None = None
    """The probability of what is predicted; None for a look-up."""


def scored(clips: Iterable[ManifestClip], predictions: Iterable[Prediction]) -> list[Scored]:
    """The test clips of a final model with their predictions."""
    said = {p.clip_id: p for p in predictions if p.split == "test"}
    return [
        Scored(clip, one.predicted, one.probabilities[CLASSES.index(one.predicted)])
        for clip in clips
        if (one := said.get(clip.clip_id))
    ]


def score(rows: Sequence[Scored]) -> Evaluation:
    """Pool first, then score: Table 6's `Overall` is no mean of its row."""
    sure = [row.confidence for row in rows if row.confidence is not None]
    return evaluate(
        [str(row.clip.label) for row in rows],
        [row.predicted for row in rows],
        [row.clip.group for row in rows],
        _SEED,
        sure if len(sure) == len(rows) else None,
    )


def of_corpus(rows: Sequence[Scored], corpus: str) -> list[Scored]:
    return [row for row in rows if row.clip.corpus == corpus]


def weighted(found: Evaluation) -> tuple[float, float, float]:
    """Support-weighted precision, recall and F1: the last row of Table 4."""
    total = sum(s["support"] for s in found.per_class.values())
    precision, recall, f1 = (
        sum(s[name] * s["support"] for s in found.per_class.values()) / total
        for name in ("precision", "recall", "f1")
    )
    return precision, recall, f1


def shortcuts(
    clips: Sequence[ManifestClip], cells: Mapping[str, Mapping[str, str]], majority: str
) -> dict[str, list[Scored]]:
    """What can be had on a test corpus without listening: the learnt majority class, each column
    of the sheet, and the duration. The look-ups know the very clips they are scored on, so they
    say how much of the label a column gives away, not how well it would carry over."""
    found = {"majority class of the training set": [Scored(clip, majority) for clip in clips]}
    columns = dict.fromkeys(column for clip in clips for column in cells.get(clip.clip_id, {}))
    telling = [c for c in columns if c not in ("Emotion", "Filename", "Source")]
    for column in telling:
        if not column.startswith("Clip Time"):
            found[f"look-up of {column}"] = _look_up(clips, _cell_of(column, cells))
    found["look-up of the duration in whole seconds"] = _look_up(clips, _whole_seconds)
    return found


class Difference(NamedTuple):
    """Of two models on the same clips, with its 95 % interval. `p` is two-sided, from the same
    draws: how often chance alone would put the difference on the other side of 0."""

    centre: float
    low: float
    high: float
    p: float


def paired(left: Sequence[Scored], right: Sequence[Scored]) -> Difference:
    """Weighted F1 of `right` minus `left`: groups are drawn once for both, so that what the two
    models share does not blur the difference."""
    groups = sorted({row.clip.group for row in left})
    place = {group: i for i, group in enumerate(groups)}
    first, second = (_matrices(rows, place) for rows in (left, right))
    drawn = np.random.default_rng(_SEED).multinomial(
        len(groups), np.full(len(groups), 1 / len(groups)), size=RESAMPLES
    )
    differences = _weighted_f1(drawn @ second) - _weighted_f1(drawn @ first)
    low, high = np.percentile(differences, (2.5, 97.5))
    whole = np.ones((1, len(groups)), dtype=np.int64)
    centre = _weighted_f1(whole @ second)[0] - _weighted_f1(whole @ first)[0]
    other_side = min(np.mean(differences <= 0), np.mean(differences >= 0))
    p = min(1.0, max(2 * float(other_side), 1 / RESAMPLES))
    return Difference(float(centre), float(low), float(high), p)


def _matrices(rows: Sequence[Scored], place: Mapping[str, int]) -> Matrix:
    size = len(CLASSES)
    counts: Matrix = np.zeros((len(place), size * size), dtype=np.int64)
    for row in rows:
        human, model = CLASSES.index(str(row.clip.label)), CLASSES.index(row.predicted)
        counts[place[row.clip.group], human * size + model] += 1
    return counts


def _weighted_f1(flat: Matrix) -> Numbers:
    return scores(flat.reshape(-1, len(CLASSES), len(CLASSES)))["weighted_f1"]


def _cell_of(column: str, cells: Mapping[str, Mapping[str, str]]) -> Lookup:
    return lambda clip: cells.get(clip.clip_id, {}).get(column, "").strip()


def _whole_seconds(clip: ManifestClip) -> str:
    return "" if clip.end is None else str(round(clip.end - clip.start))


def _look_up(clips: Sequence[ManifestClip], key: Lookup) -> list[Scored]:
    """The commonest class of each value."""
    labels: dict[str, list[str]] = {}
    for clip in clips:
        labels.setdefault(key(clip), []).append(str(clip.label))
    best = {value: max(CLASSES, key=found.count) for value, found in labels.items()}
    return [Scored(clip, best[key(clip)]) for clip in clips]
