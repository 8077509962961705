"""Scores of the final models on the test corpora, from their predictions and nothing else."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from trainer.contract.evaluation import Evaluation, Prediction
from trainer.contract.labels import CLASSES
from trainer.contract.manifest import ManifestClip
from trainer.evaluate import evaluate
from trainer.scores import Difference, difference, matrices

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


def paired(left: Sequence[Scored], right: Sequence[Scored]) -> Difference | None:
    """Weighted F1 of `right` minus `left`, on the same clips; None for a single group."""
    first, second = (
        matrices(
            [str(row.clip.label) for row in rows],
            [row.predicted for row in rows],
            [row.clip.group for row in rows],
        )
        for rows in (left, right)
    )
    return difference(first, second, "weighted_f1", _SEED)


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
