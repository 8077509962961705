"""Intervals over groups, and the paired difference of two models."""

import numpy as np
import pytest

from trainer.scores import RESAMPLES, Matrix, difference, intervals, scores


def _groups(count: int, seed: int, clips: int = 1) -> Matrix:
    """Each with so many clips, of which two in three are right."""
    rng = np.random.default_rng(seed)
    made: Matrix = np.zeros((count, 3, 3), dtype=np.int64)
    for group in made:
        for human in rng.integers(0, 3, clips):
            group[human, human if rng.random() < 2 / 3 else rng.integers(0, 3)] += 1
    return made


@pytest.mark.parametrize("clips", [1, 4])
def test_drawing_kinds_of_groups_is_drawing_groups(clips: int) -> None:
    groups = _groups(300, 5, clips)
    drawn = np.random.default_rng(1).integers(0, len(groups), (RESAMPLES, len(groups)))
    naive = scores(groups[drawn].sum(axis=1))["macro_f1"]
    low, high = intervals(groups, 0)["macro_f1"]
    assert (low, high) == pytest.approx(np.percentile(naive, (2.5, 97.5)), abs=0.015)


def test_a_model_beside_itself_differs_by_nothing() -> None:
    groups = _groups(20, 2, 5)
    found = difference(groups, groups, "macro_f1", 0)
    assert found == (0, 0, 0, 1)


def test_drawing_both_by_the_same_groups_is_surer_than_drawing_each() -> None:
    worse = _groups(30, 3, 8)
    better = worse.copy()
    for group in better:  # every tenth mistake mended, in every voice
        wrong = np.argwhere(group * (1 - np.eye(3, dtype=int)))
        if len(wrong):
            human, model = wrong[0]
            group[human, model] -= 1
            group[human, human] += 1
    found = difference(worse, better, "macro_f1", 0)
    assert found is not None
    alone = intervals(worse, 0)["macro_f1"]
    assert found.high - found.low < (alone[1] - alone[0]) / 2
    assert found.low > 0


def test_one_voice_gives_no_interval_of_a_difference() -> None:
    assert difference(_groups(1, 1, 9), _groups(1, 2, 9), "macro_f1", 0) is None
