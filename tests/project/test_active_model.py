"""The active model: the first run that finished, until a person promotes another."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from stremo_studio.domain.run import Run
from stremo_studio.project.active_model import (
    KeepActive,
    PromoteRun,
    model_choice,
    now_active,
    with_active,
)
from stremo_studio.project.changes import Changes
from stremo_studio.project.project import Project
from stremo_studio.project.review import listed_runs
from stremo_studio.project.training import start_run
from tests.builders import corpus_clip, import_clips
from trainer.contract.config import RunConfig
from trainer.contract.labels import CLASSES


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    project = Project.create(tmp_path / "p", annotator="Ann")
    clips = (corpus_clip(n, audio=True, label=CLASSES[n % 3]) for n in range(60))
    import_clips(project, clips)
    yield project
    project.close()


def ended(project: Project, status: str = "finished") -> Run:
    run = start_run(project, RunConfig())
    project.run_folder(run).write_result({"status": status})
    return run


def promote(project: Project, run: Run) -> Changes:
    return project.do(PromoteRun(run.id, run.name))


def marked(project: Project) -> list[str]:
    listed = with_active(listed_runs(project), model_choice(project))
    return [one.run.name for one in listed if one.active]


def test_the_first_run_that_finished_is_active_by_itself(project: Project) -> None:
    assert now_active(project) is None
    assert marked(project) == []
    ended(project, "failed")
    first = ended(project, "stopped")
    ended(project)
    assert now_active(project) == first
    assert marked(project) == [first.name]


def test_promoting_is_a_step_that_is_undone_redone_and_kept(project: Project) -> None:
    first, second = ended(project), ended(project)
    changes = promote(project, second)
    assert changes.model
    assert (now_active(project), project.undo_sentence) == (second, f"Promote {second.name}")
    folder = project.folder
    project.close()
    project = Project.open(folder)
    undone = project.undo()
    assert undone is not None
    assert undone.model
    assert now_active(project) == first
    project.redo()
    assert now_active(project) == second
    assert marked(project) == [second.name]
    project.close()


def test_promoting_the_promoted_run_leaves_no_step(project: Project) -> None:
    ended(project)
    second = ended(project)
    promote(project, second)
    sentence = project.undo_sentence
    assert not promote(project, second).model
    project.undo()
    assert project.undo_sentence != sentence


def test_promoting_touches_no_run_folder(project: Project) -> None:
    runs = [ended(project), ended(project)]
    before = [sorted(project.run_folder(run).path.rglob("*")) for run in runs]
    promote(project, runs[1])
    assert [sorted(project.run_folder(run).path.rglob("*")) for run in runs] == before


def test_where_the_promoted_run_is_gone_the_first_one_answers_again(project: Project) -> None:
    first, second = ended(project), ended(project)
    promote(project, second)
    project.run_folder(second).config_file.unlink()
    assert now_active(project) == first
    assert marked(project) == [first.name]


def test_deciding_against_a_run_changes_no_model_and_can_be_undone(project: Project) -> None:
    first, second, third = ended(project), ended(project), ended(project)
    for run in (second, third):
        project.do(KeepActive(run.id, run.name))
    assert model_choice(project).declined == {second.id, third.id}
    assert now_active(project) == first
    project.undo()
    assert model_choice(project).declined == {second.id}
