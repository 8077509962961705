"""Runs for tests of the window: made by hand, or by the fake trainer as a real child process."""

import sys
from collections.abc import Mapping
from pathlib import Path

from stremo_studio.domain.clip import Clip
from stremo_studio.domain.run import Run
from stremo_studio.domain.worklist import Worklist
from stremo_studio.project.changes import Changes
from stremo_studio.project.project import Project
from stremo_studio.project.training import start_run
from trainer.contract.config import RunConfig
from trainer.contract.evaluation import Prediction
from trainer.contract.labels import CLASSES
from trainer.contract.run_folder import FINISHED
from trainer.evaluate import evaluate

FAKE = Path(__file__).resolve().parents[1] / "fake_trainer.py"


def fake(script: str, seconds: float = 0.6) -> list[str]:
    """The command of a trainer that follows a script: see `tests/fake_trainer.py`."""
    return [sys.executable, str(FAKE), script, "--seconds", str(seconds)]


def labelled_clips(project: Project) -> list[Clip]:
    clips = project.clips(project.clip_ids(Worklist()))
    return [clip for clip in clips if clip.label in CLASSES]


def finished_run(
    project: Project, said: Mapping[int, str], split: str = "test", *, calibrated: bool = True
) -> Run:
    """A run that is over: `said` is the predicted class by clip id, all in one split."""
    run = start_run(project, RunConfig())
    folder = project.run_folder(run)
    clips = [clip for clip in labelled_clips(project) if clip.id in said]
    folder.write_predictions(
        [Prediction(str(c.id), split, c.label, said[c.id], _sure(said[c.id], c.id)) for c in clips]
    )
    scored = evaluate(
        [str(c.label) for c in clips],
        [said[c.id] for c in clips],
        [c.group for c in clips],
        confidences=[max(_sure(said[c.id], c.id)) for c in clips] if calibrated else None,
    )
    calibration = {"temperature": 1.5, "clips": 9, "unscaled_ece": {split: 0.5}}
    folder.write_result(
        {**({"calibration": calibration} if calibrated else {}),
         "status": FINISHED, "recipe": "acoustic", "model": "made", "note": "Made by hand.",
         "evaluations": {split: scored.to_json()}, "counts": {}, "splits": {}, "error": None}
    )  # fmt: skip
    project.changes.publish(Changes(runs=True, history=False))
    return run


def _sure(predicted: str, clip_id: int) -> list[float]:
    """Probabilities whose highest is the predicted class's, another for each clip."""
    best = 0.5 + (clip_id % 40) / 100
    return [best if name == predicted else (1 - best) / 2 for name in CLASSES]
