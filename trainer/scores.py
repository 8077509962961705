"""Scores of confusion matrices, and how sure they are: numpy alone, so that the studio asks too.

Intervals are percentile bootstraps over groups, not over clips: clips of one speaker or video
resemble each other, and resampling them one by one would promise a precision that is not there.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from trainer.contract.labels import CLASSES

RESAMPLES = 1000
INTERVAL = (2.5, 97.5)
_DRAWN_AT_ONCE = 4_000_000

Matrix = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]


class Difference(NamedTuple):
    """Of two models on the same clips, with its 95 % interval. `p` is two-sided, from the same
    draws: how often chance alone would put the difference on the other side of 0."""

    centre: float
    low: float
    high: float
    p: float


def scores(matrix: npt.NDArray[np.generic]) -> dict[str, Numbers]:
    """Accuracy, weighted F1, macro F1 and UAR of matrices of shape (..., 3, 3).

    As scikit-learn has it, macro F1 is the mean over the classes that people or model named, and
    UAR the mean recall over the classes that people named.
    """
    recall, _, f1 = per_class(matrix)
    support, named = matrix.sum(axis=-1), matrix.sum(axis=-2)
    total = matrix.sum(axis=(-2, -1))
    return {
        "accuracy": matrix.diagonal(axis1=-2, axis2=-1).sum(axis=-1) / total,
        "weighted_f1": (f1 * support).sum(axis=-1) / total,
        "macro_f1": f1.sum(axis=-1) / ((support + named) > 0).sum(axis=-1),
        "uar": recall.sum(axis=-1) / (support > 0).sum(axis=-1),
    }


def per_class(matrix: npt.NDArray[np.generic]) -> tuple[Numbers, Numbers, Numbers]:
    """Recall, precision and F1, each (..., 3); a class with nothing to divide by scores 0."""
    hits = matrix.diagonal(axis1=-2, axis2=-1)
    support, named = matrix.sum(axis=-1), matrix.sum(axis=-2)
    return (
        hits / np.maximum(support, 1),
        hits / np.maximum(named, 1),
        2 * hits / np.maximum(support + named, 1),
    )


def confusion_matrix(human: Sequence[str], model: Sequence[str]) -> Matrix:
    """Counts, shape (3, 3): rows human, columns model."""
    matrix: Matrix = matrices(human, model, [""] * len(human)).sum(axis=0)
    return matrix


def matrices(human: Sequence[str], model: Sequence[str], groups: Sequence[str]) -> Matrix:
    """One matrix a group, shape (groups, 3, 3), in the order of the groups' names."""
    place = {name: i for i, name in enumerate(CLASSES)}
    _, which = np.unique(np.asarray(groups, dtype=str), return_inverse=True)
    return counted(which, np.array([place[x] for x in human]), np.array([place[x] for x in model]))


def counted(which: Matrix, human: Matrix, model: Matrix) -> Matrix:
    """`matrices`, of groups and classes that are numbers already, each (clips,)."""
    size = len(CLASSES)
    groups = int(which.max()) + 1
    flat = np.bincount((which * size + human) * size + model, minlength=groups * size * size)
    return flat.reshape(groups, size, size).astype(np.int64)


def intervals(by_group: Matrix, seed: int) -> dict[str, list[float]]:
    """95 % intervals of the scores; empty for a single group, which says nothing about the next
    one."""
    if len(by_group) < 2:
        return {}
    (drawn,) = _resampled(seed, by_group)
    found = scores(drawn)
    return {
        name: [float(x) for x in np.percentile(found[name], INTERVAL)]
        for name in ("macro_f1", "weighted_f1", "uar")
    }


def difference(before: Matrix, after: Matrix, score: str, seed: int) -> Difference | None:
    """One score of `after` minus that of `before`, matrices of the same groups in one order:
    groups are drawn once for both, so that what the two models share does not blur the difference.
    None for a single group."""
    if len(before) < 2:
        return None
    first, second = (scores(drawn)[score] for drawn in _resampled(seed, before, after))
    differences = second - first
    low, high = np.percentile(differences, INTERVAL)
    centre = scores(after.sum(axis=0))[score] - scores(before.sum(axis=0))[score]
    other_side = min(np.mean(differences <= 0), np.mean(differences >= 0))
    p = min(1.0, max(2 * float(other_side), 1 / RESAMPLES))
    return Difference(float(centre), float(low), float(high), p)


def _resampled(seed: int, *by_group: Matrix) -> list[Numbers]:
    """Sums over groups drawn with replacement, (RESAMPLES, 3, 3) for each argument, all by the
    same draws. Groups that count alike are drawn as one kind, so that thousands of recordings
    without a speaker, each a group of one clip, cost no more than the dozens of kinds among them.
    """
    groups = len(by_group[0])
    flat = np.concatenate([one.reshape(groups, -1) for one in by_group], axis=1, dtype=float)
    kinds, many = np.unique(flat, axis=0, return_counts=True)
    rng = np.random.default_rng(seed)
    at_once = max(1, _DRAWN_AT_ONCE // len(kinds))
    drawn = [
        rng.multinomial(groups, many / groups, size=min(at_once, RESAMPLES - done)) @ kinds
        for done in range(0, RESAMPLES, at_once)
    ]
    parts = np.split(np.concatenate(drawn), len(by_group), axis=1)
    return [part.reshape(RESAMPLES, *by_group[0].shape[1:]) for part in parts]
