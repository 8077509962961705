"""Whether a model is as sure as it is right, and one number that makes it so.

Temperature scaling (Guo et al. 2017, arXiv 1706.04599): all logits are divided by one number,
fitted on the dev set. It changes how sure the answers are, never which class comes first. A dev
set of one speaker says little about the next: the fewer groups, the less of it is used.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from trainer.contract.evaluation import ReliabilityPoint

BINS = 15
"""Of equal width, as in that paper, so that figures compare. With few clips the error comes out
too large: read it beside the number of clips."""
COLDEST, HOTTEST = 0.2, 10.0
_STEPS = 60
_LEAST = 1e-12

Rows = npt.NDArray[np.float64]


def fit_temperature(probabilities: Rows, classes: npt.NDArray[np.int64], groups: int) -> float:
    """The temperature that clips of shape (clips, 3) ask for, 0.2 to 10; 1 leaves all as it is.

    That of the least cross-entropy, drawn towards 1 on the scale of its logarithm: halfway for one
    group, by a third for two. Over 12 draws of acoustic models on RAVDESS the cross-entropy of
    unseen speakers was 0.79 so against 0.81 without for one dev speaker (0.87 unscaled), and 0.77
    against 0.78 for four. 1 for no clips, and for clips without a mistake: the surer the better
    would be their answer. The cross-entropy is convex, so that of the clips never grows.
    """
    if not len(classes) or (probabilities.argmax(axis=1) == classes).all():
        return 1.0
    logits = np.log(np.maximum(probabilities, _LEAST))
    of_label = logits[np.arange(len(classes)), classes].mean()
    low, high = np.log(1 / HOTTEST), np.log(1 / COLDEST)
    for _ in range(_STEPS):  # convex in 1 / temperature: halve towards where the slope is 0
        middle = (low + high) / 2
        expected = (scaled(probabilities, float(np.exp(-middle))) * logits).sum(axis=1).mean()
        low, high = (middle, high) if expected < of_label else (low, middle)
    return float(np.exp(-(low + high) / 2 * groups / (groups + 1)))


def scaled(probabilities: Rows, temperature: float) -> Rows:
    """The rows as they would be if their logits were divided by `temperature`."""
    if temperature == 1.0:
        return probabilities
    logits = np.log(np.maximum(probabilities, _LEAST)) / temperature
    grown = np.exp(logits - logits.max(axis=1, keepdims=True))
    rows: Rows = grown / grown.sum(axis=1, keepdims=True)
    return rows


def reliability(
    confidences: Sequence[float], is_right: Sequence[bool]
) -> tuple[ReliabilityPoint, ...]:
    """A point for each bin that holds clips, the least sure first. A bin holds its upper edge."""
    sure, right = np.asarray(confidences, dtype=np.float64), np.asarray(is_right, dtype=np.float64)
    bins = np.clip(np.ceil(sure * BINS - 1e-9).astype(np.int64) - 1, 0, BINS - 1)
    return tuple(
        ReliabilityPoint(
            float(sure[bins == b].mean()), float(right[bins == b].mean()), int((bins == b).sum())
        )
        for b in np.unique(bins)
    )


def calibration_error(points: Sequence[ReliabilityPoint]) -> float:
    """ECE: how far confidence and accuracy lie apart, averaged over the clips; 0..1."""
    clips = sum(point.clips for point in points)
    apart = sum(point.clips * abs(point.accuracy - point.confidence) for point in points)
    return apart / clips if clips else 0.0
