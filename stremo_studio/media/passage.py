"""A span of a recording, made ready for the sound card one second at a time.

Whole seconds are a whole number of frames at every rate, so each can be resampled alone, with some
sound on either side for the filter, and the seams cannot be heard. Two hours cost no memory.
"""

from math import ceil, gcd

import numpy as np
import numpy.typing as npt
import soxr

from stremo_studio.media.sound import Pcm

RISE = 0.002
FALL = 0.005
"""Seconds of fade at the edges of a passage: too short to hear, long enough not to click."""
_LOUDNESS = 0.09  # RMS that clips are brought to, about -21 dBFS, as broadcast speech
_CEILING = 0.97
_GAIN_LIMITS = (0.25, 12.0)
_MARGIN = 0.05  # seconds of sound on either side of a resampled second

Block = npt.NDArray[np.float32]


def display_gain(samples: Pcm) -> float:
    """Factor that brings a clip to one loudness, so that the hand stays off the volume knob.

    Limited by the clip's peak. For the ears only, never stored.
    """
    loud, peak = levels(samples)
    if peak <= 0 or loud <= 0:
        return 1.0
    return float(np.clip(min(_LOUDNESS / loud, _CEILING / peak), *_GAIN_LIMITS))


def levels(samples: Pcm) -> tuple[float, float]:
    """RMS of the louder half, so that pauses do not count, and the peak, both 0..1.

    From 64 windows: a clip of five seconds is read whole, two hours cost no more.
    """
    if not len(samples):
        return 0.0, 0.0
    firsts = np.linspace(0, max(0, len(samples) - 2048), 64).astype(np.int64)
    parts = [samples[first : first + 2048].astype(np.float32) / 32768 for first in firsts]
    powers = np.sort([float(np.mean(part * part)) for part in parts])
    loud = float(np.sqrt(powers[len(powers) // 2 :].mean()))
    return loud, max(float(np.abs(part).max()) for part in parts)


class Blocks:
    """Sound for the card in blocks of `size` frames, None until prepared; read without a lock.

    `start` and `end` are seconds of the recording, `frames` counts those of the device at
    `out_rate`; `speed` is how many seconds of the recording one second of them holds.
    """

    speed = 1.0

    def __init__(self, span: tuple[float, float], frames: int, out_rate: int, size: int) -> None:
        self.start, self.end = span
        self.frames = frames
        self.out_rate = out_rate
        self._size = size
        self._blocks: list[Block | None] = [None] * ceil(frames / size)

    def frame(self, seconds: float) -> int:
        """The device frame of a time of the recording, kept inside."""
        frame = round((seconds - self.start) * self.out_rate / self.speed)
        return min(max(0, frame), max(0, self.frames - 1))

    def time(self, heard: float) -> float:
        """The time of the recording after `heard` seconds of listening."""
        return min(self.start + heard * self.speed, self.end)

    def ready(self, frame: int, count: int) -> Block | None:
        """Up to `count` prepared frames from `frame` on; empty at the end, None if not prepared."""
        if frame >= self.frames:
            return _NOTHING
        block = self._blocks[frame // self._size]
        if block is None:
            return None
        offset = frame % self._size
        return block[offset : offset + count]

    def prepare(self, frame: int, seconds: float = 1) -> None:
        """Make the blocks ready that hold the next `seconds` from `frame` on."""
        for number in self._numbers(frame, seconds):
            self._prepare(number)

    def prepare_next(self, frame: int, seconds: float) -> bool:
        """Make the first of these blocks that is missing; False when all are there."""
        return any(self._prepare(number) for number in self._numbers(frame, seconds))

    def _numbers(self, frame: int, seconds: float) -> range:
        last = ceil((frame + seconds * self.out_rate) / self._size)
        return range(frame // self._size, min(last, len(self._blocks)))

    def forget(self, before: int, after: int) -> None:
        """Drop the blocks outside two device frames; the first stays for the next lap."""
        keep = range(max(0, before) // self._size, after // self._size + 1)
        for number in range(1, len(self._blocks)):
            if number not in keep:
                self._blocks[number] = None

    def _prepare(self, number: int) -> bool:
        """Make one block, unless it is there; whether it had to be made."""
        raise NotImplementedError

    def _with_soft_edges(self, block: Block, first: int) -> Block:
        """The fades at the two ends, where `block` begins at device frame `first`."""
        frames = np.arange(first, first + len(block), dtype=np.float32)
        if first == 0:
            block *= np.minimum(1, frames / (RISE * self.out_rate))
        if first + len(block) > self.frames - FALL * self.out_rate:
            block *= np.minimum(1, (self.frames - 1 - frames) / (FALL * self.out_rate))
        return block


class Passage(Blocks):
    """The span as it was recorded: blocks of one second, each resampled alone."""

    def __init__(
        self, samples: Pcm, rate: int, span: tuple[float, float], out_rate: int, gain: float
    ) -> None:
        """`span` in seconds, cut to the recording; `out_rate` is the device's."""
        self._samples = samples
        self._rate = rate
        self._first = min(max(0, round(span[0] * rate)), len(samples))
        last = min(max(self._first, round(span[1] * rate)), len(samples))
        frames = (last - self._first) * out_rate // rate
        super().__init__((self._first / rate, last / rate), frames, out_rate, out_rate)
        self._gain = gain

    def _prepare(self, number: int) -> bool:
        missing = self._blocks[number] is None
        if missing:
            self._blocks[number] = self._make(number)
        return missing

    def _make(self, second: int) -> Block:
        step = gcd(self._rate, self.out_rate)
        margin = ceil(_MARGIN * step) * (self._rate // step)
        first = self._first + second * self._rate - margin
        block = self._cut(first, first + self._rate + 2 * margin)
        if self._rate != self.out_rate:
            block = soxr.resample(block, self._rate, self.out_rate)
        skip = margin * self.out_rate // self._rate
        count = min(self.out_rate, self.frames - second * self.out_rate)
        block = block[skip : skip + count] * np.float32(self._gain)
        np.clip(block, -1.0, 1.0, out=block)
        return self._with_soft_edges(block, second * self.out_rate)

    def _cut(self, first: int, last: int) -> Block:
        """Samples as floats, silence outside the recording."""
        block = np.zeros(last - first, np.float32)
        inside = self._samples[max(0, first) : max(0, last)]
        before = max(0, -first)
        np.multiply(inside, np.float32(1 / 32768), out=block[before : before + len(inside)])
        return block


_NOTHING: Block = np.zeros(0, np.float32)
