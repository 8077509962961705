"""Which clips are watched."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

from stremo_studio.domain.clip import Clip
from stremo_studio.domain.worklist import Worklist
from stremo_studio.project.watch import choose, watched_clips
from tests.builders import project_with_clips
from trainer.contract.labels import CLASSES


def clips(tmp_path: Path, count: int) -> list[Clip]:
    project = project_with_clips(tmp_path / "p", count)
    found = project.clips(project.clip_ids(Worklist()))
    project.close()
    return found


def test_every_class_is_watched_alike_and_many_voices(tmp_path: Path) -> None:
    labelled = [
        replace(clip, label=CLASSES[number % 3]) for number, clip in enumerate(clips(tmp_path, 80))
    ]
    chosen = choose(labelled, 12)
    assert Counter(clip.label for clip in chosen) == dict.fromkeys(CLASSES, 4)
    assert len({clip.group for clip in chosen if clip.label == CLASSES[0]}) == 4
    assert choose(labelled, 12) == chosen


def test_a_class_with_few_clips_leaves_its_turn_to_the_others(tmp_path: Path) -> None:
    labelled = [
        replace(clip, label=CLASSES[0] if number else CLASSES[1])
        for number, clip in enumerate(clips(tmp_path, 8))
    ]
    assert Counter(clip.label for clip in choose(labelled, 6)) == {CLASSES[0]: 5, CLASSES[1]: 1}


def test_nothing_labelled_means_nothing_watched(tmp_path: Path) -> None:
    project = project_with_clips(tmp_path / "p", 4)
    assert watched_clips(project) == ()
