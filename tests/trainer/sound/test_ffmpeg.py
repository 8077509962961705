"""Tracks decoded in pieces: every frame where the whole track has it, wherever a range begins."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import codecpod
import numpy as np
import pytest

from trainer.sound import ffmpeg
from trainer.sound.decoding import glimpse, probe, stream_audio

RATE = 48_000
SECONDS = 33.3


@cache
def speech_like(seconds: float) -> np.ndarray:
    """A gliding voice with pauses of digital silence, one of ten seconds. No noise: AAC makes
    that up anew each time it is decoded."""
    at = np.arange(round(seconds * RATE)) / RATE
    phase = 2 * np.pi * np.cumsum(140 + 40 * np.sin(at * 1.3) + 17 * np.sin(at * 7.1)) / RATE
    voice = sum(np.sin(phase * n) / n for n in range(1, 9)) * 0.15
    voice[(at % 3.7 > 2.5) | ((at > 12) & (at < 22))] = 0
    return voice.astype(np.float32)


def saved(path: Path, samples: np.ndarray) -> Path:
    codec = codecpod.Aac(64_000) if path.suffix == ".m4a" else codecpod.Opus(48_000)
    codecpod.save(path, samples, RATE, codec)
    return path


@pytest.fixture(scope="module", params=["a.m4a", "a.opus"])
def track(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return saved(tmp_path_factory.mktemp("track") / request.param, speech_like(SECONDS))


def is_same_sound(ours: np.ndarray, whole: np.ndarray) -> bool:
    """Frame for frame; AAC makes some noise up anew. One frame off would be 3 % of the sound."""
    difference = float(np.square(ours - whole).sum())
    return len(ours) == len(whole) and difference < 1e-4 * float(np.square(whole).sum())


def test_pieces_are_the_whole_track_frame_for_frame(track: Path) -> None:
    whole, _ = ffmpeg.whole(track)
    pieces = list(ffmpeg.pieces(track, 5))
    joined = np.concatenate(pieces)
    assert len(pieces) > 5
    assert is_same_sound(joined, whole)


def test_a_track_that_begins_with_silence_is_placed_all_the_same(tmp_path: Path) -> None:
    samples = np.concatenate([np.zeros(14 * RATE, np.float32), speech_like(10)])
    track = saved(tmp_path / "late.m4a", samples)
    whole, _ = ffmpeg.whole(track)
    joined = np.concatenate(list(ffmpeg.pieces(track, 4)))
    assert is_same_sound(joined, whole)


def test_silence_from_end_to_end_keeps_its_length(tmp_path: Path) -> None:
    track = saved(tmp_path / "still.m4a", np.zeros(30 * RATE, np.float32))
    assert sum(map(len, ffmpeg.pieces(track, 4))) == len(ffmpeg.whole(track)[0])


def strayed(by: int) -> Callable[..., tuple[np.ndarray, int]]:
    """A decoder whose every range, but the one from the beginning, starts so much too early."""
    sound = speech_like(SECONDS)

    def load(_: Path, first: int = 0, count: int | None = None) -> tuple[np.ndarray, int]:
        begin = first - by if first else 0
        return sound[begin : None if count is None else begin + count], RATE

    return load


@pytest.mark.parametrize("by", [0, 24, 1000, -700])
def test_a_range_that_begins_elsewhere_is_found_by_its_sound(
    by: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    track = tmp_path / "a.wav"
    codecpod.save(track, speech_like(1), RATE)
    monkeypatch.setattr(ffmpeg, "_load", strayed(by))
    assert np.array_equal(np.concatenate(list(ffmpeg.pieces(track, 9))), speech_like(SECONDS))


def test_sound_that_does_not_go_on_is_decoded_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    track = saved(tmp_path / "a.m4a", speech_like(SECONDS))
    real, rng = ffmpeg._load, np.random.default_rng(1)

    def other_sound(path: Path, first: int = 0, count: int | None = None):  # type: ignore[no-untyped-def]
        samples, rate = real(path, first, count)
        return (rng.normal(0, 0.1, len(samples)).astype(np.float32) if first else samples), rate

    monkeypatch.setattr(ffmpeg, "_load", other_sound)
    with pytest.raises(ffmpeg.UnplacedError):
        list(ffmpeg.pieces(track))
    assert np.array_equal(np.concatenate(list(stream_audio(track))), real(track)[0])


def test_the_length_of_a_bare_stream_is_found_by_asking(
    track: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ffmpeg, "_ESTIMATED", frozenset({track.suffix}))
    assert ffmpeg.facts(track)[0] == pytest.approx(SECONDS, abs=0.03)


def test_a_glimpse_of_a_late_minute_needs_nothing_before_it(track: Path) -> None:
    whole, _ = ffmpeg.whole(track)
    seen, rate = glimpse(track, 30, 33)
    assert rate == RATE
    assert abs(len(seen) - 3 * RATE) < 6000
    field = whole[30 * RATE + 19_000 : 30 * RATE + 21_000 + 4000]
    assert abs(int(np.correlate(field, seen[20_000:24_000], "valid").argmax()) - 1000) <= 1000


def test_a_glimpse_of_a_wav_is_exact(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    codecpod.save(path, speech_like(5), RATE)
    seen, _ = glimpse(path, 1, 2)
    assert len(seen) == RATE
    assert probe(path).duration == 5
