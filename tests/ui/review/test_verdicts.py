"""What a clip's annotations say was decided in review, undo and redo counted."""

from pathlib import Path

import pytest

from stremo_studio.domain.annotation import BY_REVIEW, UNUSABLE, Answer
from stremo_studio.domain.clip import ClipId
from stremo_studio.project.commands import LabelClips
from stremo_studio.project.project import Project
from stremo_studio.ui.review.playlist_panel import speaker_order
from stremo_studio.ui.review.verdicts import Verdicts
from tests.builders import all_clips, project_with_clips
from trainer.contract.evaluation import Prediction


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = project_with_clips(tmp_path / "p", 2)
    project.do(LabelClips((all_clips(project)[0],), Answer("negative")))
    return project


def verdicts_of(project: Project) -> tuple[Verdicts, ClipId]:
    clip = all_clips(project)[0]
    verdicts = Verdicts(project)
    verdicts.begin({clip: Prediction(str(clip), "test", "negative", "neutral", [0.2, 0.7, 0.1])})
    return verdicts, clip


def decide(project: Project, clip: ClipId, label: str) -> None:
    project.do(LabelClips((clip,), Answer(label), BY_REVIEW))


def test_a_label_given_while_labelling_is_no_verdict(project: Project) -> None:
    verdicts, clip = verdicts_of(project)
    verdicts.look_again([clip])
    assert verdicts.word(clip) == ""


@pytest.mark.parametrize(
    ("label", "word"),
    [("negative", "confirmed"), ("neutral", "relabelled"), (UNUSABLE, "unusable")],
)
def test_a_decision_is_named_and_taken_back_by_undo(
    project: Project, label: str, word: str
) -> None:
    verdicts, clip = verdicts_of(project)
    decide(project, clip, label)
    verdicts.look_again([clip])
    assert verdicts.word(clip) == word
    project.undo()
    verdicts.look_again([clip])
    assert verdicts.word(clip) == ""


def test_undo_of_a_second_decision_brings_back_the_first(project: Project) -> None:
    verdicts, clip = verdicts_of(project)
    decide(project, clip, "neutral")
    decide(project, clip, UNUSABLE)
    project.undo()
    verdicts.look_again([clip])
    assert verdicts.word(clip) == "relabelled"
    project.redo()
    verdicts.look_again([clip])
    assert verdicts.word(clip) == "unusable"


def test_a_tally_counts_only_its_own_playlist(project: Project) -> None:
    verdicts, clip = verdicts_of(project)
    decide(project, clip, "neutral")
    verdicts.look_again([clip])
    assert verdicts.hear(clip)
    assert not verdicts.hear(clip)
    assert verdicts.tally([clip]).words == "1 of 1 heard  ·  1 relabelled"
    assert verdicts.tally([]).words == "0 of 0 heard"


def test_everybody_is_heard_once_before_anybody_twice() -> None:
    clips = [(1, "a"), (2, "a"), (3, "a"), (4, "b"), (5, "c"), (6, "b")]
    assert speaker_order(clips) == [1, 4, 5, 2, 6, 3]
