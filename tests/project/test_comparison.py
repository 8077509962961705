"""Two runs beside each other, and the score of knowing nothing."""

import numpy as np
import pytest

from stremo_studio.domain.clip import ClipId
from stremo_studio.domain.run import Run, RunId
from stremo_studio.project.comparison import (
    Comparison,
    best_shortcut,
    compare,
    majority_macro_f1,
)
from stremo_studio.project.prediction_index import index_predictions
from stremo_studio.project.slices import facts_of
from stremo_studio.store.clip_facts import ClipFacts
from trainer.contract.evaluation import Evaluation, Prediction
from trainer.contract.labels import CLASSES

RUN = Run(RunId(1), "Acoustic 1", "runs/1", "acoustic", "2026-01-01T00:00:00+00:00")
NEG, NEU, POS = CLASSES


def said(clip: int, label: str, predicted: str, split: str = "test") -> Prediction:
    return Prediction(str(clip), split, label, predicted, [1.0, 0.0, 0.0])


def evaluation(confusion: list[list[int]]) -> Evaluation:
    return Evaluation(sum(map(sum, confusion)), 1, confusion, {}, 0, 0, 0, 0, {})


def beside(
    before: list[Prediction], now: list[Prediction], groups: int = 1, *, newer: bool = True
) -> Comparison:
    found = compare(RUN, before, now, {p.clip_id: str(int(p.clip_id) % groups) for p in now},
                    newer=newer)  # fmt: skip
    assert found is not None
    return found


def test_fixed_and_broken_clips_are_told_apart() -> None:
    before = [said(1, NEG, NEU), said(2, NEG, NEG), said(3, POS, NEG), said(4, NEU, NEU)]
    now = [said(1, NEG, NEG), said(2, NEG, POS), said(3, POS, NEU), said(4, NEU, NEU)]
    found = beside(before, now)
    assert (found.fixed, found.broke) == ((1,), (2,))
    assert found.same_test_set
    assert found.shared == 4
    assert found.difference is None, "of one speaker"


def test_a_relabelled_clip_is_judged_by_the_label_of_the_newer_run() -> None:
    before, now = [said(1, NEG, NEU), said(2, NEG, NEG)], [said(1, NEU, NEU), said(2, NEG, NEG)]
    assert (beside(before, now).fixed, beside(before, now).broke) == ((), ())
    assert beside(before, now).active_macro_f1 == 1
    older = beside(now, before, newer=False)
    assert (older.active_macro_f1, older.candidate_macro_f1) == (1, 1)


def test_only_the_shared_test_clips_are_compared() -> None:
    before = [said(1, NEG, NEG), said(2, NEG, NEG)]
    now = [said(2, NEG, NEG), said(3, NEG, NEU), said(1, NEG, NEU, "train")]
    found = beside(before, now)
    assert found.shared == 1
    assert not found.same_test_set
    assert found.candidate_macro_f1 == found.active_macro_f1 == 1
    assert compare(RUN, before, [said(9, NEG, NEG)], {}) is None


def test_scores_of_both_are_those_of_scikit_learn() -> None:
    from sklearn.metrics import f1_score

    rng = np.random.default_rng(3)
    truth, first, second = ([CLASSES[i] for i in rng.integers(0, 3, 90)] for _ in range(3))
    found = beside(*[[said(n, t, p) for n, (t, p) in enumerate(zip(truth, side, strict=True))]
                     for side in (first, second)], groups=15)  # fmt: skip
    for side, macro, each in (
        (first, found.active_macro_f1, found.active_f1),
        (second, found.candidate_macro_f1, found.candidate_f1),
    ):
        assert macro == pytest.approx(f1_score(truth, side, average="macro"))
        by_class = f1_score(truth, side, average=None, labels=list(CLASSES))
        assert list(each.values()) == pytest.approx(by_class.tolist())
    assert found.difference is not None
    assert found.difference.low < found.difference.centre < found.difference.high
    assert not found.advises, "two coins are equally good"


@pytest.mark.parametrize(("groups", "advises"), [(20, True), (4, False)])
def test_promoting_is_advised_only_without_a_loss_and_with_voices_enough(
    groups: int, advises: bool
) -> None:
    truth = [CLASSES[n % 3] for n in range(120)]
    half = [said(n, t, t if n % 2 else CLASSES[(n + 1) % 3]) for n, t in enumerate(truth)]
    whole = [said(n, t, t) for n, t in enumerate(truth)]
    assert beside(half, whole, groups).advises is advises
    assert not beside(whole, half, groups).advises
    assert not beside(whole, whole, groups).advises, "nothing is gained"


def test_the_baseline_is_the_macro_f1_of_always_answering_the_largest_class() -> None:
    from sklearn.metrics import f1_score

    confusion = [[20, 4, 1], [3, 7, 0], [2, 2, 6]]
    truth = [NEG] * 25 + [NEU] * 10 + [POS] * 10
    reference = f1_score(truth, [NEG] * 45, average="macro", zero_division=0)
    assert majority_macro_f1(evaluation(confusion)) == pytest.approx(reference)
    assert majority_macro_f1(evaluation([[0] * 3] * 3)) == 0.0


def test_the_best_shortcut_learns_from_training_clips_and_is_scored_on_test_clips() -> None:
    lengths = {NEG: 1.0, NEU: 4.0, POS: 9.0}

    def of(clip: int, label: str, split: str, seconds: float) -> tuple[Prediction, ClipFacts]:
        facts = ClipFacts(ClipId(clip), "g", seconds, "made", "ab"[clip % 2], *[None] * 4)
        return said(clip, label, NEG, split), facts

    rows = [of(n, CLASSES[n % 3], "train", lengths[CLASSES[n % 3]]) for n in range(30)]
    rows += [of(n, CLASSES[n % 3], "test", lengths[CLASSES[n % 3]]) for n in range(30, 45)]
    rows += [of(45, POS, "test", lengths[NEG])]
    known = {facts.id: facts for _, facts in rows}
    index = index_predictions(
        [p for p, _ in rows], lambda clips: facts_of([known[clip] for clip in clips])
    )
    found = best_shortcut(index)
    assert found is not None
    assert found.field == "duration"
    assert 0.9 < found.macro_f1 < 1
    assert best_shortcut(index_predictions([p for p, _ in rows])) is None
