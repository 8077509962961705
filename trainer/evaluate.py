"""The evaluation of a list of answers. Three classes, one matrix: everything but calibration is a
function of it (`trainer/scores.py`)."""

from collections.abc import Sequence

from trainer.contract.evaluation import Evaluation
from trainer.contract.labels import CLASSES
from trainer.prediction.calibration import calibration_error, reliability
from trainer.scores import intervals, matrices, per_class, scores


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
    by_group = matrices(human, model, groups)
    matrix = by_group.sum(axis=0)
    recall, precision, f1 = per_class(matrix)
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
        intervals=intervals(by_group, seed),
        ece=calibration_error(points) if points else None,
        reliability=points,
        **{name: float(value) for name, value in found.items()},
    )
