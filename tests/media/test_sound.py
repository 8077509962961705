"""Recordings of any kind become int16 mono samples; the cache never lies and never breaks."""

import os
import threading
from io import FileIO
from pathlib import Path

import numpy as np
import pytest
import soundfile

from stremo_studio.media import sound as sound_module
from stremo_studio.media import unpacking as unpacking_module
from stremo_studio.media.peaks import build_peaks
from stremo_studio.media.sound import MAX_RATE, content_key
from stremo_studio.media.unpacking import Unpacking, open_sound, sweep
from trainer.sound.decoding import AudioError, AudioInfo, read_audio

RATE = 8000


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def noise(seconds: float, rate: int = RATE, channels: int = 1) -> np.ndarray:
    random = np.random.default_rng(5)
    return random.integers(-20000, 20000, (round(seconds * rate), channels)).astype(np.int16)


def write(path: Path, samples: np.ndarray, rate: int = RATE) -> Path:
    soundfile.write(path, samples, rate, subtype="PCM_16")
    return path


def test_a_short_sixteen_bit_file_comes_back_to_the_bit_and_leaves_no_cache(
    tmp_path: Path, cache: Path
) -> None:
    samples = noise(2.0)
    sound = open_sound(write(tmp_path / "a.wav", samples), cache)
    assert sound.rate == RATE
    assert sound.duration == 2.0
    assert np.array_equal(sound.samples, samples[:, 0])
    assert not cache.exists()


def test_a_long_file_is_mapped_from_the_cache_with_the_same_samples(
    tmp_path: Path, cache: Path
) -> None:
    samples = noise(65.3)
    path = write(tmp_path / "a.flac", samples)
    with Unpacking(path, cache) as unpacking:
        heard = list(unpacking.pieces())
        sound = unpacking.finish()
    assert isinstance(sound.samples, np.memmap)
    assert np.array_equal(sound.samples, samples[:, 0])
    assert heard == sorted(heard)
    assert heard[-1] == 1.0


def test_the_second_opening_of_a_long_file_decodes_nothing(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "a.wav", noise(61))
    first = open_sound(path, cache)
    monkeypatch.setattr(unpacking_module, "Unpacking", None)
    assert np.array_equal(open_sound(path, cache).samples, first.samples)


