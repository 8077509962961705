"""Runs looked back at: a playlist stays, and a score stays as reported."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from stremo_studio.domain.annotation import Answer
from stremo_studio.domain.clip import ClipId
from stremo_studio.domain.run import Run
from stremo_studio.domain.worklist import Worklist
from stremo_studio.project import review
from stremo_studio.project.commands import LabelClips
from stremo_studio.project.prediction_index import PredictionIndex, index_predictions
from stremo_studio.project.project import Project
from stremo_studio.project.training import start_run
from tests.builders import corpus_clip, import_clips
from trainer.contract.config import RunConfig
from trainer.contract.evaluation import Prediction
from trainer.contract.labels import CLASSES


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    project = Project.create(tmp_path / "p", annotator="Ann")
    clips = (corpus_clip(n, audio=True, label=CLASSES[n % 3]) for n in range(60))
    import_clips(project, clips)
    yield project
    project.close()


def _evaluated(project: Project) -> Run:
    """A run whose model calls everything neutral, more and more surely."""
    run = start_run(project, RunConfig())
    folder = project.run_folder(run)
    folder.write_predictions(
        [
            _prediction(clip.clip_id, "test" if n < 30 else "train", clip.label, 0.4 + n / 200)
            for n, clip in enumerate(folder.read_manifest())
        ]
    )
    folder.write_result({"status": "finished"})
    return run


def _prediction(clip_id: str, split: str, label: str | None, sure: float) -> Prediction:
    rest = (1 - sure) / 2
    return Prediction(clip_id, split, label, "neutral", [rest, sure, rest])


def indexed(project: Project, run: Run) -> PredictionIndex:
    return index_predictions(review.predictions(project, run))


def test_a_playlist_keeps_its_length_when_clips_are_hidden_since(project: Project) -> None:
    run = _evaluated(project)
    before = indexed(project, run).select("test").cell("negative", "neutral")
    assert len(before) == 10
    project.undo()  # the import
    playlist = Worklist(playlist=tuple(before))
    assert project.clip_ids(playlist) == before
    assert [clip.present for clip in project.clips(before)] == [False] * 10
    assert project.clip_ids(Worklist()) == []


def test_a_score_says_how_many_of_its_labels_changed_since(project: Project) -> None:
    run = _evaluated(project)
    assert review.changed_labels(project, indexed(project, run)) == 0
    for clip, label in ((1, "positive"), (2, "positive"), (2, "neutral"), (40, "positive")):
        project.do(LabelClips((ClipId(clip),), Answer(label)))
    project.do(LabelClips((ClipId(3),), Answer("unusable")))
    changed = review.changed_labels(project, indexed(project, run))
    assert changed == 2  # clip 2 is as it was, clip 40 was learnt from
    assert sum(map(sum, indexed(project, run).select("test").counts())) == 30


def test_runs_are_listed_with_their_state(project: Project) -> None:
    finished = _evaluated(project)
    waiting = start_run(project, RunConfig())
    killed = start_run(project, RunConfig())
    project.run_folder(killed).log_file.write_text("started\n")
    gone = start_run(project, RunConfig())
    project.run_folder(gone).config_file.unlink()
    broken = start_run(project, RunConfig())
    project.run_folder(broken).result_file.write_text("{")
    failed = start_run(project, RunConfig())
    error = {"code": "disk", "message": "The disk is full.", "hint": ""}
    project.run_folder(failed).write_result({"status": "failed", "error": error})
    states = {listed.run: (listed.status, listed.error) for listed in review.listed_runs(project)}
    assert states == {
        failed: ("failed", "The disk is full."),
        broken: (review.GONE, ""),
        gone: (review.GONE, ""),
        killed: ("interrupted", ""),
        waiting: ("new", ""),
        finished: ("finished", ""),
    }
    assert review.listed_runs(project)[0].evaluation() is None
