"""A cell, its playlist and a slice always agree, on any predictions."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score, recall_score

from stremo_studio.domain.clip import ClipId
from stremo_studio.project.prediction_index import PredictionIndex, index_predictions
from stremo_studio.project.slices import NOT_STATED, ScoredSlice, Slice, facts_of
from stremo_studio.store.clip_facts import ClipFacts
from trainer.contract.evaluation import Prediction
from trainer.contract.labels import CLASSES
from trainer.contract.manifest import SPLITS

Predictions = list[Prediction]
GENDERS, LENGTHS = ("female", "male", None), (0.5, 2.0, 4.9, 30.0)


@st.composite
def _predictions(draw: st.DrawFn) -> Predictions:
    count = draw(st.integers(0, 40))
    rows = []
    for number in range(count):
        weights = draw(st.lists(st.integers(1, 9), min_size=3, max_size=3))
        shares = [w / sum(weights) for w in weights]
        label = draw(st.sampled_from([*CLASSES, None]))
        split = draw(st.sampled_from(SPLITS)) if label else "unlabelled"
        predicted = CLASSES[shares.index(max(shares))]
        rows.append(Prediction(str(number + 1), split, label, predicted, shares))
    return rows


def facts(clip: int) -> ClipFacts:
    """Clip by clip another gender and length, five groups."""
    return ClipFacts(
        ClipId(clip), f"g{clip % 5}", LENGTHS[clip % 4], "made", GENDERS[clip % 3],
        None, None, "English", None,
    )  # fmt: skip


def indexed(found: Predictions) -> PredictionIndex:
    return index_predictions(found, lambda clips: facts_of([facts(clip) for clip in clips]))


@given(_predictions(), st.sampled_from(SPLITS), st.sampled_from([None, *GENDERS[:2], NOT_STATED]))
def test_a_cell_plays_exactly_as_many_clips_as_it_counts_in_every_slice(
    found: Predictions, split: str, gender: str | None
) -> None:
    part = Slice("gender", gender) if gender else None
    selection = indexed(found).select(split, part)
    stated = {p.clip_id: GENDERS[int(p.clip_id) % 3] or NOT_STATED for p in found}
    here = [p for p in found if p.split == split and gender in (None, stated[p.clip_id])]
    truth = Counter((p.label, p.predicted) for p in here)
    counts = selection.counts()
    for row, human in enumerate(CLASSES):
        for column, model in enumerate(CLASSES):
            clips = selection.cell(human, model)
            assert len(clips) == counts[row][column] == truth[human, model]
            assert {str(clip) for clip in clips} == {
                p.clip_id for p in here if (p.label, p.predicted) == (human, model)
            }
    assert sorted(selection.clip_ids()) == sorted(int(p.clip_id) for p in here)
    wrong = sum(truth.values()) - sum(truth[name, name] for name in CLASSES)
    assert len(selection.misclassified()) == wrong


@given(_predictions())
def test_the_most_confident_mistakes_come_first_and_the_least_confident_hits(
    found: Predictions,
) -> None:
    sure = {int(p.clip_id): max(p.probabilities) for p in found}
    selection = indexed(found).select("test")
    order = [(-sure[clip], clip) for clip in selection.misclassified()]
    assert order == sorted(order)
    right = [(sure[clip], clip) for clip in selection.cell("neutral", "neutral")]
    assert right == sorted(right)


def test_a_slice_that_nobody_is_of_is_empty() -> None:
    index = indexed([Prediction("1", "test", "neutral", "neutral", [0.2, 0.6, 0.2])])
    assert index.select("test", Slice("gender", "of no clip")).clip_ids() == []
    assert index.select("test", Slice("no fact", "male")).clip_ids() == []


def _many(count: int) -> Predictions:
    rng = np.random.default_rng(7)
    rows = []
    for number in range(1, count + 1):
        label = CLASSES[number % 3]
        # the model hears women twice as often right
        right = rng.random() < (0.9 if GENDERS[number % 3] == "female" else 0.45)
        said = label if right else CLASSES[(number + 1) % 3]
        rows.append(Prediction(str(number), "test", label, said, [0.5, 0.3, 0.2]))
    return rows


def by_words(found: list[ScoredSlice]) -> dict[str, ScoredSlice]:
    return {one.part.words: one for one in found}


def test_slices_are_scored_as_scikit_learn_scores_their_clips() -> None:
    found = _many(300)
    slices = by_words(indexed(found).select("test").slices())
    assert set(slices) == {
        "Gender: female", "Gender: male", "Gender: not stated",
        "Duration: under 2 s", "Duration: 2 to 3 s", "Duration: 3 to 5 s", "Duration: 8 s and more",
    }  # fmt: skip
    for words, length in (("Duration: under 2 s", 0), ("Duration: 3 to 5 s", 2)):
        rows = [p for p in found if int(p.clip_id) % 4 == length]
        human, model = [p.label for p in rows], [p.predicted for p in rows]
        one = slices[words]
        assert (one.clips, one.groups) == (75, 5)
        assert one.macro_f1 == pytest.approx(f1_score(human, model, average="macro"))
        assert one.uar == pytest.approx(recall_score(human, model, average="macro"))
        low, high = one.intervals["macro_f1"]
        assert low < one.macro_f1 < high
        assert not one.is_rough


def test_the_worst_slice_comes_first_and_rough_ones_last() -> None:
    slices = indexed(_many(60)).select("test").slices()
    rough = [one.is_rough for one in slices]
    assert rough == sorted(rough)
    assert any(rough)
    for some in (False, True):
        scores = [one.macro_f1 for one in slices if one.is_rough is some]
        assert scores == sorted(scores)


def test_what_is_the_same_of_all_clips_makes_no_slice() -> None:
    words = by_words(indexed(_many(60)).select("test").slices())
    assert not [one for one in words if one.startswith(("Corpus", "Language", "Age"))]
    assert indexed([]).select("test").slices() == []
