"""The next clips are opened before their turn; nobody waits for what nobody wants."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Condition, Semaphore

import numpy as np
import pytest
import soundfile

from stremo_studio.media import prefetch as prefetch_module
from stremo_studio.media import unpacking as unpacking_module
from stremo_studio.media.prefetch import Prefetch, Recording, Result, Want
from trainer.sound.decoding import AudioError

RATE = 8000


class Heard:
    """Collects what the prefetch reports; waits for it without sleeping."""

    def __init__(self) -> None:
        self.changed = Condition()
        self.results: dict[Path, Result] = {}

    def __call__(self, path: Path, result: Result) -> None:
        with self.changed:
            self.results[path] = result
            self.changed.notify_all()

    def wait(self, enough: Callable[[], bool]) -> None:
        with self.changed:
            assert self.changed.wait_for(enough, timeout=20)


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def prefetch(tmp_path: Path, heard: Heard) -> Iterator[Prefetch]:
    prefetch = Prefetch(tmp_path / "cache", heard)
    yield prefetch
    prefetch.close()


def make(folder: Path, name: str, seconds: float = 0.2) -> Path:
    path = folder / f"{name}.wav"
    noise = np.random.default_rng(3).integers(-9000, 9000, round(seconds * RATE)).astype(np.int16)
    soundfile.write(path, noise, RATE)
    return path


def test_wanted_recordings_become_ready(tmp_path: Path, prefetch: Prefetch, heard: Heard) -> None:
    paths = [make(tmp_path, str(n)) for n in range(4)]
    prefetch.want([Want(path) for path in paths])
    heard.wait(lambda: len(heard.results) == 4)
    for path in paths:
        found = prefetch.get(Want(path))
        assert isinstance(found, Recording)
        assert found.path == path
        assert found.sound.duration == 0.2
        assert len(found.peaks.levels) > 0


def test_a_file_that_cannot_be_opened_is_an_answer_too(
    tmp_path: Path, prefetch: Prefetch, heard: Heard
) -> None:
    path = tmp_path / "gone.wav"
    prefetch.want([Want(path)])
    heard.wait(lambda: path in heard.results)
    assert isinstance(prefetch.get(Want(path)), AudioError)
    make(tmp_path, "gone")
    heard.results.clear()
    prefetch.forget(path)
    heard.wait(lambda: path in heard.results)
    assert isinstance(prefetch.get(Want(path)), Recording)


def test_only_the_last_ones_are_kept(tmp_path: Path, prefetch: Prefetch, heard: Heard) -> None:
    paths = [make(tmp_path, str(n)) for n in range(12)]
    for path in paths:
        prefetch.want([Want(path)])
        heard.wait(lambda path=path: path in heard.results)
    held = [path for path in paths if prefetch.get(Want(path)) is not None]
    assert held == paths[-8:]


def test_a_long_recording_nobody_wants_any_more_is_given_up(
    tmp_path: Path, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prefetch_module, "_TOLD_EVERY", 0.0)
    begun, long = [], make(tmp_path, "long", 120)
    prefetch: list[Prefetch] = []

    def on_progress(path: Path, done: float) -> None:
        begun.append(done)
        prefetch[0].want([Want(make(tmp_path, "next"))])

    prefetch.append(Prefetch(tmp_path / "cache", heard, on_progress, threads=1))
    prefetch[0].want([Want(long)])
    heard.wait(lambda: tmp_path / "next.wav" in heard.results)
    prefetch[0].close()
    assert len(begun) == 1
    assert prefetch[0].get(Want(long)) is None
    assert [p for p in (tmp_path / "cache").iterdir() if p.suffix != ".npy"] == []


def test_a_bug_while_opening_is_not_swallowed_as_a_bad_file(
    tmp_path: Path, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("our bug")

    monkeypatch.setattr(prefetch_module, "open_at_once", broken)
    path = make(tmp_path, "a")
    prefetch = Prefetch(tmp_path / "cache", heard)
    prefetch.want([Want(path)])
    heard.wait(lambda: path in heard.results)
    assert isinstance(heard.results[path], KeyError)
    prefetch.close()


class SlowTrack:
    """A long recording of which one piece is decoded each time somebody allows it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.allowed = Semaphore(0)
        real = unpacking_module.stream_audio

        def one_at_a_time(path: Path) -> Iterator[np.ndarray]:
            for piece in real(path):
                assert self.allowed.acquire(timeout=20)
                yield piece

        monkeypatch.setattr(unpacking_module, "stream_audio", one_at_a_time)


def test_a_clip_late_in_a_long_recording_is_ready_before_what_lies_before_it(
    tmp_path: Path, prefetch: Prefetch, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    track, long = SlowTrack(monkeypatch), make(tmp_path, "long", 300)
    late, later = Want(long, 200.0, 204.0), Want(long, 250.0, 254.0)
    prefetch.want([late])
    heard.wait(lambda: prefetch.get(late) is not None)
    found = prefetch.get(late)
    assert isinstance(found, Recording)
    assert found.sound.span(200, 204).any()
    assert not found.sound.span(0, 190).any()
    assert prefetch.get(later) is None
    prefetch.want([later])
    track.allowed.release()
    heard.wait(lambda: prefetch.get(later) is not None)
    for _ in range(40):
        track.allowed.release()
    heard.wait(lambda: prefetch.get(Want(long, 0.0, 5.0)) is not None)
    assert found.sound.span(0, 190).any()  # what is on the screen fills up as well


def test_a_clip_in_front_takes_the_thread_that_unpacks_a_later_one(
    tmp_path: Path, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    track, long = SlowTrack(monkeypatch), make(tmp_path, "long", 300)
    front = make(tmp_path, "front")
    prefetch = Prefetch(tmp_path / "cache", heard, threads=1)
    prefetch.want([Want(long)])
    heard.wait(lambda: long in heard.results)
    prefetch.want([Want(front), Want(long)])
    for _ in range(80):
        track.allowed.release()
    heard.wait(lambda: front in heard.results)
    heard.wait(lambda: prefetch.get(Want(long, 280.0, 290.0)) is not None)
    prefetch.close()
