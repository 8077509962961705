"""Scores of a list of answers. Three classes, one matrix: everything here is a function of it.

The interval is a percentile bootstrap over groups, not over clips: clips of one speaker or video
resemble each other, and resampling them one by one would promise a precision that is not there.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from trainer.contract.evaluation import Evaluation
from trainer.contract.labels import CLASSES
from trainer.prediction.calibration import calibration_error, reliability

RESAMPLES = 1000
INTERVAL = (2.5, 97.5)
_DRAWN_AT_ONCE = 4_000_000

Matrix = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]


def evaluate(
    human: Sequence[str],
    model: Sequence[str],
    groups: Sequence[str],
    seed: int = 0,
    confidences: Sequence[float] | None = None,
) -> Evaluation:
    """Compare the model's classes with the human ones, clip by clip.

    With `confidences`, the probabilities of the model's classes, also how well they are calibrated.
    Raises ValueError for an empty list: there is no score of nothing.
    """
    if not human:
        raise ValueError("nothing to evaluate")
    by_group = _matrices(human, model, groups)
    matrix = by_group.sum(axis=0)
    recall, precision, f1 = _per_class(matrix)
    found = scores(matrix)
    right = [a == b for a, b in zip(human, model, strict=True)]
    points = () if confidences is None else reliability(confidences, right)
    return Evaluation(
        clips=len(human),
        groups=len(by_group),
        confusion=matrix.tolist(),
        per_class={
            name: {
                "precision": float(precision[i]),
                "recall": float(recall[i]),
                "f1": float(f1[i]),
                "support": float(matrix[i].sum()),
            }
            for i, name in enumerate(CLASSES)
        },
        intervals=_intervals(by_group, seed),
        ece=calibration_error(points) if points else None,
        reliability=points,
        **{name: float(value) for name, value in found.items()},
    )


def confusion_matrix(human: Sequence[str], model: Sequence[str]) -> Matrix:
    """Counts, shape (3, 3): rows human, columns model."""
    matrix: Matrix = _matrices(human, model, [""] * len(human)).sum(axis=0)
    return matrix


def scores(matrix: npt.NDArray[np.generic]) -> dict[str, Numbers]:
    """Accuracy, weighted F1, macro F1 and UAR of matrices of shape (..., 3, 3).

    As scikit-learn has it, macro F1 is the mean over the classes that people or model named, and
    UAR the mean recall over the classes that people named.
    """
    recall, _, f1 = _per_class(matrix)
    support, named = matrix.sum(axis=-1), matrix.sum(axis=-2)
    total = matrix.sum(axis=(-2, -1))
    return {
        "accuracy": matrix.diagonal(axis1=-2, axis2=-1).sum(axis=-1) / total,
        "weighted_f1": (f1 * support).sum(axis=-1) / total,
        "macro_f1": f1.sum(axis=-1) / ((support + named) > 0).sum(axis=-1),
        "uar": recall.sum(axis=-1) / (support > 0).sum(axis=-1),
    }


def _per_class(matrix: npt.NDArray[np.generic]) -> tuple[Numbers, Numbers, Numbers]:
    """Recall, precision and F1, each (..., 3); a class with nothing to divide by scores 0."""
    hits = matrix.diagonal(axis1=-2, axis2=-1)
    support, named = matrix.sum(axis=-1), matrix.sum(axis=-2)
    return (
        hits / np.maximum(support, 1),
        hits / np.maximum(named, 1),
        2 * hits / np.maximum(support + named, 1),
    )


def _matrices(human: Sequence[str], model: Sequence[str], groups: Sequence[str]) -> Matrix:
    """One matrix a group, shape (groups, 3, 3)."""
    place = {name: i for i, name in enumerate(CLASSES)}
    names, which = np.unique(np.asarray(groups, dtype=str), return_inverse=True)
    matrices = np.zeros((len(names), len(CLASSES), len(CLASSES)), dtype=np.int64)
    rows, columns = np.array([place[x] for x in human]), np.array([place[x] for x in model])
    np.add.at(matrices, (which, rows, columns), 1)
    return matrices


def _intervals(by_group: Matrix, seed: int) -> dict[str, list[float]]:
    """Empty for a single group, which says nothing about the next one."""
    groups = len(by_group)
    if groups < 2:
        return {}
    rng = np.random.default_rng(seed)
    flat = by_group.reshape(groups, -1).astype(np.float64)
    at_once = max(1, _DRAWN_AT_ONCE // groups)
    drawn = [
        rng.multinomial(groups, np.full(groups, 1 / groups), size=min(at_once, RESAMPLES - i))
        @ flat
        for i in range(0, RESAMPLES, at_once)
    ]
    found = scores(np.concatenate(drawn).reshape(-1, *by_group.shape[1:]))
    return {
        name: [float(x) for x in np.percentile(found[name], INTERVAL)]
        for name in ("macro_f1", "weighted_f1", "uar")
    }
