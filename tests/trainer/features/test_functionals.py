"""Pitch is the pitch, vectors are finite, and the silence around speech does not count."""

import numpy as np
import pytest
import torch

from tests.trainer.voices import RATE, voice
from trainer.contract.labels import NEUTRAL, POSITIVE
from trainer.features.functionals import features
from trainer.features.pitch import track_pitch

WIDTH = len(features(np.zeros(RATE, dtype=np.float32)))


@pytest.mark.parametrize("hertz", [70.0, 110.0, 233.0, 440.0, 590.0])
def test_the_pitch_of_a_harmonic_sound_is_found(hertz: float) -> None:
    time = np.arange(RATE) / RATE
    sound = sum(np.sin(2 * np.pi * k * hertz * time) / k for k in range(1, 8))
    samples = torch.from_numpy(np.asarray(sound, dtype=np.float32))
    found, periodicity = track_pitch(samples, RATE, 160, 100)
    assert found.shape == periodicity.shape == (100,)
    assert found[5:95].median() == pytest.approx(hertz, rel=0.01)
    assert periodicity[5:95].min() > 0.8


def test_noise_has_no_pitch() -> None:
    noise = torch.from_numpy(np.random.default_rng(1).standard_normal(RATE).astype(np.float32))
    _, periodicity = track_pitch(noise, RATE, 160, 100)
    assert periodicity.mean() < 0.4


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(RATE),
        np.ones(1),
        np.full(500, 0.5),
        np.random.default_rng(1).standard_normal(3 * RATE),
        np.full(RATE, np.nan),
        np.eye(1, RATE, 8000)[0],
    ],
    ids=["silence", "one sample", "constant", "noise", "not a number", "click"],
)
def test_any_sound_gives_a_finite_vector_of_one_length(samples: np.ndarray) -> None:
    vector = features(samples.astype(np.float32))
    assert vector.shape == (WIDTH,)
    assert vector.dtype == np.float32
    assert np.isfinite(vector).all()


def test_the_same_sound_gives_the_same_vector() -> None:
    sound = voice(POSITIVE, 140, 1)
    np.testing.assert_array_equal(features(sound), features(sound.copy()))


def test_silence_around_speech_changes_little() -> None:
    sound = voice(NEUTRAL, 140, 1, seconds=1.5)
    room = 0.0002 * np.random.default_rng(2).standard_normal(RATE).astype(np.float32)
    alone, among = features(sound), features(np.concatenate([room, sound, room]))
    other = features(voice(POSITIVE, 220, 3, seconds=1.5))
    scale = np.abs(alone) + 1
    assert np.median(np.abs(alone - among) / scale) < 0.1 * np.median(np.abs(alone - other) / scale)
