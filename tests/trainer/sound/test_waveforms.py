"""Decoded clips: right, once, known by what their files hold, and mended when damaged."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import codecpod
import numpy as np
import pytest
import soundfile

from trainer.contract.kept import AUDIO, INDEX, clear
from trainer.contract.manifest import ManifestClip
from trainer.sound import waveforms as module
from trainer.sound.decoding import AudioError, read_audio
from trainer.sound.waveforms import DAMAGED, RATE, Waveforms


@pytest.fixture
def clip(tmp_path: Path) -> ManifestClip:
    ramp = np.linspace(-0.5, 0.5, 2 * RATE, dtype="f4")
    soundfile.write(tmp_path / "ramp.wav", ramp, RATE, subtype="FLOAT")
    return ManifestClip("a", str(tmp_path / "ramp.wav"), "neutral", "g")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were decoded, as often as they were."""
    names: list[str] = []
    whole = module.read_spans

    def told(path: Path, *rest: object) -> object:
        names.append(path.name)
        return whole(path, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "read_spans", told)
    return names


def _recordings(folder: Path, count: int, seconds: float = 0.5) -> list[ManifestClip]:
    """Noise, so that no two are alike and no part is like another."""
    folder.mkdir(exist_ok=True)
    random = np.random.default_rng(0)
    clips = []
    for number in range(count):
        path = folder / f"{number}.wav"
        soundfile.write(path, random.uniform(-0.5, 0.5, round(seconds * RATE)), RATE)
        clips.append(ManifestClip(str(number), str(path), None, "g"))
    return clips


def _expected(clip: ManifestClip) -> np.ndarray:
    samples, _ = read_audio(Path(clip.path), clip.start, clip.end, RATE)
    return np.clip(np.rint(samples * 32768), -32768, 32767).astype(np.int16)


def test_samples_are_the_recording_in_16_bits(clip: ManifestClip, cache: Path) -> None:
    samples = Waveforms(cache).samples(clip)
    assert samples.dtype == np.int16
    np.testing.assert_allclose(samples / 32768, np.linspace(-0.5, 0.5, 2 * RATE), atol=2e-5)
    assert Waveforms(cache).length(clip) == 2 * RATE


def test_sixteen_bits_come_back_to_the_bit(tmp_path: Path, cache: Path) -> None:
    pcm = np.arange(-32768, 32768, 7, dtype=np.int16)
    soundfile.write(tmp_path / "pcm.flac", pcm, RATE, subtype="PCM_16")
    clip = ManifestClip("a", str(tmp_path / "pcm.flac"), None, "g")
    np.testing.assert_array_equal(Waveforms(cache).samples(clip), pcm)


def test_a_span_is_cut_out(clip: ManifestClip, cache: Path) -> None:
    part = replace(clip, start=0.5, end=1.25)
    waveforms = Waveforms(cache)
    np.testing.assert_array_equal(waveforms.samples(part), waveforms.samples(clip)[8000:20000])


def test_a_clip_is_decoded_only_once(clip: ManifestClip, cache: Path, decoded: list[str]) -> None:
    first = Waveforms(cache).samples(clip)
    for waveforms in (Waveforms(cache), Waveforms(cache)):
        np.testing.assert_array_equal(waveforms.samples(clip), first)
        assert waveforms.length(clip) == len(first)
        assert waveforms.build([clip]) == {}
    assert decoded == ["ramp.wav"]


def test_clips_of_one_recording_share_one_pass(
    tmp_path: Path, cache: Path, decoded: list[str]
) -> None:
    sound = np.random.default_rng(0).uniform(-0.5, 0.5, 30 * RATE).astype("f4")
    codecpod.save(tmp_path / "long.m4a", sound, RATE)
    clips = [
        ManifestClip(str(i), str(tmp_path / "long.m4a"), None, "g", i * 0.5, i * 0.5 + 0.4)
        for i in range(50)
    ]
    waveforms = Waveforms(cache)
    assert waveforms.build(clips) == {}
    assert decoded == ["long.m4a"]
    assert [waveforms.length(clip) for clip in clips] == [6400] * 50
    np.testing.assert_array_equal(waveforms.samples(clips[7]), _expected(clips[7]))


def test_a_moved_or_copied_recording_is_not_decoded_again(
    clip: ManifestClip, tmp_path: Path, cache: Path, decoded: list[str]
) -> None:
    first = np.array(Waveforms(cache).samples(clip))
    copy, moved = tmp_path / "copy.wav", tmp_path / "moved.wav"
    shutil.copy(clip.path, copy)
    Path(clip.path).rename(moved)
    os.utime(moved, ns=(1, 1))
    waveforms = Waveforms(cache)
    others = [replace(clip, clip_id=path.name, path=str(path)) for path in (copy, moved)]
    assert waveforms.build(others) == {}
    for other in others:
        np.testing.assert_array_equal(waveforms.samples(other), first)
    assert decoded == ["ramp.wav"]
    assert len({waveforms.name(other) for other in others}) == 1


