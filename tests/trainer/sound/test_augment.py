"""Changed clips: as much as was asked for, other ones every epoch, the same ones on resuming."""

import numpy as np
import pytest

from tests.trainer.tiny import sound
from trainer.contract.finetune import Augmentation
from trainer.sound.augment import Change, draw
from trainer.sound.decoding import to_pcm
from trainer.sound.waveforms import RATE

CLIP = to_pcm(sound("negative", 1.0, 3))
SAME = Change(100, None, 0.0, (0.0, 0.0), 1)
ALL = Augmentation(speed=0.1, noise=10.0, gain=6.0, time_mask=0.2)


def _power(samples: np.ndarray) -> float:
    return float((samples.astype("f8") ** 2).mean())


def test_nothing_asked_for_changes_nothing() -> None:
    assert draw(Augmentation(), 1, 2, "a").apply(CLIP).tolist() == CLIP.tolist()
    assert SAME.apply(CLIP).tolist() == CLIP.tolist()


@pytest.mark.parametrize("percent", [90, 97, 110])
def test_speed_changes_length_and_pitch_alike(percent: int) -> None:
    changed = Change(percent, None, 0.0, (0.0, 0.0), 1).apply(CLIP)
    assert len(changed) == Change(percent, None, 0, (0, 0), 1).samples(len(CLIP))
    assert len(changed) == pytest.approx(len(CLIP) * 100 / percent, abs=1)
    peaks = [np.argmax(np.abs(np.fft.rfft(x, 4 * RATE))) / 4 for x in (CLIP, changed)]
    assert peaks == pytest.approx([900, 900 * percent / 100], rel=0.02)


def test_noise_comes_at_the_ratio_that_was_drawn() -> None:
    noisy = Change(100, 12.0, 0.0, (0.0, 0.0), 5).apply(CLIP)
    ratio = _power(CLIP) / _power(noisy.astype("f8") - CLIP)
    assert 10 * np.log10(ratio) == pytest.approx(12, abs=0.1)


def test_silence_stays_finite_silence_under_noise() -> None:
    silent = np.zeros(800, dtype=np.int16)
    assert not Change(100, 12.0, 0.0, (0.0, 0.0), 5).apply(silent).any()


def test_gain_is_in_decibels() -> None:
    softer = Change(100, None, -6.0206, (0.0, 0.0), 1).apply(CLIP)
    np.testing.assert_allclose(softer, CLIP / 2, atol=1)


def test_a_gap_is_silent_and_the_rest_untouched() -> None:
    changed = Change(100, None, 0.0, (0.5, 0.1), 1).apply(CLIP)
    gap = slice(8000, 9600)
    assert not changed[gap].any()
    assert np.delete(changed, gap).tolist() == np.delete(CLIP, gap).tolist()


def test_what_happens_follows_from_seed_epoch_and_clip() -> None:
    told = [draw(ALL, *of) for of in ((1, 1, "a"), (2, 1, "a"), (1, 2, "a"), (1, 1, "b"))]
    assert len(set(told)) == 4
    assert draw(ALL, 1, 1, "a") == told[0]
    assert draw(ALL, 1, 1, "a").apply(CLIP).tolist() == told[0].apply(CLIP).tolist()


def test_changes_stay_within_what_was_asked_for() -> None:
    drawn = [draw(ALL, 1, 1, str(n)) for n in range(300)]
    assert {d.percent for d in drawn} >= set(range(91, 110))
    assert all(90 <= d.percent <= 110 for d in drawn)
    assert all(d.noise_db is not None and 10 <= d.noise_db <= 30 for d in drawn)
    assert all(-6 <= d.gain_db <= 6 for d in drawn)
    assert all(0 <= d.silence[1] <= 0.2 for d in drawn)
