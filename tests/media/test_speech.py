"""Clips are proposed where somebody speaks, also in noise, and cut at the pauses."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from stremo_studio.media.sound import Sound
from stremo_studio.media.speech import LONGEST, SHORTEST, speech_spans

RATE = 16_000


def voice(seconds: float, rate: int = RATE) -> np.ndarray:
    """Syllables, four a second, none of them silent for long."""
    at = np.arange(round(seconds * rate)) / rate
    phase = 2 * np.pi * np.cumsum(140 + 30 * np.sin(at * 2.1)) / rate
    tone = sum(np.sin(phase * n) / n for n in range(1, 12))
    return tone * (0.35 + 0.65 * np.abs(np.sin(np.pi * 4 * at))) * 0.05


def recording(
    spans: list[tuple[float, float]], length: float, noise: float, rate: int = RATE
) -> Sound:
    samples = np.random.default_rng(1).normal(0, noise, round(length * rate))
    for start, end in spans:
        spoken = voice(end - start, rate)
        first = round(start * rate)
        samples[first : first + len(spoken)] += spoken
    return Sound(np.clip(samples * 32768, -32768, 32767).astype(np.int16), rate, "k")


SPOKEN = [(2.0, 4.5), (6.0, 7.5), (9.0, 14.0), (16.0, 19.0)]


@pytest.mark.parametrize("noise", [0.0, 0.001, 0.01])
@pytest.mark.parametrize("rate", [RATE, 48_000])
def test_each_sentence_is_one_clip(noise: float, rate: int) -> None:
    found = speech_spans(recording(SPOKEN, 22, noise, rate))
    assert len(found) == len(SPOKEN)
    for (start, end), (first, last) in zip(SPOKEN, found, strict=True):
        assert start - 0.4 <= first <= start + 0.1
        assert end - 0.1 <= last <= end + 0.4


def test_a_long_speech_is_cut_where_the_speaker_breathes() -> None:
    sound = recording([(0, 7), (7.2, 13), (13.2, 20)], 20, 0.0005)
    found = speech_spans(sound)
    assert all(last - first <= LONGEST for first, last in found)
    for breath in (7.1, 13.1):
        assert min(abs(first - breath) for first, _ in found) < 0.15


@pytest.mark.parametrize("samples", [
    np.zeros(30 * RATE), np.random.default_rng(2).normal(0, 0.1, 30 * RATE), np.zeros(20), [],
])  # fmt: skip
def test_nothing_is_proposed_where_nobody_speaks(samples: np.ndarray) -> None:
    assert speech_spans(Sound((np.array(samples) * 9000).astype(np.int16), RATE, "k")) == []


def test_a_click_is_no_clip() -> None:
    samples = np.zeros(20 * RATE, np.int16)
    samples[10 * RATE : 10 * RATE + 20] = 20_000
    assert speech_spans(Sound(samples, RATE, "k")) == []


@given(st.lists(st.tuples(st.floats(0.05, 4), st.floats(0.05, 25)), max_size=4))
@settings(max_examples=12, deadline=None)
def test_clips_are_in_order_without_overlap_and_never_too_long(
    parts: list[tuple[float, float]],
) -> None:
    spans, at = [], 0.0
    for pause, spoken in parts:
        spans.append((at + pause, at + pause + spoken))
        at += pause + spoken
    sound = recording(spans, at + 1, 0.0005)
    found = speech_spans(sound)
    assert all(0 <= first < last <= sound.duration for first, last in found)
    assert all(last - first <= LONGEST + 0.01 for first, last in found)
    assert all(before[1] <= after[0] for before, after in pairwise(found))


def test_real_speech_is_found_in_noise(real_data: Path) -> None:
    """RAVDESS sentences, trimmed, between pauses of 0.4 to 3 s, with noise 10 dB below them."""
    rng = np.random.default_rng(0)
    files = sorted((real_data / "ravdess").glob("Actor_0[1-3]/*.flac"))[::3]
    samples, truth, at = [], [], 0.0
    for path in files:
        heard, _ = soundfile.read(path)
        loud = np.flatnonzero(np.abs(heard) > 0.06 * np.abs(heard).max())
        heard = heard[loud[0] : loud[-1]]
        pause = np.zeros(round(rng.uniform(0.4, 3) * RATE))
        samples += [pause, heard * 0.05 / np.sqrt(np.square(heard).mean())]
        at += len(pause) / RATE
        truth.append((at, at + len(heard) / RATE))
        at = truth[-1][1]
    sound = np.concatenate(samples)
    sound += rng.normal(0, 0.05 * 10 ** (-10 / 20), len(sound))
    found = speech_spans(Sound((sound * 32768).clip(-32768, 32767).astype(np.int16), RATE, "k"))
    steps = np.zeros((2, round(at * 100) + 100), bool)
    for row, spans in zip(steps, (truth, found), strict=True):
        for first, last in spans:
            row[round(first * 100) : round(last * 100)] = True
    both = float((steps[0] & steps[1]).sum())
    assert both / steps[0].sum() > 0.9
    assert both / steps[1].sum() > 0.9
    assert sum(last - first >= SHORTEST - 0.05 for first, last in found) == len(found)
