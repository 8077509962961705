"""An evaluation as it stands in `result.json` and in `EvaluationFinished`."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ReliabilityPoint:
    """Clips that the model was about equally sure of."""

    confidence: float
    """Their mean probability of the predicted class."""
    accuracy: float
    """The share of them that was right."""
    clips: int


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
    ece: float | None = None
    """Expected calibration error (`trainer.prediction.calibration`); None in runs older than it.
    That of the dev set flatters: the temperature was fitted on it."""
    reliability: tuple[ReliabilityPoint, ...] = ()
    """A point for each bin of confidence that holds clips, the least sure first."""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def evaluation_from_json(raw: dict[str, Any]) -> Evaluation:
    """Read an evaluation written by `Evaluation.to_json`, by this version or an older one."""
    known = {name: raw[name] for name in Evaluation.__slots__ if name in raw}
    points = tuple(ReliabilityPoint(**point) for point in raw.get("reliability", ()))
    return Evaluation(**known | {"reliability": points})


@dataclass(frozen=True, slots=True)
class Calibration:
    """`result.json`'s `calibration`: by what the probabilities of a run were made honest."""

    temperature: float
    """What the model's logits are divided by; 1 leaves them."""
    clips: int
    """Of the dev set, on which it was fitted."""
    unscaled_ece: dict[str, float]
    """What the calibration error would be without it, by split."""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def calibration_from_json(raw: dict[str, Any] | None) -> Calibration:
    """Read `Calibration.to_json`; that of an older run, which has none, changes nothing."""
    if not raw:
        return Calibration(1.0, 0, {})
    return Calibration(**{name: raw[name] for name in Calibration.__slots__})


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
    """By class, scaled by the run's temperature; the network's own are `p ** temperature`, brought
    to the sum 1."""

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def prediction_from_json(raw: dict[str, Any]) -> Prediction:
    """Read a line written from `Prediction.to_json`."""
    return Prediction(**{name: raw[name] for name in Prediction.__slots__})
