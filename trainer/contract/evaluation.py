"""An evaluation as it stands in `result.json` and in `EvaluationFinished`."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Scores of one split. Intervals are 95 %, from a bootstrap over groups.

    `per_class` holds precision, recall, f1 and support by class id; scores lie in 0..1.
    """

    clips: int
    groups: int
    confusion: list[list[int]]
    """Rows human, columns model, in the order of the label scheme."""
    per_class: dict[str, dict[str, float]]
    accuracy: float
    weighted_f1: float
    macro_f1: float
    uar: float
    intervals: dict[str, list[float]]
    """`{"macro_f1": [low, high], "weighted_f1": ..., "uar": ...}`; empty for a single group."""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def evaluation_from_json(raw: dict[str, Any]) -> Evaluation:
    """Read an evaluation written by `Evaluation.to_json`."""
    return Evaluation(**{name: raw[name] for name in Evaluation.__slots__})


@dataclass(frozen=True, slots=True)
class Prediction:
    """One line of `predictions.jsonl`: what the best checkpoint says about one clip."""

    clip_id: str
    split: str
    """`train`, `dev` or `test`; `unlabelled` for a clip that came without a label."""
    label: str | None
    """The human label in the run's manifest; None for a clip without one."""
    predicted: str
    probabilities: list[float]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def prediction_from_json(raw: dict[str, Any]) -> Prediction:
    """Read a line written from `Prediction.to_json`."""
    return Prediction(**{name: raw[name] for name in Prediction.__slots__})
