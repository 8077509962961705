"""Min/max pyramid over a recording, so that two hours are drawn as fast as two seconds.

Each level keeps the extremes of 256, 1024, 4096 … frames. Only the lowest level is kept on disk:
the others follow from it in a millisecond.
"""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from stremo_studio.media.sound import IN_MEMORY_SECONDS, Pcm, Sound
from trainer.contract.files import written_aside

BASE = 256
FACTOR = 4
_CHUNK = BASE * 4096  # frames read at once while building

Extremes = tuple[Pcm, Pcm]


@dataclass(frozen=True, slots=True, eq=False)
class Peaks:
    """`levels[i]` has shape (bins, 2): lowest and highest sample of BASE * FACTOR**i frames."""

    samples: Pcm
    levels: tuple[Pcm, ...]
    decoded: npt.NDArray[np.bool_] | None = None
    """Shape (bins,) of the lowest level: what is there already; None when everything is."""

    def has(self, frames: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.bool_]:
        """Whether these frames are decoded; True of what lies outside the recording."""
        if self.decoded is None or not len(self.decoded):
            return np.ones(len(frames), bool)
        bins = np.clip(frames // BASE, 0, len(self.decoded) - 1).astype(np.int64)
        outside = (frames < 0) | (frames >= len(self.samples))
        there: npt.NDArray[np.bool_] = self.decoded[bins] | outside
        return there

    def has_all(self, start_frame: float, end_frame: float) -> bool:
        """Whether every frame between these two is decoded."""
        return bool(self.has(np.append(np.arange(start_frame, end_frame, BASE), end_frame)).all())

    def heard(self) -> Pcm:
        """The lowest level's rows of what is decoded, shape (bins, 2)."""
        if self.decoded is None:
            return self.levels[0]
        # A copy: numpy counts a mask and then fills, and overruns when a thread adds in between.
        there = self.decoded.copy()
        return self.levels[0][there]

    def grow(self, first: int, last: int) -> None:
        """Take in the frames `first`..`last`, which have just been decoded."""
        assert self.decoded is not None, "everything is decoded"
        low, high = first // BASE, min(-(-last // BASE), len(self.decoded))
        block = self.samples[low * BASE : high * BASE]
        starts = np.arange(0, len(block), BASE)
        if not len(starts):
            return
        np.minimum.reduceat(block, starts, out=self.levels[0][low:high, 0])
        np.maximum.reduceat(block, starts, out=self.levels[0][low:high, 1])
        self.decoded[low:high] = True
        for below, level in pairwise(self.levels):
            low, high = low // FACTOR, -(-high // FACTOR)
            _gather(below[low * FACTOR : high * FACTOR], level[low:high])

    def query(self, start_frame: float, end_frame: float, columns: int) -> Extremes:
        """Lowest and highest sample of each of `columns` equal parts of the span.

        Parts wider than a few bins come from the pyramid (their edges rounded to a bin, at most a
        quarter of a part); narrower ones are exact. What lies outside the recording is 0.
        """
        edges = np.linspace(start_frame, end_frame, columns + 1)
        width = (end_frame - start_frame) / max(1, columns)
        bin_frames, level = 1, -1
        while level + 1 < len(self.levels) and BASE * FACTOR ** (level + 1) * 4 <= width:
            level += 1
            bin_frames = BASE * FACTOR**level
        low, high = (
            (self.samples, self.samples)
            if level < 0
            else (self.levels[level][:, 0], self.levels[level][:, 1])
        )
        return _reduce(low, high, edges / bin_frames, len(self.samples) / bin_frames)


def growing_peaks(samples: Pcm) -> Peaks:
    """The pyramid of a recording of which nothing is decoded yet."""
    levels = _pyramid(np.zeros((-(-len(samples) // BASE), 2), np.int16))
    return Peaks(samples, levels, np.zeros(len(levels[0]), bool))


def build_peaks(sound: Sound) -> Peaks:
    """Read the samples once. Two hours at 16 kHz: about 0.2 s and 2.4 MB."""
    samples = sound.samples
    lowest = np.empty((-(-len(samples) // BASE), 2), np.int16)
    for first in range(0, len(samples), _CHUNK):
        block = samples[first : first + _CHUNK]
        whole = len(block) // BASE * BASE
        rows = block[:whole].reshape(-1, BASE)
        place = lowest[first // BASE :]
        rows.min(axis=1, out=place[: len(rows), 0])
        rows.max(axis=1, out=place[: len(rows), 1])
        if whole < len(block):
            place[len(rows)] = block[whole:].min(), block[whole:].max()
    return Peaks(samples, _pyramid(lowest))


def open_peaks(sound: Sound, cache: Path) -> Peaks:
    """The pyramid, from the cache when it was built before; a damaged one is built again."""
    if sound.duration <= IN_MEMORY_SECONDS:
        return build_peaks(sound)
    kept = cache / f"{sound.key}.peaks.npy"
    lowest = _load(kept, -(-len(sound.samples) // BASE))
    if lowest is not None:
        return Peaks(sound.samples, _pyramid(lowest))
    peaks = build_peaks(sound)
    try:
        with written_aside(kept) as file:
            np.save(file, peaks.levels[0], allow_pickle=False)
    except OSError:
        return peaks  # a read-only or full project: a quarter of a second each time instead
    return peaks


def _load(kept: Path, bins: int) -> Pcm | None:
    try:
        lowest = np.load(kept, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    if not isinstance(lowest, np.ndarray) or lowest.shape != (bins, 2) or lowest.dtype != np.int16:
        return None
    return lowest


def _pyramid(lowest: Pcm) -> tuple[Pcm, ...]:
    levels = [lowest]
    while len(levels[-1]) > FACTOR:
        level = np.empty((-(-len(levels[-1]) // FACTOR), 2), np.int16)
        _gather(levels[-1], level)
        levels.append(level)
    return tuple(levels)


def _gather(below: Pcm, level: Pcm) -> None:
    """Fill a level from the one below it."""
    starts = np.arange(0, len(below), FACTOR)
    np.minimum.reduceat(below[:, 0], starts, out=level[:, 0])
    np.maximum.reduceat(below[:, 1], starts, out=level[:, 1])


def _reduce(low: Pcm, high: Pcm, edges: npt.NDArray[np.float64], length: float) -> Extremes:
    """Extremes of the bins between neighbouring edges, at least one bin for each part."""
    columns = len(edges) - 1
    mins, maxs = np.zeros(columns, np.int16), np.zeros(columns, np.int16)
    inside = (edges[1:] > 0) & (edges[:-1] < length)
    if not inside.any():
        return mins, maxs
    starts = np.clip(np.floor(edges[:-1][inside]).astype(np.int64), 0, len(low) - 1)
    stop = min(len(low), max(int(np.ceil(edges[1:][inside][-1])), int(starts[-1]) + 1))
    first = int(starts[0])
    starts -= first
    mins[inside] = np.minimum.reduceat(low[first:stop], starts)
    maxs[inside] = np.maximum.reduceat(high[first:stop], starts)
    return mins, maxs
