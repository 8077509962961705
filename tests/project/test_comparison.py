"""Two runs beside each other, and the score of knowing nothing."""

import pytest

from stremo_studio.domain.run import Run, RunId
from stremo_studio.project.comparison import compare, majority_macro_f1
from trainer.contract.evaluation import Evaluation, Prediction
from trainer.contract.labels import CLASSES

RUN = Run(RunId(1), "Acoustic 1", "runs/1", "acoustic", "2026-01-01T00:00:00+00:00")
NEG, NEU, POS = CLASSES


def said(clip: int, label: str, predicted: str, split: str = "test") -> Prediction:
    return Prediction(str(clip), split, label, predicted, [1.0, 0.0, 0.0])


def evaluation(confusion: list[list[int]]) -> Evaluation:
    return Evaluation(sum(map(sum, confusion)), 1, confusion, {}, 0, 0, 0, 0, {})


def test_fixed_and_broken_clips_are_told_apart() -> None:
    before = [said(1, NEG, NEU), said(2, NEG, NEG), said(3, POS, NEG), said(4, NEU, NEU)]
    now = [said(1, NEG, NEG), said(2, NEG, POS), said(3, POS, NEU), said(4, NEU, NEU)]
    found = compare(RUN, 0.5, before, now)
    assert (found.fixed, found.broke) == ((1,), (2,))
    assert found.same_test_set
    assert found.shared == 4


def test_a_relabelled_clip_is_judged_by_its_newer_label() -> None:
    found = compare(RUN, 0.5, [said(1, NEG, NEU)], [said(1, NEU, NEU)])
    assert (found.fixed, found.broke) == ((), ())


def test_other_test_clips_make_it_another_test_set() -> None:
    before = [said(1, NEG, NEG), said(2, NEG, NEG)]
    now = [said(2, NEG, NEG), said(3, NEG, NEG), said(1, NEG, NEG, "train")]
    found = compare(RUN, 0.5, before, now)
    assert found.shared == 1
    assert not found.same_test_set


def test_the_baseline_is_the_macro_f1_of_always_answering_the_largest_class() -> None:
    from sklearn.metrics import f1_score

    confusion = [[20, 4, 1], [3, 7, 0], [2, 2, 6]]
    truth = [NEG] * 25 + [NEU] * 10 + [POS] * 10
    reference = f1_score(truth, [NEG] * 45, average="macro", zero_division=0)
    assert majority_macro_f1(evaluation(confusion)) == pytest.approx(reference)
    assert majority_macro_f1(evaluation([[0] * 3] * 3)) == 0.0
