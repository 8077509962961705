"""A long recording while it is decoded: seen and heard from the first moment, not after the last.

The samples go through a file into their memory map, never through the map itself: a full disk is
then an error that can be told, not a signal that ends the program.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import get_ident
from types import TracebackType
from typing import BinaryIO, Self

import numpy as np
import soxr

from stremo_studio.media.peaks import growing_peaks
from stremo_studio.media.sound import (
    HEADER,
    MAX_RATE,
    Sound,
    content_key,
    header,
    kept_sound,
    make_room,
    open_at_once,
    pcm_file,
)
from trainer.sound.decoding import AudioError, Samples, glimpse, probe, stream_audio, to_pcm

_FILTER = 0.05
"""Seconds on either side of a glimpse that the resampling filter needs."""


class Unpacking:
    """`sound` is silent and `peaks` lack what is not decoded yet; `pieces` decodes it in order.

    Leaving the block before `finish` drops the file; its map stays usable while somebody holds it.
    Raises AudioError when there is nothing to hear, or no room.
    """

    def __init__(self, path: Path, cache: Path) -> None:
        info = probe(path)
        self._path, self._cache, self._own_rate = path, cache, info.rate
        rate = min(info.rate, MAX_RATE)
        key = content_key(path)
        frames = max(1, round(info.duration * rate))
        try:
            self._file, self._aside = _new_file(pcm_file(cache, key))
            self._file.truncate(HEADER + 2 * frames)
            samples = np.memmap(self._aside, np.int16, "r", HEADER, (frames,))
        except OSError as error:
            raise _no_room(path, error) from error
        self.sound = Sound(samples, rate, key)
        self.peaks = growing_peaks(samples)
        self._done = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
        with suppress(OSError):  # Windows keeps a mapped file: it goes with the project's cache
            self._aside.unlink(missing_ok=True)

    def show(self, start: float, end: float) -> None:
        """Bring these seconds forward, for eye and ear: at most a packet (20 ms) off until
        `pieces` has come to them. Does nothing where they are there already, or damaged."""
        rate = self.sound.rate
        if self.peaks.has_all(start * rate, end * rate):
            return
        start = max(0.0, start - _FILTER)
        try:
            samples, own_rate = glimpse(self._path, start, end + _FILTER)
        except AudioError:
            return
        if own_rate != rate:
            samples = soxr.resample(samples, own_rate, rate)
        first = round(start * rate)
        there = max(0, self._done - first)  # decoded in order already, and to the frame
        if there < len(samples):
            self._put(samples[there:], first + there)

    def pieces(self) -> Iterator[float]:
        """Decode to the end; the share that is done (0..1) after each piece."""
        resample = None
        if self._own_rate != self.sound.rate:
            resample = soxr.ResampleStream(self._own_rate, self.sound.rate, 1, dtype="float32")
        for block in stream_audio(self._path):
            self._add(block if resample is None else resample.resample_chunk(block))
            yield min(1.0, self._done / len(self.sound.samples))
        if resample is not None:
            self._add(resample.resample_chunk(np.zeros(0, np.float32), last=True))
        if not self._done:
            raise AudioError(f"{self._path.name} holds no sound.", "Remove it or fetch it again.")

    def finish(self) -> Sound:
        """Keep the samples for the next time; where that is not possible, for this one."""
        kept = pcm_file(self._cache, self.sound.key)
        samples = np.memmap(self._aside, np.int16, "r", HEADER, (self._done,))
        try:
            self._file.seek(0)  # never shortened: `sound` may still be looked at
            self._file.write(header(self.sound.rate, self._done))
            os.fsync(self._file.fileno())
            if self._aside.parent == kept.parent:
                self._aside.replace(kept)
                make_room(kept)
        except OSError:
            return Sound(samples, self.sound.rate, self.sound.key)
        return kept_sound(self._cache, self.sound.key) or Sound(
            samples, self.sound.rate, self.sound.key
        )

    def _add(self, block: Samples) -> None:
        self._put(block, self._done)
        self._done += len(block)

    def _put(self, block: Samples, first: int) -> None:
        left = memoryview(to_pcm(block).tobytes())
        try:
            self._file.seek(HEADER + 2 * first)
            while left:
                left = left[self._file.write(left) :]
        except OSError as error:
            raise _no_room(self._path, error) from error
        self.peaks.grow(first, min(first + len(block), len(self.sound.samples)))


def open_sound(path: Path, cache: Path) -> Sound:
    """Open a recording of any length, decoding it first if need be. Raises AudioError."""
    sound = open_at_once(path, cache)
    if sound is not None:
        return sound
    with Unpacking(path, cache) as unpacking:
        for _ in unpacking.pieces():
            pass
        return unpacking.finish()


def sweep(cache: Path) -> None:
    """Drop what a studio left half unpacked when it was killed. Nothing may be unpacking now."""
    for part in cache.glob(".*.pcm.*.part"):
        with suppress(OSError):
            part.unlink()


def _new_file(kept: Path) -> tuple[BinaryIO, Path]:
    """A file beside the one that it will become; elsewhere in a project that cannot be written."""
    aside = kept.with_name(f".{kept.name}.{os.getpid()}.{get_ident()}.part")
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        return aside.open("w+b", buffering=0), aside
    except OSError:
        descriptor, name = tempfile.mkstemp(suffix=".pcm")
        return os.fdopen(descriptor, "w+b", buffering=0), Path(name)


def _no_room(path: Path, error: OSError) -> AudioError:
    return AudioError(
        f"There is no room to unpack {path.name}: {error.strerror}.",
        "Free some space on the disk and open the clip again.",
    )
