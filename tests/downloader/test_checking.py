"""Sound is taken only when it can be decoded to the end that was announced."""

import struct
from pathlib import Path

import codecpod
import numpy as np
import pytest
import soundfile

from stremo_studio.domain import source_fault as kinds
from stremo_studio.downloader.checking import checked_duration, suffix_of
from stremo_studio.downloader.faults import FetchError

WEBM = Path(__file__).parent / "sounds" / "voice.webm"
SAMPLES = (np.sin(np.arange(32_000) / 20) * 0.3).astype(np.float32)


def sound(path: Path) -> Path:
    if path.suffix == ".m4a":
        codecpod.save(path, SAMPLES, 16_000, codecpod.Aac(48_000))
    else:
        soundfile.write(path, SAMPLES, 16_000)
    return path


def refused(path: Path, announced: float | None = None) -> str:
    with pytest.raises(FetchError) as error:
        checked_duration(path, announced)
    return error.value.complaint.kind


@pytest.mark.parametrize("suffix", ["wav", "flac", "ogg", "mp3", "m4a"])
def test_whole_sound_is_measured_and_known_by_its_content(tmp_path: Path, suffix: str) -> None:
    path = sound(tmp_path / f"a.{suffix}").rename(tmp_path / "track-1_unknown")
    assert checked_duration(path, None) == pytest.approx(2, abs=0.1)
    assert suffix_of(path) == suffix


def test_webm_is_read_without_a_suffix(tmp_path: Path) -> None:
    path = tmp_path / "track"
    path.write_bytes(WEBM.read_bytes())
    assert checked_duration(path, 4.0) == pytest.approx(4, abs=0.1)
    assert suffix_of(path) == "webm"


def test_less_than_its_site_announced_is_cut_short(tmp_path: Path) -> None:
    path = sound(tmp_path / "a.wav")
    assert checked_duration(path, 2.9) == 2
    assert refused(path, 3.5) == kinds.BROKEN


@pytest.mark.parametrize(("suffix", "kind"), [("wav", kinds.BROKEN), ("m4a", kinds.NOT_AUDIO)])
def test_half_a_file_is_refused(tmp_path: Path, suffix: str, kind: str) -> None:
    path = sound(tmp_path / f"a.{suffix}")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])
    assert refused(path) == kind


def test_half_a_webm_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.webm"
    path.write_bytes(WEBM.read_bytes()[:3_000])
    assert refused(path) == kinds.BROKEN


def test_a_streamed_wav_leaves_its_size_open(tmp_path: Path) -> None:
    path = sound(tmp_path / "a.wav")
    content = bytearray(path.read_bytes())
    at = content.index(b"data") + 4
    content[at : at + 4] = struct.pack("<I", 0xFFFFFFFF)
    path.write_bytes(content)
    assert checked_duration(path, None) == pytest.approx(2, abs=0.01)


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "empty"), (b"<!DOCTYPE html>", "web page"), (b'  {"error": 1}', "web page"),
     (bytes(range(256)) * 9, "no audio")],
)  # fmt: skip
def test_what_is_no_sound_says_what_it_is(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    with pytest.raises(FetchError, match=said) as error:
        checked_duration(path, None)
    assert error.value.complaint.kind == kinds.NOT_AUDIO
