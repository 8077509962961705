"""Vectors once computed are not computed again; what cannot be heard is named."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.trainer.voices import voices
from trainer.contract.labels import NEUTRAL
from trainer.contract.manifest import ManifestClip
from trainer.contract.run_folder import RunFolder
from trainer.features.cache import Vector
from trainer.features.extraction import read_clip, vectors_of
from trainer.reporter import Reporter
from trainer.sound.decoding import AudioError
from trainer.training.wishes import RunEnded, Wishes


@pytest.fixture
def reporter(tmp_path: Path) -> Iterator[Reporter]:
    with Reporter(RunFolder(tmp_path), None) as reporter:
        yield reporter


@pytest.fixture
def clips(tmp_path: Path) -> list[ManifestClip]:
    return voices(tmp_path / "audio", speakers=1, each=4)


Found = tuple[dict[str, Vector], dict[str, str]]


def _extract(clips: list[ManifestClip], folder: Path, reporter: Reporter) -> Found:
    return vectors_of(clips, folder / "cache", reporter, Wishes())


def test_the_second_time_no_audio_is_read(
    clips: list[ManifestClip], tmp_path: Path, reporter: Reporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = _extract(clips, tmp_path, reporter)
    monkeypatch.setattr("trainer.sound.waveforms.read_spans", None)
    monkeypatch.setattr("trainer.sound.waveforms.Waveforms.samples", None)
    relabelled = [dataclasses.replace(clip, label=NEUTRAL) for clip in clips]
    second, unusable = _extract(relabelled, tmp_path, reporter)
    assert not unusable
    assert first.keys() == second.keys() == {clip.clip_id for clip in clips}
    for name, vector in first.items():
        np.testing.assert_array_equal(vector, second[name])


def test_a_changed_file_and_another_span_are_computed_anew(
    clips: list[ManifestClip], tmp_path: Path, reporter: Reporter
) -> None:
    before, _ = _extract(clips, tmp_path, reporter)
    one = clips[0]
    part, _ = _extract([dataclasses.replace(one, end=0.5)], tmp_path, reporter)
    assert not np.array_equal(part[one.clip_id], before[one.clip_id])
    soundfile.write(one.path, np.sin(np.arange(9000) / 9), 16_000)
    after, _ = _extract(clips, tmp_path, reporter)
    assert not np.array_equal(before[one.clip_id], after[one.clip_id])


@pytest.mark.parametrize("damage", [b"", b"abc", b"12345678", b"\x00" * 400])
def test_a_damaged_cache_counts_as_none(
    damage: bytes, clips: list[ManifestClip], tmp_path: Path, reporter: Reporter
) -> None:
    before, _ = _extract(clips, tmp_path, reporter)
    kept = [path for path in (tmp_path / "cache").rglob("*") if path.suffix in (".blobs", ".jsonl")]
    assert len(kept) == 4
    for path in kept:
        path.write_bytes(damage)
    after, _ = _extract(clips, tmp_path, reporter)
    for name, vector in before.items():
        np.testing.assert_array_equal(vector, after[name])


def test_what_cannot_be_heard_is_named_with_its_reason(
    clips: list[ManifestClip], tmp_path: Path, reporter: Reporter
) -> None:
    text = tmp_path / "text.wav"
    text.write_text("I am not a sound.")
    bad = [
        ManifestClip("text", str(text), NEUTRAL, "g"),
        ManifestClip("gone", str(tmp_path / "gone.wav"), NEUTRAL, "g"),
        ManifestClip("empty", clips[0].path, NEUTRAL, "g", start=0.5, end=0.5),
        ManifestClip("after", clips[0].path, NEUTRAL, "g", start=90.0, end=95.0),
    ]
    found, unusable = _extract([*clips, *bad], tmp_path, reporter)
    assert found.keys() == {clip.clip_id for clip in clips}
    assert unusable["text"] == "text.wav is a text file, not audio."
    assert unusable["gone"] == "gone.wav is not there."
    assert "has no length" in unusable["empty"]
    assert "no sound at 90.00 s" in unusable["after"]


def test_a_recording_that_was_never_cut_is_no_clip(tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    soundfile.write(path, np.zeros(302 * 4000, dtype="f4"), 4000)
    with pytest.raises(AudioError, match="longer than 5 minutes"):
        read_clip(ManifestClip("long", str(path), NEUTRAL, "g"))
    assert len(read_clip(ManifestClip("cut", str(path), NEUTRAL, "g", 290.0, 300.0))) == 160_000


@pytest.mark.parametrize("wish", ["stop", "cancel", "leave"])
def test_extraction_ends_when_it_is_wished(
    wish: str, clips: list[ManifestClip], tmp_path: Path, reporter: Reporter
) -> None:
    wishes = Wishes()
    getattr(wishes, wish)()
    with pytest.raises(RunEnded):
        vectors_of(clips, tmp_path / "cache", reporter, wishes)


def test_a_moved_file_keeps_its_vector(
    clips: list[ManifestClip], tmp_path: Path, reporter: Reporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, _ = _extract(clips, tmp_path, reporter)
    moved = tmp_path / "moved.wav"
    Path(clips[0].path).rename(moved)
    monkeypatch.setattr("trainer.sound.waveforms.read_spans", None)
    after, _ = _extract([dataclasses.replace(clips[0], path=str(moved))], tmp_path, reporter)
    np.testing.assert_array_equal(after[clips[0].clip_id], before[clips[0].clip_id])
