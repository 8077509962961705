"""How two copies of one recording lie to each other in time, by what can be heard in them.

First the loudness of both, a hundred values a second, is correlated over the whole length; then
the samples themselves, in three places, which gives fractions of a millisecond and tells a copy
that runs at another speed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from trainer.sound.decoding import probe, read_audio, stream_audio

_PER_SECOND = 100
_RATE = 8000
_PIECE = 4.0
"""Seconds of each place that is compared sample by sample."""
_REACH = 1.0
"""Seconds by which a place may differ from what the loudness of the whole says."""
_SURE = 0.5
"""Correlation of samples from which two pieces are the same sound: codecs leave 0.8 and more."""
_LEAST_OVERLAP = 5.0
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Alignment:
    """`shift`: a sound at t seconds of the first copy is at t + shift of the second; negative for
    a copy that starts later. `likeness`: correlation of the samples, 0 to 1. `drift`: seconds by
    which the shift changes from the beginning to the end."""

    shift: float
    likeness: float
    drift: float

    @property
    def same_speed(self) -> bool:
        return abs(self.drift) < 0.005


def align(first: Path, second: Path) -> Alignment | None:
    """The shift between two copies; None when they are not of the same recording.

    Takes about a second for ten minutes of audio. Raises AudioError for a file that cannot be
    read.
    """
    loud = [_loudness(path) for path in (first, second)]
    coarse = _lag(loud[0], loud[1], round(_LEAST_OVERLAP * _PER_SECOND)) / _PER_SECOND
    found = []
    for start in _places(loud[0], coarse, len(loud[1]) / _PER_SECOND):
        piece, _ = read_audio(first, start, start + _PIECE, _RATE)
        begin = start + coarse - _REACH
        around, _ = read_audio(second, max(0.0, begin), begin + _PIECE + 2 * _REACH, _RATE)
        lag, likeness = _match(piece, around)
        found.append((max(0.0, begin) + lag - start, likeness))
    found = [(shift, likeness) for shift, likeness in found if likeness >= _SURE]
    if not found:
        return None
    shifts = [shift for shift, _ in found]
    return Alignment(
        shift=float(np.median(shifts)),
        likeness=float(np.median([likeness for _, likeness in found])),
        drift=shifts[-1] - shifts[0],
    )


def _loudness(path: Path) -> Floats:
    """Level of each hundredth of a second; of shape (hundredths,)."""
    rate = probe(path).rate
    size = rate / _PER_SECOND
    parts = [_levels(block, size) for block in _whole_blocks(path, round(size * 100))]
    return np.concatenate(parts) if parts else np.zeros(1)


def _whole_blocks(path: Path, size: int) -> Iterator[npt.NDArray[np.float32]]:
    """The recording in pieces of `size` samples, the last one shorter: decoders give any."""
    rest = np.zeros(0, np.float32)
    for block in stream_audio(path):
        rest = np.concatenate((rest, block))
        whole = len(rest) // size * size
        for start in range(0, whole, size):
            yield rest[start : start + size]
        rest = rest[whole:]
    if len(rest):
        yield rest


def _levels(block: npt.NDArray[np.float32], size: float) -> Floats:
    edges = np.rint(np.arange(0, len(block) / size + 1e-9) * size).astype(int)
    power = np.add.reduceat(np.square(block, dtype=np.float64), edges[edges < len(block)])
    levels: Floats = np.sqrt(power / size)
    return levels


def _lag(first: Floats, second: Floats, least: int) -> int:
    """By how many values `second` runs behind `first` where they are most alike: the correlation
    of what overlaps, where a short overlap counts for less and one below `least` for nothing."""
    a, b = (x - x.mean() for x in (first, second))
    size = 1 << (len(a) + len(b)).bit_length()
    lags = np.concatenate((np.arange(0, len(b)), np.arange(-len(a) + 1, 0)))
    begin, end = np.maximum(-lags, 0), np.minimum(len(b) - lags, len(a))
    sums_a, sums_b = (np.concatenate(([0.0], np.cumsum(np.square(x)))) for x in (a, b))
    power = (sums_a[end] - sums_a[begin]) * (sums_b[end + lags] - sums_b[begin + lags])
    product = np.fft.irfft(np.fft.rfft(b, size) * np.conj(np.fft.rfft(a, size)), size)[lags % size]
    overlap = end - begin
    alike = product / np.sqrt(np.maximum(power, 1e-12)) * overlap / (overlap + least)
    alike[overlap < min(least, len(a), len(b))] = -np.inf
    return int(lags[np.argmax(alike)])


def _places(loud: Floats, shift: float, length: float) -> list[float]:
    """Starts of up to three pieces of the first copy, early, in the middle and late, where there
    is most to hear and the second copy has it, too."""
    first = max(0.0, -shift)
    last = min(len(loud) / _PER_SECOND, length - shift) - _PIECE
    if last <= first:
        return [first]
    window = round(_PIECE * _PER_SECOND)
    energy = np.convolve(np.square(loud), np.ones(window), mode="full")[window - 1 :]
    edges = np.linspace(first, last, 4)
    starts = []
    for begin, end in pairwise(edges):
        low = round(begin * _PER_SECOND)
        part = energy[low : max(low + 1, round(end * _PER_SECOND))]
        starts.append((low + int(np.argmax(part))) / _PER_SECOND)
    return starts


def _match(piece: npt.NDArray[np.float32], around: npt.NDArray[np.float32]) -> tuple[float, float]:
    """Where in `around` the piece is heard, in seconds to a fraction of a sample, and how alike."""
    if len(around) < len(piece):
        piece = piece[: len(around)]
    a = (piece - piece.mean()).astype(np.float64)
    b = around.astype(np.float64)
    size = 1 << (len(a) + len(b)).bit_length()
    product = np.fft.irfft(np.fft.rfft(b, size) * np.conj(np.fft.rfft(a, size)), size)
    product = product[: len(b) - len(a) + 1]
    sums = np.concatenate(([0.0], np.cumsum(np.square(b))))
    power = sums[len(a) :][: len(product)] - sums[: len(product)]
    alike = product / np.sqrt(np.maximum(power * np.square(a).sum(), 1e-12))
    best = int(np.argmax(alike))
    return (best + _vertex(alike, best)) / _RATE, float(alike[best])


def _vertex(values: Floats, best: int) -> float:
    """The top of the parabola through a peak and its neighbours, -0.5 to 0.5."""
    if not 0 < best < len(values) - 1:
        return 0.0
    left, top, right = values[best - 1 : best + 2]
    bend = left - 2 * top + right
    return float(0.5 * (left - right) / bend) if bend < 0 else 0.0
