"""Slower and faster: the pitch stays, the length follows, and no seam of the blocks is heard."""

import numpy as np
import pytest

from stremo_studio.media.passage import Passage
from stremo_studio.media.stretch import Stretched

RATE, CARD = 16000, 48000
SPEEDS = [0.5, 0.7, 0.9, 1.1, 1.5]


def tone(pitch: float, seconds: float = 3.0) -> np.ndarray:
    return (12000 * np.sin(2 * np.pi * pitch * np.arange(round(seconds * RATE)) / RATE)).astype(
        np.int16
    )


def voiced(seconds: float = 6.0) -> np.ndarray:
    """A gliding voice with harmonics, syllables and breath."""
    time = np.arange(round(seconds * RATE)) / RATE
    pitch = 140 + 40 * np.sin(2 * np.pi * 0.7 * time)
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    sound = sum(np.sin(n * phase) / n for n in range(1, 12))
    breath = np.random.default_rng(3).normal(0, 0.05, len(time))
    return (4000 * (sound * (0.5 + 0.5 * np.sin(2 * np.pi * 3 * time)) + breath)).astype(np.int16)


def stretched(samples: np.ndarray, speed: float, span: tuple[float, float] = (0, 99)) -> Stretched:
    return Stretched(Passage(samples, RATE, span, CARD, 1.0), speed)


def whole(passage: Stretched, first: int = 0) -> np.ndarray:
    passage.prepare(first, 10_000)
    parts = []
    while len(part := passage.ready(first, 777)):
        parts.append(part)
        first += len(part)
    return np.concatenate(parts)


def pitch_of(sound: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 8 * len(sound)))
    return float(np.argmax(spectrum)) * CARD / (8 * len(sound))


@pytest.mark.parametrize("speed", SPEEDS)
@pytest.mark.parametrize("pitch", [90.0, 220.0, 440.0, 1000.0])
def test_a_tone_keeps_its_pitch_its_level_and_has_no_clicks(pitch: float, speed: float) -> None:
    out = whole(stretched(tone(pitch), speed))
    assert len(out) / CARD == pytest.approx(3.0 / speed, rel=0.001)
    middle = out[CARD // 20 : -CARD // 20]
    assert pitch_of(middle) == pytest.approx(pitch, rel=0.002)
    steepest = 12000 / 32768 * 2 * np.pi * pitch / CARD
    assert np.abs(np.diff(middle)).max() < 1.05 * steepest
    period = round(CARD / pitch) + 1
    peaks = [np.abs(middle[n : n + period]).max() for n in range(0, len(middle) - period, period)]
    assert min(peaks) > 0.97 * max(peaks)


@pytest.mark.parametrize("speed", SPEEDS)
def test_every_time_is_heard_where_the_playhead_says(speed: float) -> None:
    samples = np.zeros(4 * RATE, np.int16)
    for at in (0.5, 1.3, 2.9):  # clicks, and the times they are heard at
        samples[round(at * RATE) : round(at * RATE) + 40] = 20000
    passage = stretched(samples, speed)
    out = np.abs(whole(passage))
    for at in (0.5, 1.3, 2.9):
        frame = passage.frame(at)
        assert passage.time(frame / CARD) == pytest.approx(at, abs=1e-4)
        near = out[frame - CARD // 25 : frame + CARD // 25]
        assert near.max() > 0.2
        far = out[frame + CARD // 25 : frame + CARD // 10]
        assert far.max() < 0.01


def test_the_spectrum_of_a_voice_stays_as_it_was() -> None:
    def bands(sound: np.ndarray) -> np.ndarray:
        frames = np.lib.stride_tricks.sliding_window_view(sound, 2048)[::1024]
        power = (np.abs(np.fft.rfft(frames * np.hanning(2048))) ** 2).mean(axis=0)
        return 10 * np.log10(power[4:160].reshape(-1, 4).mean(axis=1))

    natural = Passage(voiced(), RATE, (0, 99), CARD, 1.0)
    natural.prepare(0, 10)
    recorded = np.concatenate([natural.ready(n * CARD, CARD) for n in range(6)])
    for speed in (0.7, 1.4):
        assert np.abs(bands(whole(stretched(voiced(), speed))) - bands(recorded)).max() < 3


def test_blocks_made_one_by_one_and_at_once_are_the_same_sound() -> None:
    once = whole(stretched(voiced(), 0.8))
    slowly = stretched(voiced(), 0.8)
    parts, frame = [], 0
    while frame < slowly.frames:
        slowly.prepare(frame, 0.1)
        parts.append(slowly.ready(frame, 5000))
        frame += len(parts[-1])
    assert np.array_equal(np.concatenate(parts), once)


def test_after_a_jump_back_the_block_begun_afresh_is_joined_again() -> None:
    passage = stretched(voiced(), 1.3)
    middle = passage.frame(3.0)
    whole(passage, middle)
    assert np.array_equal(whole(passage), whole(stretched(voiced(), 1.3)))


def test_long_passages_are_kept_only_around_the_ear() -> None:
    passage = stretched(voiced(), 0.5)
    whole(passage)
    passage.forget(5 * CARD, 6 * CARD)
    held = [passage.ready(second * CARD, 1) is not None for second in range(12)]
    assert held == [True, *[False] * 4, True, True, *[False] * 5]


@pytest.mark.parametrize("span", [(2.0, 2.0), (1.0, 1.001), (5.9, 99.0)])
def test_the_shortest_spans_end_in_silence(span: tuple[float, float]) -> None:
    passage = stretched(voiced(), 0.6, span)
    passage.prepare(0, 10)
    out = passage.ready(0, CARD)
    assert len(out) == passage.frames
    assert not len(out) or abs(out[-1]) < 1e-6