def test_a_changed_file_is_decoded_again(tmp_path: Path, cache: Path) -> None:
    path = write(tmp_path / "a.wav", noise(61))
    before = open_sound(path, cache)
    write(path, noise(61) // 2)
    os.utime(path, ns=(1, 1))
    after = open_sound(path, cache)
    assert after.key != before.key
    assert not np.array_equal(after.samples, before.samples)


@pytest.mark.parametrize("damage", ["truncated", "no header", "empty", "other length"])
def test_a_damaged_cache_is_rebuilt(tmp_path: Path, cache: Path, damage: str) -> None:
    path = write(tmp_path / "a.wav", noise(61))
    samples = np.array(open_sound(path, cache).samples)
    kept = cache / f"{content_key(path)}.pcm"
    whole = kept.read_bytes()
    kept.write_bytes(
        {
            "truncated": whole[: len(whole) // 2],
            "no header": b"\0" * 64 + whole[64:],
            "empty": b"",
            "other length": whole[:16] + bytes(8) + whole[24:],
        }[damage]
    )
    assert np.array_equal(open_sound(path, cache).samples, samples)
    assert kept.read_bytes() == whole


def test_a_project_that_cannot_be_written_still_plays_long_files(tmp_path: Path) -> None:
    samples = noise(61)
    path = write(tmp_path / "a.wav", samples)
    occupied = tmp_path / "cache"
    occupied.write_text("a file where the folder should be")
    assert np.array_equal(open_sound(path, occupied).samples, samples[:, 0])


def test_no_room_anywhere_is_said_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "a.wav", noise(61))

    class FullDisk(FileIO):
        def write(self, _: object) -> int:
            raise OSError(28, "No space left on device")

    def on_full_disk(kept: Path) -> tuple[FullDisk, Path]:
        kept.parent.mkdir()
        aside = kept.with_suffix(".part")
        return FullDisk(aside, "w+b"), aside

    monkeypatch.setattr(unpacking_module, "_new_file", on_full_disk)
    with pytest.raises(AudioError, match="no room to unpack") as caught:
        open_sound(path, tmp_path / "cache")
    assert "Free some space" in caught.value.hint
    assert list((tmp_path / "cache").iterdir()) == []


def test_decoding_that_is_given_up_leaves_no_file(tmp_path: Path, cache: Path) -> None:
    path = write(tmp_path / "a.wav", noise(75))

    with Unpacking(path, cache) as unpacking:
        next(unpacking.pieces())
    assert list(cache.iterdir()) == []


def test_what_a_killed_studio_left_half_unpacked_is_swept(tmp_path: Path, cache: Path) -> None:
    path = write(tmp_path / "a.wav", noise(75))
    open_sound(path, cache)
    kept = list(cache.iterdir())
    (cache / f".{kept[0].name}.123.456.part").write_bytes(b"half")
    sweep(cache)
    assert list(cache.iterdir()) == kept


def test_a_span_brought_forward_can_be_seen_before_anything_else(
    tmp_path: Path, cache: Path
) -> None:
    samples = noise(600)
    with Unpacking(write(tmp_path / "a.flac", samples), cache) as unpacking:
        unpacking.show(500, 503)
        sound, peaks = unpacking.sound, unpacking.peaks
        assert sound.duration == 600
        assert np.array_equal(sound.span(500, 503), samples[500 * RATE : 503 * RATE, 0])
        assert peaks.has(np.array([500.0, 501.5, 503.0, -1.0, 700.0]) * RATE).all()
        assert not peaks.has(np.array([0.0, 499.0, 504.0, 599.9]) * RATE).any()
        assert peaks.query(500 * RATE, 503 * RATE, 10)[1].min() > 15000
        assert not sound.span(0, 400).any()
        for _ in unpacking.pieces():
            pass
        whole = build_peaks(unpacking.finish())
    assert np.array_equal(sound.samples, samples[:, 0])  # the one on the screen is filled too
    assert all(map(np.array_equal, peaks.levels, whole.levels))
    assert peaks.has(np.arange(0, 600 * RATE, 100.0)).all()


def test_a_span_brought_forward_never_replaces_what_was_decoded_in_order(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    samples = noise(70)
    path = write(tmp_path / "a.wav", samples)

    def some_frames_off(path: Path, start: float, end: float) -> tuple[np.ndarray, int]:
        return read_audio(path, start + 0.015, end + 0.015)

    monkeypatch.setattr(unpacking_module, "glimpse", some_frames_off)
    with Unpacking(path, cache) as unpacking:
        pieces = unpacking.pieces()
        next(pieces)
        unpacking.show(8, 14)
        assert np.array_equal(unpacking.sound.span(0, 10), samples[: 10 * RATE, 0])
        assert unpacking.sound.span(10, 14).any()
        for _ in pieces:
            unpacking.show(5, 69)
        assert np.array_equal(unpacking.finish().samples, samples[:, 0])


def test_a_hole_between_two_spans_is_no_decoded_span(tmp_path: Path, cache: Path) -> None:
    path = write(tmp_path / "a.wav", noise(70))
    with Unpacking(path, cache) as unpacking:
        unpacking.show(20, 22)
        unpacking.show(30, 32)
        assert not unpacking.peaks.has_all(21 * RATE, 31 * RATE)
        unpacking.show(21, 31)
        assert unpacking.peaks.has_all(20 * RATE, 32 * RATE)
        assert unpacking.sound.span(24, 28).any()


def test_a_recording_shorter_than_its_header_says_ends_where_its_sound_does(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    samples = noise(70)
    path = write(tmp_path / "a.wav", samples)
    monkeypatch.setattr(unpacking_module, "probe", lambda _: AudioInfo(95.0, RATE, 1))
    with Unpacking(path, cache) as unpacking:
        assert [done < 1 for done in unpacking.pieces()][-1]
        sound = unpacking.finish()
        assert not unpacking.sound.span(90, 95).any()
    assert np.array_equal(sound.samples, samples[:, 0])
    assert np.array_equal(open_sound(path, cache).samples, samples[:, 0])


def test_the_cache_drops_what_was_opened_longest_ago(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [write(tmp_path / f"{n}.wav", noise(61)) for n in range(4)]
    kept = [cache / f"{content_key(path)}.pcm" for path in paths]
    for path in paths[:3]:
        open_sound(path, cache)
    for age, pcm in zip((10, 30, 20), kept, strict=False):
        os.utime(pcm, (1e9 - age, 1e9 - age))
    oldest = open_sound(paths[1], cache)  # now the one opened last
    monkeypatch.setattr(sound_module, "CACHE_BYTES", 2 * kept[0].stat().st_size)
    open_sound(paths[3], cache)
    assert [pcm.exists() for pcm in kept] == [False, True, False, True]
    assert oldest.samples.any()


def test_stereo_is_averaged(tmp_path: Path, cache: Path) -> None:
    samples = noise(1.0, channels=2)
    sound = open_sound(write(tmp_path / "a.wav", samples), cache)
    assert np.abs(sound.samples - samples.mean(axis=1)).max() <= 1


@pytest.mark.parametrize("seconds", [0.5, 61])
def test_rates_above_the_sound_card_are_brought_down(
    tmp_path: Path, cache: Path, seconds: float
) -> None:
    time = np.arange(round(seconds * 96000)) / 96000
    tone = (8000 * np.sin(2 * np.pi * 440 * time)).astype(np.int16)
    sound = open_sound(write(tmp_path / "a.wav", tone, 96000), cache)
    assert sound.rate == MAX_RATE
    assert sound.duration == pytest.approx(seconds, abs=0.01)
    middle = sound.samples[4800:-4800].astype(float)
    expected = 8000 * np.sin(2 * np.pi * 440 * (np.arange(len(sound.samples)) / MAX_RATE))
    assert np.abs(middle - expected[4800:-4800]).max() < 40


def test_threads_that_open_the_same_file_at_once_get_the_same_samples(
    tmp_path: Path, cache: Path
) -> None:
    path = write(tmp_path / "a.wav", noise(61))
    found: list[int] = []
    threads = [
        threading.Thread(target=lambda: found.append(int(open_sound(path, cache).samples.sum())))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"hello there, I am a text\n", "is a text file"),
        (b"version https://git-lfs.github.com/spec/v1\noid", "is a Git-LFS pointer"),
        (bytes(range(256)) * 9, "is damaged or no audio"),
    ],
)
def test_what_is_no_audio_is_named(
    tmp_path: Path, cache: Path, content: bytes, sentence: str
) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    with pytest.raises(AudioError, match=sentence) as caught:
        open_sound(path, cache)
    assert caught.value.hint


def test_a_missing_file_is_named(tmp_path: Path, cache: Path) -> None:
    with pytest.raises(AudioError, match=r"gone\.wav is not there"):
        open_sound(tmp_path / "gone.wav", cache)


def test_a_truncated_recording_plays_as_far_as_it_goes(tmp_path: Path, cache: Path) -> None:
    path = write(tmp_path / "a.wav", noise(70))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert open_sound(path, cache).duration == pytest.approx(35, abs=0.1)


def test_damage_in_the_middle_keeps_what_comes_before(tmp_path: Path, cache: Path) -> None:
    samples = noise(120)
    path = write(tmp_path / "a.flac", samples)
    whole = bytearray(path.read_bytes())
    place = len(whole) * 3 // 4
    whole[place : place + 5000] = bytes(5000)
    path.write_bytes(whole)
    sound = open_sound(path, cache)
    assert 60 < sound.duration <= 120.5
    assert np.array_equal(sound.samples[: 60 * RATE], samples[: 60 * RATE, 0])


def test_a_span_is_cut_to_what_there_is(tmp_path: Path, cache: Path) -> None:
    sound = open_sound(write(tmp_path / "a.wav", noise(2.0)), cache)
    assert len(sound.span(0.5, 1.0)) == RATE // 2
    assert len(sound.span(-3.0, 99.0)) == 2 * RATE
    assert len(sound.span(5.0, 9.0)) == 0


def test_real_recordings_open(real_data: Path, cache: Path) -> None:
    for path in sorted(real_data.glob("ravdess/Actor_01/*.flac"))[:3]:
        sound = open_sound(path, cache)
        assert sound.rate == 16000
        assert 2 < sound.duration < 6
        assert np.abs(sound.samples).max() > 300
