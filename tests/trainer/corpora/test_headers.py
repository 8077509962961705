"""The cache of header facts: a second scan opens only what has changed."""

import os
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.trainer.corpora.trees import plant, tone
from trainer.corpora import headers
from trainer.corpora.scan import scan


def test_a_second_scan_opens_only_what_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, ["a.wav", "b.wav"])
    opened: list[str] = []
    read = headers.read_header
    monkeypatch.setattr(headers, "read_header", lambda f: (opened.append(f.relative), read(f))[1])
    first = scan(tmp_path)
    plant(tmp_path, ["b.wav"], tone(2.0))
    second = scan(tmp_path)
    assert opened == ["a.wav", "b.wav", "b.wav"]
    assert [clip.end for clip in first.clips] == pytest.approx([0.1, 0.1])
    assert [clip.end for clip in second.clips] == pytest.approx([0.1, 2.0])


@pytest.mark.parametrize("rubbish", ["", "{", "[]", '{"version": 1}', '{"version": 0, "files": 1}'])
def test_a_damaged_cache_costs_nothing_but_time(tmp_path: Path, home: Path, rubbish: str) -> None:
    plant(tmp_path, ["a.wav"])
    before = scan(tmp_path)
    (cache,) = home.rglob("headers/*.json")
    cache.write_text(rubbish)
    assert scan(tmp_path) == before


@pytest.mark.skipif(os.name == "nt", reason="a file in place of the folder behaves otherwise")
def test_a_cache_folder_that_cannot_be_made_costs_nothing_but_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, ["a.wav"])
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "a.wav"))
    assert len(scan(tmp_path).clips) == 1


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"])
@pytest.mark.parametrize(("rate", "channels"), [(8000, 1), (24_414, 2), (96_000, 1)])
def test_the_quick_reading_of_a_wav_agrees_with_libsndfile(
    tmp_path: Path, subtype: str, rate: int, channels: int
) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, np.zeros((777, channels)), rate, subtype=subtype)
    quick = headers.pcm_header(path.read_bytes()[:4096], path.stat().st_size)
    info = soundfile.info(str(path))
    assert quick == headers.Header(info.frames / rate, rate, channels)


def test_real_wavs_read_quickly_agree_with_libsndfile(real_data: Path) -> None:
    for path in (real_data / "originals").rglob("*.wav"):
        quick = headers.pcm_header(path.read_bytes()[:4096], path.stat().st_size)
        info = soundfile.info(str(path))
        assert quick == headers.Header(
            info.frames / info.samplerate, info.samplerate, info.channels
        )


def test_a_filler_chunk_before_the_sound_is_stepped_over() -> None:
    plain = tone(0.5)
    filled = plain[:12] + b"FLLR" + (2000).to_bytes(4, "little") + bytes(2000) + plain[12:]
    filled = filled[:4] + (len(filled) - 8).to_bytes(4, "little") + filled[8:]
    found = headers.pcm_header(filled[:4096], len(filled))
    assert found
    assert found.duration == 0.5


@pytest.mark.parametrize("place", range(0, 44, 2))
def test_a_damaged_wav_header_is_left_to_libsndfile_or_agrees_with_it(
    tmp_path: Path, place: int
) -> None:
    content = bytearray(tone(0.5))
    content[place] ^= 0x15
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    quick = headers.pcm_header(bytes(content), len(content))
    if quick is not None:
        info = soundfile.info(str(path))
        assert (quick.rate, quick.channels) == (info.samplerate, info.channels)
        assert quick.duration == pytest.approx(info.frames / info.samplerate)
