"""m4a, webm and whatever else libsndfile does not read: FFmpeg's LGPL decoders through codecpod.

codecpod (0.3.1) seeks in milliseconds, but a range begins at the edge of a packet and not at the
frame asked for. So each piece is asked for with some of the sound before it, and laid where the
two agree: the same samples as the whole track in one go, which takes gigabytes for two hours.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import codecpod
import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]

_NEEDLE = 4096
"""Frames that place a piece: more than any codec's packet after which it sounds the same again."""
_OVERLAP_S = 1
_STRAY = 8192
"""Frames by which a range may begin elsewhere than asked: packets hold at most 5,760."""
_LOUD = 1e-4
_FIRST_S = 10
_ALIKE = 0.98
_LONGEST_S = 1 << 17
_ESTIMATED = frozenset({".aac"})
"""Bare streams without a header: their length is a guess from the first packets."""


class UnplacedError(Exception):
    """A piece that does not continue the one before: the file must be decoded as a whole."""


def facts(path: Path) -> tuple[float, int, int]:
    """Seconds, hertz and channels; the seconds within a packet's length where no header says them.

    Raises CodecpodError or OSError.
    """
    info = codecpod.info(path)
    if info.frames is not None and path.suffix.lower() not in _ESTIMATED:
        return info.frames / info.sample_rate, info.sample_rate, info.channels
    return _duration(path, info.sample_rate), info.sample_rate, info.channels


def rate(path: Path) -> int:
    """Hertz, at once. Raises CodecpodError or OSError."""
    return int(codecpod.info(path).sample_rate)


def whole(path: Path) -> tuple[Samples, int]:
    """The track in one piece, mono, and its rate. Raises CodecpodError or OSError."""
    return _load(path)


def around(path: Path, start: float, end: float) -> tuple[Samples, int]:
    """About these seconds, mono, off by up to a packet (20 ms), and the rate. Raises as `whole`."""
    rate = codecpod.info(path).sample_rate
    return _load(path, round(start * rate), round((end - start) * rate))


def pieces(path: Path, seconds: int = 60) -> Iterator[Samples]:
    """The track in order, mono, in pieces of at most about so many seconds, the first ones shorter.

    Raises CodecpodError or OSError before the first piece; UnplacedError also between pieces.
    """
    rate = codecpod.info(path).sample_rate
    length, done, strays = _FIRST_S, 0, [0]
    kept = np.zeros(0, np.float32)  # the end of what was given out
    while True:
        asked = len(kept) + min(length, seconds) * rate
        piece, _ = _load(path, done - len(kept), asked)
        if len(kept):
            # most begin late by what they lack, or stray as one before did
            stray = _stray(kept, piece, [asked - len(piece), *strays])
            strays = list(dict.fromkeys([stray, *strays]))[:4]
            piece = piece[max(0, len(kept) - stray) :]
        if not len(piece):
            return
        yield piece
        done += len(piece)
        length *= 2
        kept = _with_sound(np.concatenate([kept, piece]), _OVERLAP_S * rate)


def _with_sound(samples: Samples, at_least: int) -> Samples:
    """The end of these samples from where it can be told apart from its surroundings: silence
    looks the same everywhere. All of them, when nothing was heard yet."""
    last = _last_loud(samples)
    return samples if last is None else samples[max(0, last - at_least) :].copy()


def _last_loud(samples: Samples) -> int | None:
    """The last frame that is not silent, searched from the end."""
    for end in range(len(samples), 0, -_STRAY):
        loud = np.flatnonzero(np.abs(samples[max(0, end - _STRAY) : end]) > _LOUD)
        if len(loud):
            return max(0, end - _STRAY) + int(loud[-1])
    return None


def _stray(kept: Samples, piece: Samples, guesses: list[int]) -> int:
    """By how many frames `piece` begins later than `kept`, of which it repeats the end."""
    last = _last_loud(kept)
    if last is None:  # silence from the beginning, which was asked for again from frame 0
        return 0
    needle = kept[max(0, last + 1 - _NEEDLE) : last + 1]
    first = last + 1 - len(needle)
    for guess in guesses:
        begin = first - guess
        if begin >= 0 and np.array_equal(piece[begin : begin + len(needle)], needle):
            return guess
    low = max(0, first - _STRAY)
    field = piece[low : first + len(needle) + _STRAY]
    if len(field) < len(needle):
        raise UnplacedError
    products = np.correlate(field, needle, "valid")
    powers = np.convolve(field * field, np.ones(len(needle), np.float32), "valid")
    alike = products / np.sqrt(np.maximum(powers, 1e-12) * float(needle @ needle))
    best = int(alike.argmax())
    if alike[best] < _ALIKE:
        raise UnplacedError
    return first - low - best


def _duration(path: Path, rate: int) -> float:
    """Seconds of a track whose header does not say them (webm): asked for here and there."""
    beyond = 1
    while beyond < _LONGEST_S and len(_load(path, beyond * rate, rate)[0]):
        beyond *= 2
    inside = beyond // 2
    while beyond - inside > 1:
        middle = (inside + beyond) // 2
        if len(_load(path, middle * rate, rate)[0]):
            inside = middle
        else:
            beyond = middle
    return inside + len(_load(path, inside * rate, 2 * rate)[0]) / rate


def _load(path: Path, first: int = 0, count: int | None = None) -> tuple[Samples, int]:
    loaded = codecpod.load(
        path, mono=True, frame_offset=first, num_frames=count, return_buffer=True
    )
    buffer = cast(codecpod.AudioBuffer, loaded)
    return np.asarray(buffer.samples, dtype=np.float32).reshape(-1), buffer.sample_rate
