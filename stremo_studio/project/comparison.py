"""A run's result beside what it must be measured against: chance, and the run before.

Reads run folders only, never the project's database, so it may work on any thread.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from stremo_studio.domain.clip import ClipId
from stremo_studio.domain.run import Run
from trainer.contract.evaluation import Evaluation, Prediction, evaluation_from_json
from trainer.contract.labels import CLASSES
from trainer.contract.run_folder import RunFolder

SPLIT = "test"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs on the test clips they share, judged by the newer run's labels."""

    run: Run
    macro_f1: float
    """As that run reported it, on its own test set."""
    shared: int
    same_test_set: bool
    fixed: tuple[ClipId, ...]
    """Wrong before, right now."""
    broke: tuple[ClipId, ...]
    """Right before, wrong now."""


@dataclass(frozen=True, slots=True)
class RunReport:
    """What the result card shows. `comparison` is with the newest earlier run that has scores."""

    run: Run
    result: dict[str, Any]
    evaluation: Evaluation
    baseline: float
    comparison: Comparison | None

    @property
    def note(self) -> str:
        return str(self.result.get("note") or "")


def run_report(run: Run, folder: RunFolder, earlier: Iterable[tuple[Run, RunFolder]]) -> RunReport:
    """Read a run with scores, and the newest of `earlier` (newest first) that has some.

    Raises ValueError when the run's record holds no test scores, OSError when it is gone.
    """
    result, evaluation = _scores(folder)
    comparison = None
    for other, other_folder in earlier:
        try:
            _, other_evaluation = _scores(other_folder)
            before = other_folder.read_predictions()
        except (OSError, ValueError, KeyError):
            continue
        comparison = compare(other, other_evaluation.macro_f1, before, folder.read_predictions())
        break
    return RunReport(run, result, evaluation, majority_macro_f1(evaluation), comparison)


def compare(
    run: Run, macro_f1: float, before: Sequence[Prediction], now: Sequence[Prediction]
) -> Comparison:
    """Which test clips that both runs predicted came right, and which went wrong."""
    then = {p.clip_id: p.predicted for p in before if p.split == SPLIT}
    tested = [p for p in now if p.split == SPLIT]
    shared = [p for p in tested if p.clip_id in then]
    return Comparison(
        run,
        macro_f1,
        len(shared),
        len(shared) == len(tested) == len(then),
        tuple(_id(p) for p in shared if then[p.clip_id] != p.label == p.predicted),
        tuple(_id(p) for p in shared if then[p.clip_id] == p.label != p.predicted),
    )


def majority_macro_f1(evaluation: Evaluation) -> float:
    """Macro F1 of always answering the test set's largest class."""
    totals = [sum(row) for row in evaluation.confusion]
    clips = sum(totals)
    share = max(totals) / clips if clips else 0.0
    return 2 * share / (1 + share) / len(CLASSES)


def _scores(folder: RunFolder) -> tuple[dict[str, Any], Evaluation]:
    result = folder.read_result()
    found = (result or {}).get("evaluations", {}).get(SPLIT)
    if result is None or not found:
        raise ValueError(f"{folder.path.name} has no test scores.")
    return result, evaluation_from_json(found)


def _id(prediction: Prediction) -> ClipId:
    return ClipId(int(prediction.clip_id))
