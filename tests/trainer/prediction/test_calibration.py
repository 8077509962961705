"""Calibration error by hand, and temperatures that are known beforehand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.contract.evaluation import ReliabilityPoint
from trainer.prediction.calibration import (
    COLDEST,
    HOTTEST,
    calibration_error,
    fit_temperature,
    reliability,
    scaled,
)

MANY = 10**6
"""Groups, so that nothing is drawn towards 1."""
ROWS = st.lists(
    st.tuples(st.tuples(*[st.floats(0.001, 1)] * 3), st.integers(0, 2)), min_size=1, max_size=40
)


def _softmax(logits: np.ndarray) -> np.ndarray:
    grown = np.exp(logits - logits.max(axis=1, keepdims=True))
    return grown / grown.sum(axis=1, keepdims=True)


def _loss(rows: np.ndarray, classes: np.ndarray) -> float:
    return float(-np.log(rows[np.arange(len(classes)), classes]).mean())


def _drawn(clips: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Logits, their probabilities, and classes drawn with exactly these."""
    rng = np.random.default_rng(3)
    logits = rng.normal(0, 1.5, (clips, 3))
    rows = _softmax(logits)
    edges = rows.cumsum(axis=1)
    classes = (rng.random((clips, 1)) > edges[:, :2]).sum(axis=1)
    return logits, rows, classes


def test_the_error_of_six_clips_is_as_reckoned_by_hand() -> None:
    points = reliability(
        [0.50, 0.52, 0.90, 0.92, 0.90, 1.0], [True, False, True, True, False, True]
    )
    assert [p.clips for p in points] == [2, 3, 1]
    assert [p.confidence for p in points] == pytest.approx([0.51, 2.72 / 3, 1.0])
    assert [p.accuracy for p in points] == pytest.approx([0.5, 2 / 3, 1.0])
    by_hand = (2 * 0.01 + 3 * (2.72 / 3 - 2 / 3) + 0) / 6
    assert calibration_error(points) == pytest.approx(by_hand)


def test_an_edge_belongs_to_the_bin_below_it() -> None:
    points = reliability([0.6, 0.6 + 1e-6], [True, True])
    assert [point.clips for point in points] == [1, 1]
    assert calibration_error(()) == 0
    assert reliability([], []) == ()
    assert calibration_error((ReliabilityPoint(0.7, 0.7, 5),)) == 0


def test_the_temperature_that_spoilt_the_answers_is_found_again() -> None:
    logits, rows, classes = _drawn(20_000)
    assert fit_temperature(rows, classes, MANY) == pytest.approx(1, abs=0.03)
    for spoilt in (0.4, 2.5):
        sure = _softmax(logits / spoilt)
        found = fit_temperature(sure, classes, MANY)
        assert found == pytest.approx(1 / spoilt, rel=0.03)
        assert scaled(sure, found) == pytest.approx(rows, abs=0.02)
        before, after = (
            calibration_error(reliability(p.max(axis=1).tolist(), (p.argmax(axis=1) == classes)))
            for p in (sure, scaled(sure, found))
        )
        assert after < 0.02 < before
        assert fit_temperature(sure, classes, 1) == pytest.approx(found**0.5, rel=1e-3)


@given(ROWS, st.integers(1, 9))
def test_scaling_never_fits_worse_and_never_changes_the_answer(
    drawn: list[tuple[tuple[float, float, float], int]], groups: int
) -> None:
    rows = np.array([row for row, _ in drawn])
    rows /= rows.sum(axis=1, keepdims=True)
    classes = np.array([label for _, label in drawn])
    temperature = fit_temperature(rows, classes, groups)
    after = scaled(rows, temperature)
    assert COLDEST * 0.999 <= temperature <= HOTTEST * 1.001
    assert _loss(after, classes) <= _loss(rows, classes) + 1e-9
    assert after.sum(axis=1) == pytest.approx(1)
    chosen = np.take_along_axis(after, rows.argmax(axis=1)[:, None], axis=1)[:, 0]
    assert chosen == pytest.approx(after.max(axis=1))


def test_without_clips_or_without_a_mistake_nothing_is_scaled() -> None:
    rows = np.array([[0.9, 0.05, 0.05], [0.2, 0.7, 0.1]])
    assert fit_temperature(rows, np.array([0, 1]), 2) == 1
    assert fit_temperature(np.empty((0, 3)), np.empty(0, dtype=np.int64), 0) == 1
    assert scaled(rows, 1.0) is rows


def test_a_class_that_was_never_learnt_is_no_trouble() -> None:
    rows = np.array([[1.0, 0.0, 0.0], [0.6, 0.4, 0.0], [0.7, 0.3, 0.0]])
    temperature = fit_temperature(rows, np.array([0, 1, 2]), 3)
    after = scaled(rows, temperature)
    assert np.isfinite(after).all()
    assert after.sum(axis=1) == pytest.approx(1)
