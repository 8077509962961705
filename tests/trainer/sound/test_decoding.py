"""Real files of every format, and files that are none."""

import os
from pathlib import Path

import codecpod
import numpy as np
import pytest
import soundfile

from trainer.sound.decoding import AudioError, probe, read_audio, read_spans

RATE = 16_000


def _tone(seconds: float = 2.0) -> np.ndarray:
    return (0.3 * np.sin(np.arange(int(seconds * RATE)) * 440 * 2 * np.pi / RATE)).astype("f4")


@pytest.fixture(params=["wav", "flac", "mp3", "ogg", "opus", "m4a"])
def tone_file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / f"tone.{request.param}"
    codec = {"m4a": codecpod.Aac(), "opus": codecpod.Opus(), "mp3": codecpod.Mp3()}
    if request.param in codec:
        codecpod.save(path, _tone(), RATE, codec[request.param])
    else:
        soundfile.write(path, _tone(), RATE)
    return path


def test_every_format_gives_two_seconds_of_the_tone(tone_file: Path) -> None:
    samples, rate = read_audio(tone_file, rate=RATE)
    spectrum = np.abs(np.fft.rfft(samples[4000:20000]))
    assert rate == RATE
    assert samples.dtype == np.float32
    assert len(samples) / rate == pytest.approx(2.0, abs=0.1)
    assert spectrum.argmax() == 440
    assert probe(tone_file).duration == pytest.approx(2.0, abs=0.1)


def test_a_span_is_cut_to_the_sample(tmp_path: Path) -> None:
    whole = np.linspace(-0.5, 0.5, 32_000, dtype="f4")
    soundfile.write(tmp_path / "ramp.wav", whole, RATE, subtype="FLOAT")
    samples, _ = read_audio(tmp_path / "ramp.wav", 0.5, 1.25)
    np.testing.assert_array_equal(samples, whole[8000:20000])


def test_stereo_is_averaged(tmp_path: Path) -> None:
    stereo = np.stack([np.full(100, 0.5), np.full(100, -0.25)], axis=1)
    soundfile.write(tmp_path / "s.wav", stereo, RATE, subtype="FLOAT")
    samples, _ = read_audio(tmp_path / "s.wav")
    np.testing.assert_allclose(samples, 0.125)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 3\n", "Git-LFS pointer"),
        (b"hello, I am text\n", "text file"),
        (b"", "empty"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt \x00\x00\x01", "damaged"),
        (bytes(range(256)), "damaged"),
    ],
)
def test_a_file_that_is_no_audio_is_named_in_one_sentence(
    tmp_path: Path, content: bytes, word: str
) -> None:
    path = tmp_path / "clip.wav"
    path.write_bytes(content)
    for attempt in (probe, read_audio):
        with pytest.raises(AudioError) as caught:
            attempt(path)
        assert word in caught.value.message
        assert caught.value.hint


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match="is not there"):
        read_audio(tmp_path / "gone.wav")


def test_a_span_behind_the_end_is_an_error_not_silence(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "short.wav", _tone(1.0), RATE)
    with pytest.raises(AudioError, match="no sound at"):
        read_audio(tmp_path / "short.wav", 5.0, 6.0)


def test_a_pipe_named_like_a_recording_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    for attempt in (probe, read_audio):
        with pytest.raises(AudioError, match="pipe or device"):
            attempt(tmp_path / "pipe.wav")


@pytest.mark.parametrize("quicker_whole", [0, 1 << 30])
def test_spans_of_a_compressed_file_are_the_same_in_one_pass(
    tmp_path: Path, quicker_whole: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = np.random.default_rng(0).uniform(-0.5, 0.5, 40 * 8000).astype("f4")
    path = tmp_path / "long.m4a"
    codecpod.save(path, sound, 8000)
    whole, rate = read_audio(path)
    monkeypatch.setattr("trainer.sound.decoding._QUICKER_WHOLE", quicker_whole)
    spans = [(30.0, 31.5), (0.0, 0.5), (9.0, 11.0), (35.0, None), (31.0, 33.0), (90.0, 91.0)]
    *found, beyond = read_spans(path, spans)
    for (start, end), part in zip(spans, found, strict=False):
        assert not isinstance(part, AudioError)
        last = None if end is None else round(end * rate)
        np.testing.assert_array_equal(part[0], whole[round(start * rate) : last])
    assert isinstance(beyond, AudioError)
