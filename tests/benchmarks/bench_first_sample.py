"""Key → first sample handed to the card, and answer key → the next clip's first sample.

A thread that asks for 10 ms at a time stands for the card, so that it runs on any machine; what a
real card adds is the latency that it reports.
"""

import tempfile
from pathlib import Path
from threading import Event, Thread
from time import perf_counter

import numpy as np
import soundfile

from stremo_studio.media.mixer import Mixer
from stremo_studio.media.player import Player
from stremo_studio.media.prefetch import Prefetch, Recording, Want
from tests.benchmarks.targets import Figure, show

RATE, CARD_RATE, BLOCK = 16_000, 48_000, 480
CLIPS, KEYS, SECONDS = 60, 200, 4.66  # StrEmo's mean length


class PacedCard:
    """Asks its mixer for a block every 10 ms."""

    name, latency, dropouts, rate = "a thread", 0.0, 0, CARD_RATE

    def __init__(self, mixer: Mixer) -> None:
        self._mixer = mixer
        self._stop = Event()
        self._began = perf_counter()
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        out, done = np.zeros(BLOCK, np.float32), 0
        while not self._stop.wait(max(0.0, done * BLOCK / CARD_RATE - self.now())):
            self._mixer.render(out, done * BLOCK / CARD_RATE)
            done += 1

    def now(self) -> float:
        return perf_counter() - self._began

    def pump(self) -> None:
        """It asks by itself."""

    def lost(self) -> bool:
        return False

    def close(self) -> None:
        self._stop.set()
        self._thread.join()


def main() -> int:
    """Print the table; returns the number of targets missed."""
    with tempfile.TemporaryDirectory() as name:
        paths = _clips(Path(name))
        player, mixer = Player(device=False), Mixer(CARD_RATE)
        player._stream._found.append((PacedCard(mixer), mixer))
        replays = _replays(player, paths[0])
        player.speed = 0.7
        slowed = _replays(player, paths[0])
        player.speed = 1.0
        nexts, missed = _nexts(player, paths, Path(name))
        player.close()
    return show(
        "First sample",
        [
            Figure("key to first sample, median", float(np.median(replays)), "ms"),
            Figure("key to first sample, p95", _p95(replays), "ms", at_most=15),
            Figure("the same at 0.7x, p95", _p95(slowed), "ms", at_most=15),
            Figure("answer to next clip, median", float(np.median(nexts)), "ms"),
            Figure("answer to next clip, p95", _p95(nexts), "ms", at_most=120),
            Figure("clips not opened ahead", missed, at_most=0),
            Figure("dropouts", mixer.underruns, at_most=0),
        ],
    )


def _p95(values: list[float]) -> float:
    return float(np.percentile(values, 95))


def _clips(folder: Path) -> list[Path]:
    random = np.random.default_rng(1)
    paths = [folder / f"{number}.flac" for number in range(CLIPS)]
    for path in paths:
        soundfile.write(path, random.normal(0, 0.1, round(SECONDS * RATE)), RATE)
    return paths


def _replays(player: Player, path: Path) -> list[float]:
    samples, rate = soundfile.read(path, dtype="int16")
    player.load(samples, rate)
    waits = []
    for key in range(KEYS):
        began = perf_counter()
        player.replay()
        waits.append(until_handed(player, began))
        Event().wait(0.01 + key % 7 / 1000)  # keys do not fall in step with the card
    return waits


def _nexts(player: Player, paths: list[Path], cache: Path) -> tuple[list[float], int]:
    """As the label page does: the next three are wanted while one plays."""
    ready = {path: Event() for path in paths}
    prefetch = Prefetch(cache, lambda path, _: ready[path].set())
    prefetch.want([Want(path) for path in paths[:3]])
    waits, missed = [], 0
    for number, path in enumerate(paths):
        began = perf_counter()
        found = prefetch.get(Want(path))
        missed += found is None and number > 0
        if found is None:
            ready[path].wait(20)
            found = prefetch.get(Want(path))
        assert isinstance(found, Recording)
        player.load(found.sound.samples, found.sound.rate)
        player.play()
        waits.append(until_handed(player, began))
        prefetch.want([Want(path) for path in paths[number : number + 4]])
        Event().wait(0.1)  # far faster than anybody answers
    prefetch.close()
    return waits, missed


def until_handed(player: Player, began: float) -> float:
    """Milliseconds until the callback took the first frame."""
    voice = player._voice
    assert voice is not None
    while voice.handed_at is None:
        Event().wait(0.001)
    return (voice.handed_at - began) * 1000