def test_a_changed_recording_is_decoded_again(clip: ManifestClip, cache: Path) -> None:
    before = Waveforms(cache)
    before.samples(clip)
    name = before.name(clip)
    soundfile.write(clip.path, np.zeros(RATE, dtype="f4"), RATE, subtype="FLOAT")
    assert before.length(clip) == Waveforms(cache).length(clip) == RATE
    assert before.name(clip) != name


def test_no_more_is_kept_than_is_asked_for(tmp_path: Path, cache: Path, decoded: list[str]) -> None:
    soundfile.write(tmp_path / "long.wav", np.zeros(40 * 8000, dtype="f4"), 8000)
    clip = ManifestClip("a", str(tmp_path / "long.wav"), None, "g")
    waveforms = Waveforms(cache)
    assert waveforms.length(clip) == len(waveforms.samples(clip)) == 30 * RATE
    assert waveforms.length(clip, 100) == len(waveforms.samples(clip, 100)) == 40 * RATE
    assert waveforms.length(clip) == len(waveforms.samples(clip)) == 30 * RATE
    assert len(decoded) == 2


def test_a_clip_that_ends_at_the_longest_is_known_to_end(
    tmp_path: Path, cache: Path, decoded: list[str]
) -> None:
    soundfile.write(tmp_path / "long.wav", np.zeros(40 * 8000, dtype="f4"), 8000)
    clip = ManifestClip("a", str(tmp_path / "long.wav"), None, "g", 3.0, 33.0)
    waveforms = Waveforms(cache)
    assert waveforms.length(clip) == waveforms.length(clip, 100) == 30 * RATE
    assert len(decoded) == 1


def test_what_cannot_be_heard_is_named_with_its_reason(
    clip: ManifestClip, tmp_path: Path, cache: Path
) -> None:
    (tmp_path / "text.wav").write_text("I am not a sound.")
    os.mkfifo(tmp_path / "pipe.wav")
    bad = [
        replace(clip, clip_id=name, path=str(tmp_path / f"{name}.wav"))
        for name in ("text", "gone", "pipe")
    ]
    bad.append(replace(clip, clip_id="empty", start=0.5, end=0.5))
    bad.append(replace(clip, clip_id="after", start=90.0, end=95.0))
    done: list[int] = []
    unusable = Waveforms(cache).build([clip, *bad], done.append)
    assert unusable == {
        "text": "text.wav is a text file, not audio.",
        "gone": "gone.wav is not there.",
        "pipe": "pipe.wav is no file but a folder, pipe or device.",
        "empty": "A clip of ramp.wav has no length.",
        "after": "ramp.wav has no sound at 90.00 s.",
    }
    assert sum(done) == 6
    with pytest.raises(AudioError, match=r"gone\.wav is not there"):
        Waveforms(cache).length(bad[1])


