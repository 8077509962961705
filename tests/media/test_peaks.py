"""The pyramid shows what the samples say: checked against reading every sample."""

import threading
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stremo_studio.media.peaks import BASE, Peaks, build_peaks, growing_peaks, open_peaks
from stremo_studio.media.sound import Sound

SAMPLES = np.random.default_rng(2).integers(-32768, 32767, 300_001).astype(np.int16)
PEAKS = build_peaks(Sound(SAMPLES, 16000, "k"))


def by_hand(samples: np.ndarray, start: float, end: float, columns: int) -> np.ndarray:
    """Lowest and highest sample of each part, one part after the other."""
    edges = np.linspace(start, end, columns + 1)
    rows = []
    for left, right in pairwise(edges):
        if right <= 0 or left >= len(samples):
            rows.append((0, 0))
            continue
        first = min(max(0, int(np.floor(left))), len(samples) - 1)
        part = samples[first : max(first + 1, min(len(samples), int(np.floor(right))))]
        rows.append((part.min(), part.max()))
    return np.array(rows).T


@given(
    st.floats(-2_000, 299_000),
    st.floats(1, 20_000),
    st.integers(20, 60),
)
@settings(max_examples=60, deadline=None)
def test_a_close_view_is_exact(start: float, length: float, columns: int) -> None:
    mins, maxs = PEAKS.query(start, start + length, columns)
    expected = by_hand(SAMPLES, start, start + length, columns)
    # the last part may reach one sample further: its right edge is rounded up
    assert np.array_equal(mins[:-1], expected[0][:-1])
    assert np.array_equal(maxs[:-1], expected[1][:-1])
    assert mins[-1] <= expected[0][-1]
    assert maxs[-1] >= expected[1][-1]


@pytest.mark.parametrize("columns", [7, 40, 200])
def test_a_wide_view_covers_every_sample_and_bleeds_at_most_a_quarter_of_a_column(
    columns: int,
) -> None:
    mins, maxs = PEAKS.query(0, len(SAMPLES), columns)
    edges = np.linspace(0, len(SAMPLES), columns + 1)
    assert mins.min() == SAMPLES.min()
    assert maxs.max() == SAMPLES.max()
    for i in range(columns):
        quarter = (edges[1] - edges[0]) / 4
        near = SAMPLES[max(0, int(edges[i] - quarter)) : int(edges[i + 1] + quarter) + 1]
        far = SAMPLES[int(edges[i] + quarter) + 1 : int(edges[i + 1] - quarter)]
        assert near.min() <= mins[i] <= far.min()
        assert near.max() >= maxs[i] >= far.max()


@pytest.mark.parametrize("position", [0, 1, BASE - 1, BASE, 77_777, 300_000])
def test_one_click_is_seen_at_every_zoom(position: int) -> None:
    silence = np.zeros(300_001, np.int16)
    silence[position] = 12345
    peaks = build_peaks(Sound(silence, 16000, "k"))
    for width in (300_001, 100_000, 5_000, 300, 20):
        start = max(0, position - width // 2)
        _, maxs = peaks.query(start, start + width, 190)
        assert maxs.max() == 12345


def test_outside_the_recording_is_silence() -> None:
    mins, maxs = PEAKS.query(-1000, 0, 10)
    assert not mins.any()
    assert not maxs.any()
    mins, maxs = PEAKS.query(len(SAMPLES), len(SAMPLES) + 500, 10)
    assert not mins.any()
    assert not maxs.any()


def test_more_columns_than_samples_repeat_the_samples() -> None:
    mins, maxs = PEAKS.query(100, 104, 8)
    assert mins.tolist() == maxs.tolist() == np.repeat(SAMPLES[100:104], 2).tolist()


def test_the_extreme_value_of_int16_survives() -> None:
    samples = np.full(5000, -32768, np.int16)
    mins, maxs = build_peaks(Sound(samples, 16000, "k")).query(0, 5000, 3)
    assert mins.tolist() == maxs.tolist() == [-32768] * 3


def long_sound() -> Sound:
    return Sound(np.resize(SAMPLES, 61 * 8000 + 3), 8000, "key")


def test_the_pyramid_of_a_long_recording_is_kept(tmp_path: Path) -> None:
    sound = long_sound()
    built = open_peaks(sound, tmp_path)
    kept = open_peaks(Sound(np.zeros_like(sound.samples), 8000, "key"), tmp_path)
    for ours, theirs in zip(built.levels, kept.levels, strict=True):
        assert np.array_equal(ours, theirs)


@pytest.mark.parametrize("damage", [b"", b"rubbish", b"\x93NUMPY\x01\x00 broken"])
def test_a_damaged_pyramid_is_built_again(tmp_path: Path, damage: bytes) -> None:
    sound = long_sound()
    built = open_peaks(sound, tmp_path)
    kept = tmp_path / "key.peaks.npy"
    whole = kept.read_bytes()
    for bad in (damage, whole[:-10]):
        kept.write_bytes(bad)
        again: Peaks = open_peaks(sound, tmp_path)
        assert np.array_equal(again.levels[0], built.levels[0])
        assert kept.read_bytes() == whole


def test_a_cache_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    occupied = tmp_path / "cache"
    occupied.write_text("a file where the folder should be")
    assert len(open_peaks(long_sound(), occupied).levels) > 3


def test_a_pyramid_can_be_looked_at_while_a_thread_lets_it_grow() -> None:
    """Read through a mask that grows meanwhile, numpy writes past its buffer and aborts."""
    samples = np.resize(SAMPLES, 40_000_000)
    peaks = growing_peaks(samples)

    def grow() -> None:
        for first in range(0, len(samples), 48_000):
            peaks.grow(first, first + 48_000)

    thread = threading.Thread(target=grow)
    thread.start()
    while thread.is_alive():
        assert len(peaks.heard()) <= len(peaks.levels[0])
    assert all(map(np.array_equal, peaks.levels, build_peaks(Sound(samples, 16000, "k")).levels))
