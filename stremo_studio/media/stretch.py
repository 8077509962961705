"""A passage slower or faster with its pitch kept: WSOLA, made ahead of the sound card in blocks.

Windows of 1/32 s are laid half over each other; each is taken near its time in the recording, where
it goes on best from the window before (Verhelst and Roelands, ICASSP 1993). For speech between half
and one and a half times this is as good as phase vocoders, and needs nothing but numpy:
python-stretch (MIT) has no wheel for Linux on ARM, rests since early 2025, and cannot begin in the
middle or say which frame of the recording an output frame is.
"""

from threading import Lock

import numpy as np

from stremo_studio.media.passage import Block, Blocks

_HOPS = 64  # a second of output: half a window is 16 ms
_HOPS_A_BLOCK = 16
_SEARCH = 120  # 1/120 s either way: together a period of 60 Hz, below the lowest voice
_COARSE_RATE = 8000
"""What windows are compared at first; only around the best one at the device's own rate."""


class Stretched(Blocks):
    """`sound` at another speed. Each block goes on from the last window of the one before; where
    that was not made, as after a jump, a block begins afresh.

    The player and the feeder prepare, so a lock is taken for each block; the card only reads.
    """

    def __init__(self, sound: Blocks, speed: float) -> None:
        self.speed = speed
        rate = sound.out_rate
        self._sound = sound
        self._hop = rate // _HOPS
        self._reach = rate // _SEARCH
        self._step = max(1, rate // _COARSE_RATE)
        self._rise = (0.5 - 0.5 * np.cos(np.pi * (np.arange(self._hop) + 0.5) / self._hop)).astype(
            np.float32
        )
        frames = round(sound.frames / speed)
        span = (sound.start, sound.end)
        super().__init__(span, frames, rate, self._hop * _HOPS_A_BLOCK)
        self._seams: list[tuple[int | None, int] | None] = [None] * len(self._blocks)
        """Of each block: the last window before it (None where it begins afresh), and its own."""
        self._making = Lock()

    def forget(self, before: int, after: int) -> None:
        super().forget(before, after)
        self._sound.forget(round(before * self.speed), round(after * self.speed))

    def _prepare(self, number: int) -> bool:
        with self._making:
            before = self._last_window(number - 1)
            seam = self._seams[number]
            made = self._blocks[number] is not None
            if made and seam is not None and before in (None, seam[0]):
                return False
            block, last = self._make(number, before)
            self._seams[number] = (before, last)
            self._blocks[number] = block
            return True

    def _last_window(self, number: int) -> int | None:
        """Where in the sound the last window of a block was taken; None if it is not there."""
        seam = self._seams[number] if number >= 0 else None
        return None if seam is None or self._blocks[number] is None else seam[1]

    def _make(self, number: int, last: int | None) -> tuple[Block, int]:
        first = number * _HOPS_A_BLOCK
        count = min(self._size, self.frames - first * self._hop)
        taken = [round((first + n) * self._hop * self.speed) for n in range(_HOPS_A_BLOCK)]
        begin = min(taken[0], taken[0] if last is None else last) - self._reach
        source = self._read(begin, taken[-1] + self._reach + 2 * (self._hop + self._step) - begin)
        alike = _Likeness(source, self._hop, self._reach, self._step)
        out = np.empty(self._size, np.float32)
        at = None if last is None else last - begin
        for n, nominal in enumerate(taken):
            part = out[n * self._hop : (n + 1) * self._hop]
            if at is None:
                at = nominal - begin
                part[:] = source[at : at + self._hop]
                continue
            ending = source[at + self._hop : at + 2 * self._hop]
            at = alike.best(nominal - begin, at + self._hop)
            part[:] = ending + self._rise * (source[at : at + self._hop] - ending)
        assert at is not None
        return self._with_soft_edges(out[:count], first * self._hop), at + begin

    def _read(self, first: int, count: int) -> Block:
        """Frames of the sound, silence outside it."""
        out = np.zeros(count, np.float32)
        at = max(0, first)
        while at < first + count:
            part = self._sound.ready(at, first + count - at)
            if part is None:
                self._sound.prepare(at)
                continue
            if not len(part):
                break
            out[at - first : at - first + len(part)] = part
            at += len(part)
        return out


class _Likeness:
    """Finds what goes on best: first among means of `step` frames, then to the frame."""

    def __init__(self, source: Block, length: int, reach: int, step: int) -> None:
        self._source, self._length, self._reach, self._step = source, length, reach, step
        self._means = source[: len(source) // step * step].reshape(-1, step).mean(axis=1)
        self._power = np.concatenate(([0.0], np.cumsum(self._means.astype(np.float64) ** 2)))

    def best(self, nominal: int, pattern: int) -> int:
        """The start, within reach of `nominal`, of what is most like that from `pattern` on."""
        step = self._step
        length = self._length // step
        low, high = (nominal - self._reach) // step, (nominal + self._reach) // step
        wanted = self._means[pattern // step : pattern // step + length]
        likeness = np.correlate(self._means[low : high + length], wanted, "valid")
        power = self._power[low + length : high + length + 1] - self._power[low : high + 1]
        near = (low + int(np.argmax(likeness / np.sqrt(power[: len(likeness)] + 1e-9)))) * step
        if step == 1:
            return near
        near = max(0, near + pattern % step - step)
        region = self._source[near : near + 2 * step + self._length]
        ending = self._source[pattern : pattern + self._length]
        return near + int(np.argmax(np.correlate(region, ending, "valid")))