def test_a_recording_that_changes_while_it_is_read_is_not_kept(
    clip: ManifestClip, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = module.read_spans

    def touched(path: Path, *rest: object) -> object:
        os.utime(path, ns=(1, 1))
        return whole(path, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "read_spans", touched)
    assert "changed while it was read" in Waveforms(cache).build([clip])["a"]
    assert len(Waveforms(cache).store) == 0


def _cut_segment(store: Path) -> None:
    (segment,) = store.glob("*.blobs")
    os.truncate(segment, segment.stat().st_size // 2)


def _remove_segment(store: Path) -> None:
    next(store.glob("*.blobs")).unlink()


def _scribble(store: Path) -> None:
    (segment,) = store.glob("*.blobs")
    segment.write_bytes(bytes(segment.stat().st_size))


def _spoil_index(store: Path) -> None:
    lines = (store / INDEX).read_bytes().splitlines(keepends=True)
    lines[2] = b"rubbish \xff\n"
    lines[4] = lines[4].replace(b"[", b"{")
    (store / INDEX).write_bytes(b"".join(lines))


def _replace_index(store: Path) -> None:
    (store / INDEX).write_bytes(np.random.default_rng(0).bytes(5000) + b"\n")


@pytest.mark.parametrize(
    "damage", [_cut_segment, _remove_segment, _scribble, _spoil_index, _replace_index]
)
def test_what_is_damaged_is_decoded_again_and_told_once(
    tmp_path: Path, cache: Path, damage: Callable[[Path], None]
) -> None:
    clips = _recordings(tmp_path / "audio", 6)
    Waveforms(cache).build(clips)
    damage(cache / AUDIO)
    told: list[str] = []
    waveforms = Waveforms(cache, told.append)
    assert waveforms.build(clips) == {}
    for clip in clips:
        assert waveforms.length(clip) == RATE // 2
        np.testing.assert_array_equal(waveforms.samples(clip), _expected(clip))
    assert told == [DAMAGED]
    again = Waveforms(cache, told.append)
    for clip in clips:
        np.testing.assert_array_equal(again.samples(clip), _expected(clip))
    assert told == [DAMAGED]


def test_a_store_that_is_cleared_meanwhile_is_filled_again(tmp_path: Path, cache: Path) -> None:
    clips = _recordings(tmp_path / "audio", 4)
    reader, writer = Waveforms(cache), Waveforms(cache)
    reader.build(clips)
    held = reader.samples(clips[0])
    clear(cache)
    writer.build(list(reversed(clips)))
    for clip in clips:
        np.testing.assert_array_equal(reader.samples(clip), _expected(clip))
    np.testing.assert_array_equal(held, _expected(clips[0]))


_BUILD = """
import json, sys
from pathlib import Path
from trainer.contract.manifest import read_manifest
from trainer.sound.waveforms import Waveforms
assert Waveforms(Path(sys.argv[2])).build(read_manifest(Path(sys.argv[1])), print) == {}
"""


def _building(manifest: Path, cache: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-uc", _BUILD, str(manifest), str(cache)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def manifest(tmp_path: Path) -> tuple[Path, list[ManifestClip]]:
    from trainer.contract.manifest import write_manifest

    clips = _recordings(tmp_path / "audio", 150, seconds=0.2)
    write_manifest(tmp_path / "manifest.jsonl", clips)
    return tmp_path / "manifest.jsonl", clips


def test_a_killed_build_leaves_only_what_is_right(
    manifest: tuple[Path, list[ManifestClip]], cache: Path
) -> None:
    path, clips = manifest
    for kill_after in (1, 38, 90):
        child = _building(path, cache)
        assert child.stdout is not None
        done = 0
        while done < kill_after:
            done += int(child.stdout.readline())
        child.kill()
        child.wait()
        child.stdout.close()
        told: list[str] = []
        kept = Waveforms(cache, told.append)
        keys = [key for key in kept.store._entries if not key.startswith("file ")]
        assert kill_after <= len(keys) <= len(clips)
        assert all(kept.store.get(key) is not None for key in keys)
        assert told == []
    waveforms = Waveforms(cache)
    assert waveforms.build(clips) == {}
    for clip in clips[::20]:
        np.testing.assert_array_equal(waveforms.samples(clip), _expected(clip))


def test_two_processes_build_together_and_decode_each_clip_once(
    manifest: tuple[Path, list[ManifestClip]], cache: Path
) -> None:
    path, clips = manifest
    children = [_building(path, cache) for _ in range(2)]
    for child in children:
        done, _ = child.communicate(timeout=60)
        assert child.returncode == 0
        assert sum(map(int, done.split())) == len(clips)
    lines = (cache / AUDIO / INDEX).read_text().splitlines()
    assert len(lines) == 2 * len(clips)  # of each a file and its samples
    waveforms = Waveforms(cache)
    for clip in clips[::20]:
        np.testing.assert_array_equal(waveforms.samples(clip), _expected(clip))


def test_waiting_for_another_builder_can_be_ended(tmp_path: Path, cache: Path) -> None:
    class EndedError(Exception):
        pass

    def end() -> None:
        raise EndedError

    clips = _recordings(tmp_path / "audio", 1)
    first, second = Waveforms(cache), Waveforms(cache)
    with first.store.writing(), pytest.raises(EndedError):
        second.build(clips, check=end)
    assert second.build(clips) == {}


def test_a_single_clip_does_not_wait_for_another_builder(tmp_path: Path, cache: Path) -> None:
    clips = _recordings(tmp_path / "audio", 1)
    with Waveforms(cache).store.writing():
        np.testing.assert_array_equal(Waveforms(cache).samples(clips[0]), _expected(clips[0]))


def test_threads_may_share_it(tmp_path: Path, cache: Path) -> None:
    clips, waveforms = _recordings(tmp_path / "audio", 8), Waveforms(cache)
    wrong: list[str] = []

    def read() -> None:
        for clip in clips:
            if not np.array_equal(waveforms.samples(clip), _expected(clip)):
                wrong.append(clip.clip_id)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
