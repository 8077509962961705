"""Where somebody speaks in a recording, cut into clips of 1 to 10 s at the pauses.

Energy with an adaptive threshold, as in Rabiner and Sambur (1975), a minute at a time: whatever is
well above the noise around it counts as speech. Music and noises are proposed as well: a person
listens to each clip anyhow, and a missed sentence costs more than a key.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from stremo_studio.media.sound import Sound

STEP = 0.01
"""Seconds of a level."""
SHORTEST, LONGEST = 1.0, 10.0
"""Seconds of a proposed clip."""
PAUSE = 0.35
"""Seconds of quiet that end a clip; shorter ones are within a sentence."""
_SPEECH = 0.12  # seconds that speech lasts at least: shorter is a click
_MARGIN = 0.12  # seconds of quiet kept on either side
_ROOM = 60.0  # seconds over which the noise is estimated
_FLOOR = -80.0  # dB: digital silence
_CONTRAST = 6.0  # dB from noise to speech below which nobody is heard to speak
_BAND = 8000  # hertz of the samples that are looked at
_BLOCK = 600_000  # frames read at once

Levels = npt.NDArray[np.floating[Any]]
"""dB of each STEP, shape (steps,)."""
Span = tuple[int, int]
"""First step, and the one after the last."""


@dataclass(frozen=True, slots=True)
class _Times:
    """The rules in steps."""

    shortest: int = round(SHORTEST / STEP)
    longest: int = round(LONGEST / STEP)
    pause: int = round(PAUSE / STEP)
    speech: int = round(_SPEECH / STEP)
    margin: int = round(_MARGIN / STEP)


_T = _Times()


def speech_spans(sound: Sound) -> list[tuple[float, float]]:
    """Seconds of each proposed clip, in order, without overlap; none where nobody speaks."""
    levels = levels_of(sound)
    if not len(levels):
        return []
    speaking = _without_short(_is_speech(levels))
    spans = [span for run in _runs(speaking) for span in _cut(levels, *run)]
    spans = _padded(_joined(spans), len(levels))
    return [(round(first * STEP, 2), round(last * STEP, 2)) for first, last in spans]


def levels_of(sound: Sound) -> Levels:
    """Level of what speech is made of: up to 4 kHz, where noise often goes on, and without the mean
    of each step, which hums and rumbles."""
    fold = max(1, round(sound.rate / _BAND))
    size = max(1, round(STEP * sound.rate / fold))
    steps = len(sound.samples) // (size * fold)
    levels = np.empty(steps, np.float32)
    at_once = max(1, _BLOCK // (size * fold))
    for first in range(0, steps, at_once):
        last = min(steps, first + at_once)
        block = sound.samples[first * size * fold : last * size * fold].reshape(-1, fold)
        low = block[:, 0].astype(np.float32)
        for part in range(1, fold):
            low += block[:, part]
        rows = low.reshape(-1, size) / np.float32(fold * 32768)
        power = np.einsum("ij,ij->i", rows, rows) / size - np.square(rows.mean(axis=1))
        levels[first:last] = 10 * np.log10(np.maximum(power, 10 ** (_FLOOR / 10)))
    return levels


def _is_speech(levels: Levels) -> npt.NDArray[np.bool_]:
    """Steps well above the noise of the minute around them."""
    smooth = np.convolve(levels, np.full(5, 0.2, np.float32), "same")
    room, speaking = round(_ROOM / STEP), np.zeros(len(levels), bool)
    overall = float(np.percentile(smooth, 5))
    for first in range(0, len(levels), room):
        around = smooth[max(0, first - room // 2) : first + room + room // 2]
        # nobody may pause for a minute: the quiet of the whole recording speaks too
        noise = min(float(np.percentile(around, 5)), overall + 6)
        loud = float(np.percentile(around, 97))
        if loud - noise >= _CONTRAST:
            threshold = noise + max(4.0, 0.3 * (loud - noise))
            speaking[first : first + room] = smooth[first : first + room] > threshold
    return speaking


def _without_short(speaking: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Fill the pauses within a sentence, then drop what is too short to be speech."""
    cleaned = speaking.copy()
    for first, last in _runs(~speaking):
        if last - first < _T.pause and first > 0 and last < len(speaking):
            cleaned[first:last] = True
    for first, last in _runs(cleaned):
        if int(speaking[first:last].sum()) < _T.speech:
            cleaned[first:last] = False
    return cleaned


def _runs(steps: npt.NDArray[np.bool_]) -> Iterator[Span]:
    """Each stretch of True."""
    edges = np.flatnonzero(np.diff(steps.astype(np.int8), prepend=0, append=0))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def _cut(levels: Levels, first: int, last: int) -> list[Span]:
    """A stretch in parts of at most LONGEST, cut where it is quietest, away from its ends."""
    if last - first <= _T.longest - 2 * _T.margin:
        return [(first, last)]
    parts = -(-(last - first) // (_T.longest - 2 * _T.margin))
    even = (last - first) // parts
    low, high = first + max(_T.shortest, even // 2), first + min(_T.longest, even * 3 // 2)
    low, high = max(low, last - (parts - 1) * _T.longest), min(high, last - _T.shortest)
    quiet = np.convolve(levels[low:high], np.full(15, 1 / 15, np.float32), "same")
    middle = low + int(quiet.argmin()) if len(quiet) else first + even
    return [*_cut(levels, first, middle), *_cut(levels, middle, last)]


def _joined(spans: list[Span]) -> list[Span]:
    """Lay what is too short for a clip to the neighbour that is near."""
    joined: list[Span] = []
    for first, last in spans:
        before = joined[-1] if joined else None
        if (
            before is not None
            and min(last - first, before[1] - before[0]) < _T.shortest
            and first - before[1] < 2 * _T.pause
            and last - before[0] <= _T.longest - 2 * _T.margin
        ):
            joined[-1] = (before[0], last)
        else:
            joined.append((first, last))
    return joined


def _padded(spans: list[Span], steps: int) -> list[Span]:
    """With some quiet on either side, and at least SHORTEST where there is room."""
    padded: list[Span] = []
    for number, (first, last) in enumerate(spans):
        lowest = padded[-1][1] if padded else 0
        highest = spans[number + 1][0] if number + 1 < len(spans) else steps
        more = max(_T.margin, -(-(_T.shortest - (last - first)) // 2))
        before = max(lowest, first - more)
        after = min((highest + last) // 2 if highest < steps else steps, last + more)
        padded.append((before, after))
    return padded
