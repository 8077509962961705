"""Looking back at runs: their state, their matrix, and the clips behind a cell.

A score stays as it was reported. Counts come from the predictions of the run alone, so a cell and
its playlist always agree, whatever has been relabelled or hidden since.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from stremo_studio.domain.clip import ClipId
from stremo_studio.domain.run import Run
from stremo_studio.project.project import Project
from trainer.contract.evaluation import (
    Calibration,
    Evaluation,
    Prediction,
    calibration_from_json,
    evaluation_from_json,
)
from trainer.contract.labels import CLASSES

GONE = "gone"
"""State of a run whose folder is no longer whole; beside those of `RunFolder.status`."""


@dataclass(frozen=True, slots=True)
class ListedRun:
    """A line of the run list. `result` is what `result.json` holds, None until it is over;
    `active` as `active_model.with_active` found it."""

    run: Run
    status: str
    result: dict[str, Any] | None
    active: bool = False

    @property
    def error(self) -> str:
        """Why it failed, as a sentence; empty for any other state."""
        error = (self.result or {}).get("error") or {}
        return str(error.get("message", "")) if isinstance(error, dict) else str(error)

    @property
    def note(self) -> str:
        """What must stand wherever the scores appear."""
        return str((self.result or {}).get("note") or "")

    def evaluation(self, split: str = "test") -> Evaluation | None:
        found = (self.result or {}).get("evaluations", {}).get(split)
        return evaluation_from_json(found) if found else None

    @property
    def calibration(self) -> Calibration:
        return calibration_from_json((self.result or {}).get("calibration"))


def listed_runs(project: Project) -> list[ListedRun]:
    """All runs with their state, newest first."""
    return [listed_run(project, run) for run in project.runs()]


def listed_run(project: Project, run: Run) -> ListedRun:
    folder = project.run_folder(run)
    if not folder.config_file.is_file():
        return ListedRun(run, GONE, None)
    try:
        return ListedRun(run, folder.status(), folder.read_result())
    except (OSError, ValueError):
        return ListedRun(run, GONE, None)


def predictions(project: Project, run: Run) -> list[Prediction]:
    """What the best checkpoint said about each clip; empty until the run is evaluated."""
    return project.run_folder(run).read_predictions()


def confusion(found: Iterable[Prediction], split: str) -> list[list[int]]:
    """Counts of one split, rows human, columns model, in the order of `CLASSES`."""
    matrix = [[0] * len(CLASSES) for _ in CLASSES]
    for one in found:
        if one.split == split and one.label is not None:
            matrix[CLASSES.index(one.label)][CLASSES.index(one.predicted)] += 1
    return matrix


def cell(found: Iterable[Prediction], human: str, model: str, split: str) -> list[ClipId]:
    """The clips behind one cell of `confusion`, exactly as many as it counts.

    Mistakes come with the most confident first: they are wrong labels or the model's blind spots.
    On the diagonal the least confident come first.
    """
    behind = [p for p in found if (p.split, p.label, p.predicted) == (split, human, model)]
    return _ordered(behind, surest_first=human != model)


def misclassified(found: Iterable[Prediction], split: str) -> list[ClipId]:
    """All clips off the diagonal, the most confident mistakes first."""
    wrong = [p for p in found if p.split == split and p.label not in (None, p.predicted)]
    return _ordered(wrong, surest_first=True)


def cell_clips(project: Project, run: Run, human: str, model: str, split: str) -> list[ClipId]:
    """`cell` of a run, read from its folder."""
    return cell(predictions(project, run), human, model, split)


def changed_labels(project: Project, run: Run, split: str = "test") -> int:
    """How many labels of the run's split are another now than those it was scored against."""
    then = {ClipId(int(p.clip_id)): p.label for p in predictions(project, run) if p.split == split}
    return sum(clip.label != then[clip.id] for clip in project.clips(list(then)))


def _ordered(found: Sequence[Prediction], *, surest_first: bool) -> list[ClipId]:
    sign = -1 if surest_first else 1
    ranked = sorted(
        found, key=lambda p: (sign * p.probabilities[CLASSES.index(p.predicted)], int(p.clip_id))
    )
    return [ClipId(int(p.clip_id)) for p in ranked]
