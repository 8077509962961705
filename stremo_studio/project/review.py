"""Looking back at runs: their state, what they said, and what has changed since."""

from dataclasses import dataclass
from typing import Any

from stremo_studio.domain.run import Run
from stremo_studio.project.prediction_index import PredictionIndex
from stremo_studio.project.project import Project
from trainer.contract.evaluation import (
    Calibration,
    Evaluation,
    Prediction,
    calibration_from_json,
    evaluation_from_json,
)

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
    def held_out(self) -> bool:
        """Whether no clip was answered by a model that had learnt it."""
        return self.evaluation("train") is not None

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


def changed_labels(project: Project, index: PredictionIndex, split: str = "test") -> int:
    """How many labels of the run's split are another now than those it was scored against."""
    clips = project.clips(index.select(split).clip_ids())
    return sum(clip.label != index.by_clip[clip.id].label for clip in clips)
