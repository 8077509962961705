"""The kept model answers as scikit-learn's own, and is kept without pickle."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from trainer.contract.errors import TrainerError
from trainer.recipes import linear
from trainer.recipes.linear import LinearModel, fit_linear_model, load_linear_model


def _data(kinds: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    labels = np.sort(rng.integers(0, kinds, 120))
    return rng.uniform(-1, 1, (120, 5)) + labels[:, None] * 0.5, labels


def _fit(class_of: list[int]) -> tuple[LinearModel, np.ndarray, np.ndarray]:
    rows, kinds = _data(len(class_of))
    scaler = StandardScaler().fit(rows)
    return fit_linear_model(rows, kinds, np.array(class_of), scaler, 0.5), rows, kinds


@pytest.mark.parametrize("classes", [[0, 1, 2], [0, 1], [1, 2], [0, 2]])
def test_one_kind_a_class_is_scikit_learns_balanced_regression(classes: list[int]) -> None:
    model, rows, kinds = _fit(classes)
    scaler = StandardScaler().fit(rows)
    theirs = LogisticRegression(C=0.5, class_weight="balanced", max_iter=2000)
    theirs.fit(scaler.transform(rows), kinds)
    ours = model.probabilities(rows)
    np.testing.assert_allclose(
        ours[:, classes], theirs.predict_proba(scaler.transform(rows)), atol=1e-4
    )
    np.testing.assert_allclose(ours.sum(axis=1), 1)
    assert np.delete(ours, classes, axis=1).sum() == 0


def test_a_class_of_two_far_kinds_is_learnt_where_one_line_could_not() -> None:
    rng = np.random.default_rng(1)
    place = np.repeat([-3.0, 0.0, 3.0], 40)
    rows = np.stack([place + rng.normal(0, 0.3, 120), rng.normal(0, 1, 120)], axis=1)
    kinds = np.repeat([0, 1, 2], 40)
    scaler = StandardScaler().fit(rows)
    sides_alike = np.array([0, 1, 0])
    answers = fit_linear_model(rows, kinds, sides_alike, scaler, 10.0).probabilities(rows)
    assert (answers.argmax(axis=1) == sides_alike[kinds]).mean() > 0.99


def test_a_feature_far_out_counts_no_more_than_one_at_the_limit() -> None:
    model, rows, _ = _fit([0, 1, 2])
    far, farther = rows[:1] * 1e3, rows[:1] * 1e9
    np.testing.assert_array_equal(model.probabilities(far), model.probabilities(farther))


def test_a_saved_model_answers_alike(tmp_path: Path) -> None:
    model, rows, _ = _fit([0, 1, 2])
    model.save(tmp_path / "deep" / "model.safetensors")
    again = load_linear_model(tmp_path / "deep" / "model.safetensors")
    np.testing.assert_array_equal(model.probabilities(rows), again.probabilities(rows))


def test_a_checkpoint_that_cannot_be_used_is_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "model.safetensors"
    with pytest.raises(TrainerError, match="cannot be read"):
        load_linear_model(path)
    path.write_bytes(b"rubbish")
    with pytest.raises(TrainerError, match="cannot be read"):
        load_linear_model(path)
    _fit([0, 1])[0].save(path)
    monkeypatch.setattr(linear, "VERSION", 99)
    with pytest.raises(TrainerError, match="another version"):
        load_linear_model(path)
