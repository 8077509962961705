"""The next clips are opened before their turn; nobody waits for what nobody wants."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Condition

import numpy as np
import pytest
import soundfile

from stremo_studio.media import prefetch as prefetch_module
from stremo_studio.media.prefetch import Prefetch, Recording, Result
from trainer.decoding import AudioError

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
    prefetch.want(paths)
    heard.wait(lambda: len(heard.results) == 4)
    for path in paths:
        found = prefetch.get(path)
        assert isinstance(found, Recording)
        assert found.path == path
        assert found.sound.duration == 0.2
        assert len(found.peaks.levels) > 0


def test_a_file_that_cannot_be_opened_is_an_answer_too(
    tmp_path: Path, prefetch: Prefetch, heard: Heard
) -> None:
    path = tmp_path / "gone.wav"
    prefetch.want([path])
    heard.wait(lambda: path in heard.results)
    assert isinstance(prefetch.get(path), AudioError)
    make(tmp_path, "gone")
    heard.results.clear()
    prefetch.forget(path)
    heard.wait(lambda: path in heard.results)
    assert isinstance(prefetch.get(path), Recording)


def test_only_the_last_ones_are_kept(tmp_path: Path, prefetch: Prefetch, heard: Heard) -> None:
    paths = [make(tmp_path, str(n)) for n in range(12)]
    for path in paths:
        prefetch.want([path])
        heard.wait(lambda path=path: path in heard.results)
    held = [path for path in paths if prefetch.get(path) is not None]
    assert held == paths[-8:]


def test_a_long_recording_nobody_wants_any_more_is_given_up(
    tmp_path: Path, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, long = [], make(tmp_path, "long", 120)
    prefetch: list[Prefetch] = []

    def on_progress(path: Path, done: float) -> None:
        begun.append(done)
        prefetch[0].want([make(tmp_path, "next")])

    prefetch.append(Prefetch(tmp_path / "cache", heard, on_progress, threads=1))
    prefetch[0].want([long])
    heard.wait(lambda: tmp_path / "next.wav" in heard.results)
    prefetch[0].close()
    assert len(begun) == 1
    assert prefetch[0].get(long) is None
    assert [p for p in (tmp_path / "cache").iterdir() if p.suffix != ".npy"] == []


def test_a_bug_while_opening_is_not_swallowed_as_a_bad_file(
    tmp_path: Path, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("our bug")

    monkeypatch.setattr(prefetch_module, "open_sound", broken)
    path = make(tmp_path, "a")
    prefetch = Prefetch(tmp_path / "cache", heard)
    prefetch.want([path])
    heard.wait(lambda: path in heard.results)
    assert isinstance(heard.results[path], KeyError)
    prefetch.close()
