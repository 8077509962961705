"""The cache of decoded clips: right, once, and mended when damaged."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from trainer import waveforms as module
from trainer.contract.manifest import ManifestClip
from trainer.decoding import AudioError
from trainer.waveforms import RATE, Waveforms


@pytest.fixture
def clip(tmp_path: Path) -> ManifestClip:
    ramp = np.linspace(-0.5, 0.5, 2 * RATE, dtype="f4")
    soundfile.write(tmp_path / "ramp.wav", ramp, RATE, subtype="FLOAT")
    return ManifestClip("a", str(tmp_path / "ramp.wav"), "neutral", "g")


@pytest.fixture
def cache(tmp_path: Path) -> Waveforms:
    return Waveforms(tmp_path / "cache")


def _entry(cache: Waveforms) -> Path:
    (entry,) = cache.folder.rglob("*.npy")
    return entry


def test_samples_are_the_recording_in_16_bits(clip: ManifestClip, cache: Waveforms) -> None:
    samples = cache.samples(clip)
    assert samples.dtype == np.int16
    np.testing.assert_allclose(samples / 32767, np.linspace(-0.5, 0.5, 2 * RATE), atol=2e-5)
    assert cache.length(clip) == 2 * RATE


def test_a_span_is_cut_out(clip: ManifestClip, cache: Waveforms) -> None:
    part = replace(clip, start=0.5, end=1.25)
    np.testing.assert_array_equal(cache.samples(part), cache.samples(clip)[8000:20000])


def test_a_clip_is_decoded_only_once(
    clip: ManifestClip, cache: Waveforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = cache.samples(clip)
    monkeypatch.setattr(module, "read_audio", None)
    np.testing.assert_array_equal(cache.samples(clip), first)
    assert cache.length(clip) == len(first)


@pytest.mark.parametrize("damage", [b"", b"rubbish", "half"])
def test_a_damaged_entry_is_decoded_again(
    clip: ManifestClip, cache: Waveforms, damage: bytes | str
) -> None:
    first = cache.samples(clip)
    entry = _entry(cache)
    whole = entry.read_bytes()
    entry.write_bytes(damage if isinstance(damage, bytes) else whole[: len(whole) // 2])
    assert cache.length(clip) == len(first)
    np.testing.assert_array_equal(cache.samples(clip), first)
    assert entry.read_bytes() == whole


def test_a_changed_recording_is_decoded_again(clip: ManifestClip, cache: Waveforms) -> None:
    cache.samples(clip)
    soundfile.write(clip.path, np.zeros(RATE, dtype="f4"), RATE, subtype="FLOAT")
    assert cache.length(clip) == RATE


def test_no_more_than_thirty_seconds_are_kept(tmp_path: Path, cache: Waveforms) -> None:
    soundfile.write(tmp_path / "long.wav", np.zeros(40 * 8000, dtype="f4"), 8000)
    clip = ManifestClip("a", str(tmp_path / "long.wav"), None, "g")
    assert cache.length(clip) == 30 * RATE


def test_nothing_half_written_stays(
    clip: ManifestClip, cache: Waveforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "save", full)
    with pytest.raises(OSError, match="No space"):
        cache.samples(clip)
    assert [p for p in cache.folder.rglob("*") if p.is_file()] == []


def test_a_missing_recording_is_named(clip: ManifestClip, cache: Waveforms) -> None:
    Path(clip.path).unlink()
    with pytest.raises(AudioError, match=r"ramp\.wav is not there"):
        cache.length(clip)
