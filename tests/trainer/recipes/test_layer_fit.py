"""The head is what scikit-learn finds, and layers count by what they tell of the class."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from trainer.contract.errors import TrainerError
from trainer.recipes import layer_fit
from trainer.recipes.layer_fit import HeadFit, Targets, layer_head, weigh_layers
from trainer.recipes.layer_head import Mixture, load_layer_head

STATES, WIDTH = 6, 40


def _rows(clips: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    classes = rng.choice(3, clips, p=[0.6, 0.25, 0.15])
    rows = rng.standard_normal((clips, WIDTH)) + 0.5 * np.eye(3, WIDTH)[classes]
    return rows.astype(np.float32), classes


def _states(clips: int, tells: dict[int, float], seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    classes = np.arange(clips) % 3
    said = rng.standard_normal((3, WIDTH))
    states = 5 * rng.standard_normal((clips, STATES, WIDTH))
    for state, much in tells.items():
        states[:, state] += 5 * much * said[classes]
    return states.astype(np.float16), classes


@pytest.mark.parametrize("clips", [300, 25], ids=["more clips than width", "fewer"])
@pytest.mark.parametrize("strength", [0.001, 0.1])
def test_the_head_has_no_more_loss_than_scikit_learns(clips: int, strength: float) -> None:
    rows, classes = _rows(clips)
    targets = Targets.of(classes)
    found = HeadFit(rows, targets).solve(strength)
    theirs = LogisticRegression(C=strength, tol=1e-8, max_iter=5000)
    theirs.fit(rows, classes, sample_weight=targets.weights[:, 0])

    def cost(weights: np.ndarray, bias: np.ndarray) -> float:
        logits = rows @ weights + bias
        logits = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        loss = -(logits[np.arange(clips), classes] * targets.weights[:, 0]).sum()
        return float(loss + 0.5 * (weights**2).sum() / strength)

    ours, best = cost(found[:-1], found[-1]), cost(theirs.coef_.T, theirs.intercept_)
    assert ours == pytest.approx(best, rel=2e-3)
    assert best < cost(np.zeros((WIDTH, 3)), np.zeros(3))


@pytest.mark.parametrize("clips", [300, 25], ids=["more clips than width", "fewer"])
def test_a_head_of_some_clips_is_what_they_alone_would_give(clips: int) -> None:
    rows, classes = _rows(clips)
    targets = Targets.of(classes)
    whole = HeadFit(rows, targets)
    whole.solve(0.1)
    some = np.arange(0, clips, 2)
    alone = HeadFit(rows[some], targets.among(some)).solve(0.1)
    assert whole.among(some).solve(0.1) == pytest.approx(alone, abs=0.02)
    assert np.abs(whole.solve(0.1) - alone).max() > 0.1


def test_the_state_that_tells_the_class_counts_most() -> None:
    states, classes = _states(240, {4: 0.6})
    mixture = weigh_layers(list(states), classes, seed=0)
    assert mixture.shares.argmax() == 4
    assert mixture.shares[4] > 0.8
    assert mixture.shares.sum() == pytest.approx(1, abs=1e-5)


def test_states_that_tell_alike_count_alike() -> None:
    states, classes = _states(300, dict.fromkeys(range(STATES), 0.3))
    assert weigh_layers(list(states), classes, seed=0).shares.max() < 0.4


def test_layers_are_weighed_from_a_sample_that_holds_every_class(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(layer_fit, "SAMPLE", 60)
    classes = np.array([0] * 500 + [1] * 100 + [2] * 7)
    chosen = layer_fit._sample(classes, 3)
    assert np.bincount(classes[chosen]).tolist() == [27, 26, 7]
    assert chosen.tolist() == sorted(set(chosen.tolist()))
    assert chosen.tolist() == layer_fit._sample(classes, 3).tolist()
    assert chosen.tolist() != layer_fit._sample(classes, 4).tolist()


def test_a_class_that_no_clip_has_is_never_said() -> None:
    states, classes = _states(60, {1: 0.5})
    states, classes = states[classes != 1], classes[classes != 1]
    mixture = weigh_layers(list(states), classes, seed=0)
    rows, targets = mixture.of(list(states)), Targets.of(classes)
    head = layer_head("e", mixture, HeadFit(rows, targets).solve(0.1), targets)
    said = head.probabilities(rows)
    assert said[:, 1].max() == 0
    np.testing.assert_allclose(said.sum(axis=1), 1)
    assert (said.argmax(axis=1) == classes).mean() > 0.9


def test_a_mixture_is_the_weighted_sum_of_scaled_states() -> None:
    states, _ = _states(70, {})
    rng = np.random.default_rng(2)
    mean, scale = rng.random((2, STATES, WIDTH)).astype(np.float32) + 1
    shares = rng.dirichlet(np.ones(STATES)).astype(np.float32)
    wanted = np.einsum("nsw,s->nw", (states - mean) / scale, shares)
    mixed = Mixture(mean, scale, shares).of(list(states))
    np.testing.assert_allclose(mixed, wanted, atol=1e-4)
    assert Mixture(mean, scale, shares).of([]).shape == (0, WIDTH)


def test_a_saved_head_answers_alike_and_a_damaged_one_is_refused(tmp_path: Path) -> None:
    states, classes = _states(60, {2: 0.5})
    mixture, targets = weigh_layers(list(states), classes, seed=0), Targets.of(classes)
    rows = mixture.of(list(states))
    head = layer_head("an encoder", mixture, HeadFit(rows, targets).solve(0.1), targets)
    head.save(tmp_path / "probe.safetensors")
    loaded = load_layer_head(tmp_path / "probe.safetensors")
    assert loaded.encoder == "an encoder"
    np.testing.assert_array_equal(loaded.probabilities(rows), head.probabilities(rows))
    (tmp_path / "probe.safetensors").write_bytes(b"\x10\0\0\0\0\0\0\0{}")
    with pytest.raises(TrainerError, match="cannot be read"):
        load_layer_head(tmp_path / "probe.safetensors")
