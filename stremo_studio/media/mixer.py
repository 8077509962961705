"""What runs in the sound card's callback: one voice, and the 5 ms tail of the one before it.

No lock is taken here and none is needed: the player swaps `wanted`, the callback alone moves
cursors, and both are single assignments. A Python lock held elsewhere would be a gap in the sound.
"""

from dataclasses import dataclass
from time import perf_counter
from typing import NamedTuple

import numpy as np

from stremo_studio.media.passage import FALL, RISE, Block, Blocks


@dataclass(slots=True, eq=False)
class Voice:
    """A passage being played. Only the callback writes here once it is wanted.

    `cursor` counts device frames from the passage's start. `handed_at` is when its first frame was
    handed over (perf_counter), `ended_at` when its last is heard (the device's clock).
    """

    passage: Blocks
    cursor: int
    first: int
    handed_at: float | None = None
    ended_at: float | None = None


class Mark(NamedTuple):
    """At `time` of the device's clock, frame `cursor` of `voice` is heard."""

    voice: Voice
    cursor: int
    time: float


class Mixer:
    """Fills blocks of mono float32 frames; never raises. `played` counts frames of the recording,
    however fast they were heard."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.wanted: Voice | None = None
        self.loop = False
        self.mark: Mark | None = None
        self.played = 0.0
        self.underruns = 0
        self.fault: Exception | None = None
        self._current: Voice | None = None
        self._fading: Voice | None = None
        self._fall = np.linspace(1, 0, round(FALL * rate), dtype=np.float32)
        self._rise = np.linspace(0, 1, round(RISE * rate), dtype=np.float32)
        self._faded = 0

    def render(self, out: Block, time: float) -> None:
        """Fill `out`, shape (frames,), heard from `time` of the device's clock on."""
        out.fill(0)
        try:
            self._mix(out, time)
        except Exception as error:  # noqa: BLE001 - an error here would end the stream for good
            self.wanted = self._current = self._fading = None
            self.fault = error

    def _mix(self, out: Block, time: float) -> None:
        wanted = self.wanted
        if wanted is not self._current:
            self._fading, self._faded = self._current, 0
            self._current = wanted
        if self._fading is not None:
            self._fade_out(out, self._fading)
        if wanted is not None and wanted.ended_at is None:
            self._play(out, wanted, time)

    def _fade_out(self, out: Block, voice: Voice) -> None:
        tail = voice.passage.ready(voice.cursor, min(len(out), len(self._fall) - self._faded))
        if tail is None or not len(tail):
            self._fading = None
            return
        out[: len(tail)] += tail * self._fall[self._faded : self._faded + len(tail)]
        voice.cursor += len(tail)
        self._faded += len(tail)
        if self._faded >= len(self._fall):
            self._fading = None

    def _play(self, out: Block, voice: Voice, time: float) -> None:
        self.mark = Mark(voice, voice.cursor, time)
        done = 0
        while done < len(out):
            part = voice.passage.ready(voice.cursor, len(out) - done)
            if part is None:
                self.underruns += 1
                return
            if not len(part):
                if self.loop and voice.passage.frames:
                    voice.cursor = voice.first = 0
                    continue
                voice.ended_at = time + done / self.rate
                return
            self._add(out[done : done + len(part)], part, voice)
            done += len(part)

    def _add(self, out: Block, part: Block, voice: Voice) -> None:
        since = voice.cursor - voice.first
        if voice.first and since < len(self._rise):  # begun in the middle: no click
            size = min(len(part), len(self._rise) - since)
            out[:size] += part[:size] * self._rise[since : since + size]
            out[size:] += part[size:]
        else:
            out += part
        if voice.handed_at is None:
            voice.handed_at = perf_counter()
        voice.cursor += len(part)
        self.played += len(part) * voice.passage.speed
