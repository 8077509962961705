"""What reaches the sound card is the recording: resampled without seams, cut exactly, levelled."""

import numpy as np
import pytest
import soxr

from stremo_studio.media.passage import Passage, display_gain

RANDOM = np.random.default_rng(4)


def speech(seconds: float, rate: int) -> np.ndarray:
    """Noise that swells and fades, smooth enough to survive a change of rate."""
    time = np.arange(round(seconds * rate)) / rate
    tones = sum(np.sin(2 * np.pi * f * time + f) for f in (110, 223, 447, 895, 1801))
    return (3000 * tones * (0.6 + 0.4 * np.sin(2 * np.pi * 2.7 * time))).astype(np.int16)


def whole(passage: Passage) -> np.ndarray:
    passage.prepare(0, 10_000)
    parts = []
    frame = 0
    while len(part := passage.ready(frame, 777)):
        parts.append(part)
        frame += len(part)
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 22050, 24414, 44100, 48000])
@pytest.mark.parametrize("out_rate", [44100, 48000])
def test_seconds_made_alone_equal_the_whole_resampled_at_once(rate: int, out_rate: int) -> None:
    samples = speech(3.4, rate)
    out = whole(Passage(samples, rate, (0, 99), out_rate, 1.0))
    expected = soxr.resample(samples.astype(np.float32) / 32768, rate, out_rate)
    assert len(out) == len(samples) * out_rate // rate
    middle = slice(out_rate // 100, -out_rate // 100)
    assert np.abs(out[middle] - expected[: len(out)][middle]).max() < 2e-3


def test_a_passage_at_the_devices_own_rate_is_the_samples() -> None:
    samples = speech(3.0, 48000)
    out = whole(Passage(samples, 48000, (0.5, 2.5), 48000, 1.0))
    assert len(out) == 96000
    assert np.allclose(out[100:-300], samples[24100:119700] / 32768, atol=1e-6)


def test_both_edges_are_silent_and_nothing_more_than_milliseconds_is_faded() -> None:
    samples = np.full(48000 * 2, 16384, np.int16)
    out = whole(Passage(samples, 48000, (0.25, 1.75), 48000, 1.0))
    assert out[0] == 0
    assert out[-1] == 0
    assert np.all(out[96:-240] == 0.5)
    assert np.abs(np.diff(out)).max() < 0.01


def test_a_last_block_shorter_than_the_fade_does_not_click() -> None:
    samples = np.full(48000 * 2, 16384, np.int16)
    out = whole(Passage(samples, 48000, (0.0, 1.002), 48000, 1.0))
    assert np.abs(np.diff(out)).max() < 0.01


@pytest.mark.parametrize("span", [(-5.0, 0.5), (2.5, 99.0), (9.0, 12.0), (2.0, 1.0), (1.0, 1.0)])
def test_spans_are_cut_to_the_recording(span: tuple[float, float]) -> None:
    passage = Passage(speech(3.0, 16000), 16000, span, 48000, 1.0)
    assert 0 <= passage.start <= passage.end <= 3.0
    assert len(whole(passage)) == passage.frames == round((passage.end - passage.start) * 48000)


def test_a_block_that_is_not_prepared_is_told_apart_from_the_end() -> None:
    passage = Passage(speech(3.0, 16000), 16000, (0, 3), 48000, 1.0)
    assert passage.ready(0, 10) is None
    passage.prepare(0)
    assert len(passage.ready(47990, 100)) == 10
    assert passage.ready(48000, 10) is None
    assert len(passage.ready(144000, 10)) == 0


def test_far_blocks_are_forgotten_but_the_first_stays_for_the_next_lap() -> None:
    passage = Passage(speech(6.0, 8000), 8000, (0, 6), 8000, 1.0)
    passage.prepare(0, 6)
    passage.forget(3 * 8000, 4 * 8000)
    held = [passage.ready(second * 8000, 1) is not None for second in range(6)]
    assert held == [True, False, False, True, True, False]


def test_quiet_and_loud_clips_are_brought_to_one_loudness() -> None:
    loudness = []
    for level in (0.1, 0.3, 0.6, 1.0):
        samples = (RANDOM.normal(0, 0.1, 32000) * level * 32767).astype(np.int16)
        heard = samples * display_gain(samples)
        loudness.append(20 * np.log10(np.sqrt(np.mean(heard**2)) / 32768))
    assert max(loudness) - min(loudness) < 4
    assert -26 < np.median(loudness) < -18


def test_gain_never_clips_and_silence_stays_silence() -> None:
    click = np.zeros(48000, np.int16)
    click[24000:24500] = 30000
    assert np.abs(click * display_gain(click)).max() <= 32767
    assert display_gain(np.zeros(1000, np.int16)) == 1.0
    assert display_gain(np.zeros(0, np.int16)) == 1.0
    assert whole(Passage(click, 48000, (0, 1), 48000, 50.0)).max() <= 1.0
