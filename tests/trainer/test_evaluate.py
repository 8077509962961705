"""The metric engine against the paper's printed tables and against scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import balanced_accuracy_score, f1_score

from trainer.contract.labels import CLASSES, NEGATIVE, NEUTRAL, POSITIVE
from trainer.evaluate import evaluate
from trainer.scores import confusion_matrix, scores

STREMO = {NEGATIVE: 222, NEUTRAL: 94, POSITIVE: 180}
ANSWERS = st.lists(st.tuples(*[st.sampled_from(CLASSES)] * 2), min_size=1, max_size=60)


def _lists(matrix: list[list[int]]) -> tuple[list[str], list[str]]:
    pairs = [
        (CLASSES[i], CLASSES[j])
        for i, row in enumerate(matrix)
        for j, count in enumerate(row)
        for _ in range(count)
    ]
    return [a for a, _ in pairs], [b for _, b in pairs]


def test_g6_a_witness_matrix_gives_the_whole_of_table_4() -> None:
    human, model = _lists([[352, 220, 61], [5, 646, 5], [60, 55, 173]])
    found = evaluate(human, model, human)
    by_class = [found.per_class[name] for name in CLASSES]
    assert [round(c["precision"], 3) for c in by_class] == [0.844, 0.701, 0.724]
    assert [round(c["recall"], 3) for c in by_class] == [0.556, 0.985, 0.601]
    assert [round(c["f1"], 3) for c in by_class] == [0.670, 0.819, 0.657]
    support = np.array([c["support"] for c in by_class])
    weighted = {
        name: round(float(np.average([c[name] for c in by_class], weights=support)), 3)
        for name in ("precision", "recall")
    }
    assert weighted == {"precision": 0.763, "recall": 0.743}
    assert round(found.weighted_f1, 3) == 0.730


@pytest.mark.parametrize(
    ("constant", "f1", "weighted"),
    [(POSITIVE, 0.5325, 0.1933), (NEUTRAL, 0.3186, 0.0604), (NEGATIVE, 0.6184, 0.2768)],
)
def test_g7_constant_answers_on_stremo_score_as_in_table_5(
    constant: str, f1: float, weighted: float
) -> None:
    human = [name for name, count in STREMO.items() for _ in range(count)]
    found = evaluate(human, [constant] * len(human), human)
    assert found.per_class[constant]["f1"] == pytest.approx(f1, abs=5e-5)
    assert found.weighted_f1 == pytest.approx(weighted, abs=5e-5)
    assert found.uar == pytest.approx(1 / 3)


def test_g9_pooled_scores_are_not_the_mean_of_the_sets_scores() -> None:
    one = [[90, 5, 5], [5, 5, 0], [5, 0, 5]]
    two = [[5, 5, 0], [5, 90, 5], [0, 5, 5]]
    mean = np.mean([float(scores(np.array(m))["macro_f1"]) for m in (one, two)])
    pooled = float(scores(np.array(one) + np.array(two))["macro_f1"])
    assert abs(pooled - mean) > 0.02


def test_g11_clips_alike_within_a_video_give_the_interval_of_single_clips() -> None:
    rng = np.random.default_rng(1)
    human = [CLASSES[i] for i in rng.integers(0, 3, 107)]
    model = [CLASSES[i] for i in rng.integers(0, 3, 107)]
    videos = [f"video {i:03}" for i in range(107)]
    one = evaluate(human, model, videos)
    five = evaluate(human * 5, model * 5, videos * 5)
    for name, bounds in five.intervals.items():
        assert bounds == pytest.approx(one.intervals[name])
    as_if_alone = evaluate(human * 5, model * 5, [str(i) for i in range(535)])
    width = {n: e.intervals["uar"][1] - e.intervals["uar"][0] for n, e in
             {"videos": five, "clips": as_if_alone}.items()}  # fmt: skip
    assert width["videos"] > 1.8 * width["clips"]


def test_the_interval_holds_the_score_and_is_the_same_every_time() -> None:
    human, model = _lists([[30, 5, 2], [6, 20, 4], [1, 3, 25]])
    groups = [str(i % 12) for i in range(len(human))]
    found = evaluate(human, model, groups)
    for name, (low, high) in found.intervals.items():
        assert low < getattr(found, name) < high
    assert found == evaluate(human, model, groups)
    assert found.confusion == [[30, 5, 2], [6, 20, 4], [1, 3, 25]]
    assert (found.clips, found.groups) == (96, 12)


def test_one_group_promises_no_interval() -> None:
    assert evaluate([NEGATIVE, POSITIVE], [NEGATIVE, NEUTRAL], ["a", "a"]).intervals == {}


def test_no_clips_have_no_score() -> None:
    with pytest.raises(ValueError, match="nothing to evaluate"):
        evaluate([], [], [])


@given(ANSWERS)
@pytest.mark.filterwarnings("ignore:y_pred contains classes not in y_true")
@pytest.mark.filterwarnings("ignore:A single label was found")
def test_scores_are_those_of_scikit_learn(answers: list[tuple[str, str]]) -> None:
    human, model = [h for h, _ in answers], [m for _, m in answers]
    found = evaluate(human, model, [""] * len(human))
    macro = f1_score(human, model, average="macro", zero_division=0)
    weighted = f1_score(human, model, average="weighted", zero_division=0)
    assert found.macro_f1 == pytest.approx(macro)
    assert found.weighted_f1 == pytest.approx(weighted)
    assert found.uar == pytest.approx(balanced_accuracy_score(human, model))
    assert confusion_matrix(human, model).sum() == len(human)


@pytest.mark.parametrize(
    ("matrix", "class_f1", "weighted"),
    [
        ([[178, 20, 24], [12, 71, 11], [14, 21, 145]], [0.84, 0.69, 0.81], 0.80),
        ([[180, 1, 41], [8, 82, 4], [34, 0, 146]], [0.81, 0.93, 0.79], 0.82),
        ([[184, 5, 33], [1, 89, 4], [22, 3, 155]], [0.86, 0.93, 0.83], 0.86),
    ],
    ids=["RAVDESS", "balanced", "unbalanced"],
)
def test_g8_witnesses_give_the_rows_of_table_5(
    matrix: list[list[int]], class_f1: list[float], weighted: float
) -> None:
    human, model = _lists(matrix)
    found = evaluate(human, model, human)
    assert [round(found.per_class[name]["f1"], 2) for name in CLASSES] == class_f1
    assert round(found.weighted_f1, 2) == weighted
