"""A freshly linked two-hour recording, as wav, m4a and opus: how soon a clip in its middle is seen
and heard, how soon all of it, and how soon from the cache."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from threading import Condition
from time import perf_counter

import codecpod
import numpy as np

from stremo_studio.media.mixer import Mixer
from stremo_studio.media.player import Player
from stremo_studio.media.prefetch import Prefetch, Recording, Want
from tests.benchmarks.bench_first_sample import PacedCard, until_handed
from tests.benchmarks.targets import Figure, show

SECONDS, CLIP = 7200, (4300.0, 4305.0)
RATE = 48_000
CODECS: dict[str, object] = {
    "wav": codecpod.Wav(),
    "m4a": codecpod.Aac(96_000),
    "opus": codecpod.Opus(64_000),
}


class _Heard:
    """Waits until something that the prefetch makes is there."""

    def __init__(self) -> None:
        self._changed = Condition()

    def __call__(self, *_: object) -> None:
        with self._changed:
            self._changed.notify_all()

    def wait(self, enough: Callable[[], bool]) -> float:
        """Seconds waited."""
        began = perf_counter()
        with self._changed:
            if not self._changed.wait_for(enough, timeout=300):
                raise TimeoutError
        return perf_counter() - began


def main() -> int:
    """Print the table; returns the number of targets missed."""
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as name:
        for suffix, codec in CODECS.items():
            path = Path(name) / f"long.{suffix}"
            codecpod.save(path, _speech(), RATE, codec)
            figures += _opened(path, Path(name) / "cache")
            path.unlink()
    return show(f"A recording of {SECONDS // 3600} hours", figures)


def _opened(path: Path, cache: Path) -> list[Figure]:
    heard, want, kind = _Heard(), Want(path, *CLIP), path.suffix[1:]
    player, mixer = Player(device=False), Mixer(RATE)
    player._stream._found.append((PacedCard(mixer), mixer))
    prefetch = Prefetch(cache, heard, heard)
    began = perf_counter()
    prefetch.want([want])
    seen = heard.wait(lambda: prefetch.get(want) is not None)
    found = prefetch.get(want)
    assert isinstance(found, Recording)
    player.load(found.sound.samples, found.sound.rate, *CLIP)
    player.play()
    sounded = seen + until_handed(player, perf_counter()) / 1000
    heard.wait(lambda: _is_whole(prefetch.get(want)))
    whole = perf_counter() - began
    prefetch.close()
    again = Prefetch(cache, heard)
    again.want([want])
    kept = heard.wait(lambda: again.get(want) is not None)
    again.close()
    player.close()
    return [
        Figure(f"{kind}: clip at 1:11:40 seen", seen, "s", at_most=1.0),
        Figure(f"{kind}: its first sample", sounded, "s", at_most=1.0),
        Figure(f"{kind}: all of it", whole, "s"),
        Figure(f"{kind}: from the cache", kept, "s", at_most=0.5),
    ]


def _is_whole(found: object) -> bool:
    return isinstance(found, Recording) and found.peaks.decoded is None


def _speech() -> np.ndarray:
    """A voice that glides, with pauses."""
    at = np.arange(60 * RATE) / RATE
    phase = np.cumsum(140 + 40 * np.sin(at * 1.3)) / RATE
    minute = sum(np.sin(2 * np.pi * n * phase) / n for n in range(1, 6)) * 0.15
    minute[at % 3.7 > 2.5] = 0
    return np.tile(minute.astype(np.float32), SECONDS // 60)


if __name__ == "__main__":
    raise SystemExit(main())
