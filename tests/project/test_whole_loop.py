"""The main job without a window: import, train and evaluate in a child process, look behind the
matrix, relabel. Every part is the real one."""

import subprocess
import sys
from pathlib import Path

import pytest

from stremo_studio.domain.annotation import BY_REVIEW, Answer
from stremo_studio.domain.run import Run
from stremo_studio.practice import make_practice_set
from stremo_studio.project import review
from stremo_studio.project.commands import LabelClips
from stremo_studio.project.importing import plan_import, scan_source, write_import
from stremo_studio.project.prediction_index import index_predictions
from stremo_studio.project.preflight import preflight
from stremo_studio.project.project import Project
from stremo_studio.project.training import start_run
from trainer.contract.config import RunConfig
from trainer.contract.evaluation import Evaluation
from trainer.contract.labels import CLASSES

ACOUSTIC = RunConfig()


def _train(project: Project) -> tuple[Run, Evaluation]:
    run = start_run(project, ACOUSTIC)
    command = [sys.executable, "-m", "trainer", "run", str(project.run_folder(run).path)]
    subprocess.run(command, check=True, capture_output=True, timeout=100)
    evaluation = review.listed_run(project, run).evaluation("test")
    assert evaluation is not None
    return run, evaluation


@pytest.mark.slow
def test_import_train_review_and_relabel(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "p", annotator="Ann")
    scan = scan_source(make_practice_set(tmp_path / "practice"))
    for _ in write_import(project, plan_import(project, scan)):
        pass
    found = preflight(project, ACOUSTIC)
    assert (found.blockers, found.news) == ((), f"{found.clips} new")

    run, evaluation = _train(project)
    index = index_predictions(review.predictions(project, run))
    assert index.select("test").counts() == evaluation.confusion
    assert sum(map(sum, evaluation.confusion)) == evaluation.clips
    cells = {
        (human, model): index.select("test").cell(human, model)
        for human in CLASSES
        for model in CLASSES
    }
    assert [[len(cells[h, m]) for m in CLASSES] for h in CLASSES] == evaluation.confusion
    behind = {clip.id: clip for clip in project.clips([c for ids in cells.values() for c in ids])}
    assert all(behind[c].label == human for (human, _), ids in cells.items() for c in ids)

    tested = {clip.group for clip in behind.values()}
    (human, model), ids = max(cells.items(), key=lambda item: len(item[1]))
    other = next(label for label in CLASSES if label not in (human, model))
    project.do(LabelClips((ids[0],), Answer(other), source=BY_REVIEW))
    assert review.changed_labels(project, index) == 1
    unchanged = index_predictions(review.predictions(project, run))
    assert unchanged.select("test").counts() == evaluation.confusion
    assert preflight(project, ACOUSTIC).news == "1 fixed"

    again = start_run(project, ACOUSTIC)
    assert set(project.run_folder(again).read_config().split.test_groups) == tested
    project.close()
