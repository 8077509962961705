"""Two copies of a recording: the shift between them to the sample, through codecs and rates."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr

from stremo_studio.media.alignment import align
from tests.media.speech import speech

RATE = 16_000
WAVE = speech(60.0, RATE, seed=3)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("whole") / "whole.flac"
    soundfile.write(path, WAVE, RATE)
    return path


@pytest.mark.parametrize("shift", [0.0, -1.234, 2.5, -31.25])
def test_a_shift_is_found_to_the_sample(whole: Path, tmp_path: Path, shift: float) -> None:
    frames = round(abs(shift) * RATE)
    moved = np.concatenate((np.zeros(frames, np.float32), WAVE)) if shift > 0 else WAVE[frames:]
    soundfile.write(tmp_path / "copy.wav", moved, RATE)
    found = align(whole, tmp_path / "copy.wav")
    assert found is not None
    assert found.shift == pytest.approx(shift, abs=1 / RATE)
    assert found.same_speed


def test_another_rate_codec_and_loudness_do_not_matter(whole: Path, tmp_path: Path) -> None:
    part = soxr.resample(WAVE[round(3.21 * RATE) : 40 * RATE], RATE, 44_100) * 0.3
    soundfile.write(tmp_path / "copy.mp3", np.stack((part, part), axis=1), 44_100)
    found = align(whole, tmp_path / "copy.mp3")
    assert found is not None
    assert found.shift == pytest.approx(-3.21, abs=0.001)


def test_a_clock_that_runs_off_is_told(whole: Path, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "copy.wav", soxr.resample(WAVE, RATE * 2500, RATE * 2501), RATE)
    found = align(whole, tmp_path / "copy.wav")
    assert found is None or not found.same_speed


@pytest.mark.parametrize("other", ["speaker", "silence", "click"])
def test_what_is_no_copy_is_none(whole: Path, tmp_path: Path, other: str) -> None:
    wave = speech(50.0, RATE, seed=4) if other == "speaker" else np.zeros(30 * RATE, np.float32)
    if other == "click":
        wave = np.eye(1, 200, 100, dtype=np.float32)[0]
    soundfile.write(tmp_path / "copy.wav", wave, RATE)
    assert align(whole, tmp_path / "copy.wav") is None
