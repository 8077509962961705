"""A recording as int16 mono samples at the rate it is played with: what is drawn and what is heard.

Long recordings are decoded once into a PCM file that is memory-mapped, so that a two-hour recording
costs no memory and opens at once the next time. Times are frames of that PCM, never codec times.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from trainer.contract.files import written_aside
from trainer.decoding import AudioError, Samples, probe, read_audio, to_pcm

MAX_RATE = 48_000
IN_MEMORY_SECONDS = 60.0
CACHE_BYTES = 8 * 1024**3
"""What the kept samples may take on the disk; the ones opened longest ago go first."""
_BLOCK_SECONDS = 10
_MAGIC = b"STREMOPCM1\0\0"
_HEADER = 64  # bytes before the samples; keeps them aligned

Pcm = npt.NDArray[np.int16]
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """Samples of shape (frames,), their rate in hertz, and a key that names the file's content."""

    samples: Pcm
    rate: int
    key: str

    @property
    def duration(self) -> float:
        """Seconds."""
        return len(self.samples) / self.rate

    def span(self, start: float, end: float) -> Pcm:
        """The samples of `start`..`end` seconds, cut to what there is; no copy is made."""
        return self.samples[max(0, round(start * self.rate)) : max(0, round(end * self.rate))]


def open_sound(path: Path, cache: Path, progress: Progress | None = None) -> Sound:
    """Open a recording of any length; `cache` keeps the samples of long ones.

    `progress` hears the share done (0..1) while a long file is decoded; what it raises ends the
    decoding and leaves no half-written file. Raises AudioError when nothing can be heard.
    """
    info = probe(path)
    key = content_key(path)
    if info.duration <= IN_MEMORY_SECONDS:
        samples, rate = read_audio(path, rate=_play_rate(info.rate))
        return Sound(to_pcm(samples), rate, key)
    kept = cache / f"{key}.pcm"
    sound = _map(kept, key)
    if sound is None:
        blocks = _reported(_blocks(path, info.rate), info.duration, progress)
        sound = _decode(path, blocks, _play_rate(info.rate), kept, key)
    return sound


def content_key(path: Path) -> str:
    """Names the content: place, size and time of change. Raises AudioError when it is gone."""
    try:
        facts = path.stat()
    except OSError as error:
        raise AudioError(f"{path.name} is not there.", "Link the file again.") from error
    text = f"{path.resolve()}\0{facts.st_size}\0{facts.st_mtime_ns}"
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _play_rate(rate: int) -> int:
    return min(rate, MAX_RATE)


def _decode(path: Path, blocks: Iterator[Samples], rate: int, kept: Path, key: str) -> Sound:
    first = next(blocks, None)  # outside the cache's own errors: a bad file is not a full disk
    if first is None:
        raise AudioError(f"{path.name} holds no sound.", "Remove it or fetch it again.")
    blocks = chain([first], blocks)
    try:
        with written_aside(kept) as file:
            _write(file, blocks, rate)
    except OSError:  # a read-only or full project: keep it for this session only
        return _decode_for_now(path, rate, key)
    with suppress(OSError):  # another thread makes room too, and took a file first
        _make_room(kept)
    sound = _map(kept, key)
    assert sound is not None, f"{kept} was written a moment ago"
    return sound


def _make_room(newest: Path) -> None:
    """Drop the samples opened longest ago; a recording that is still open keeps its own map."""
    facts = [(path, path.stat()) for path in newest.parent.glob("*.pcm") if path != newest]
    total = newest.stat().st_size + sum(fact.st_size for _, fact in facts)
    for path, fact in sorted(facts, key=lambda found: found[1].st_mtime_ns):
        if total <= CACHE_BYTES:
            return
        with suppress(OSError):  # Windows keeps a mapped file: it goes another time
            path.unlink()
            total -= fact.st_size


def _decode_for_now(path: Path, rate: int, key: str) -> Sound:
    try:
        with tempfile.TemporaryFile() as file:  # gone from the disk when its map is
            _write(file, _blocks(path, probe(path).rate), rate)
            samples = np.memmap(file, np.int16, "r", _HEADER)
    except OSError as error:
        raise AudioError(
            f"There is no room to unpack {path.name}: {error.strerror}.",
            "Free some space on the disk and open the clip again.",
        ) from error
    return Sound(samples, rate, key)


def _write(file: BinaryIO, blocks: Iterator[Samples], rate: int) -> None:
    file.write(bytes(_HEADER))
    frames = 0
    for block in blocks:
        frames += len(block)
        file.write(to_pcm(block).tobytes())
    file.seek(0)
    file.write(_MAGIC + rate.to_bytes(4, "little") + frames.to_bytes(8, "little"))
    file.seek(0, os.SEEK_END)
    file.flush()


def _map(kept: Path, key: str) -> Sound | None:
    """The kept samples, or None when there are none or the file is not whole."""
    try:
        with kept.open("rb") as file:
            head = file.read(_HEADER)
        size = kept.stat().st_size
    except OSError:
        return None
    if len(head) < _HEADER or not head.startswith(_MAGIC):
        return None
    rate = int.from_bytes(head[12:16], "little")
    frames = int.from_bytes(head[16:24], "little")
    if not rate or not frames or size != _HEADER + 2 * frames:
        return None
    with suppress(OSError):  # opened last: goes last when room is made
        os.utime(kept)
    return Sound(np.memmap(kept, np.int16, "r", _HEADER), rate, key)


def _reported(
    blocks: Iterator[Samples], duration: float, progress: Progress | None
) -> Iterator[Samples]:
    for done, block in enumerate(blocks, start=1):
        yield block
        if progress is not None:
            progress(min(1.0, done * _BLOCK_SECONDS / duration))


def _blocks(path: Path, rate: int) -> Iterator[Samples]:
    """Ten seconds at a time, mono, at the playing rate: two hours never sit in memory as floats."""
    resample = None
    if rate > MAX_RATE:
        resample = soxr.ResampleStream(rate, MAX_RATE, 1, dtype="float32")
    for block, last in _mono_blocks(path):
        yield block if resample is None else resample.resample_chunk(block, last=last)


def _mono_blocks(path: Path) -> Iterator[tuple[Samples, bool]]:
    begun = False
    try:
        with soundfile.SoundFile(str(path)) as file:
            size = _BLOCK_SECONDS * file.samplerate
            while len(block := file.read(size, dtype="float32", always_2d=True)):
                begun = True
                yield block.mean(axis=1, dtype=np.float32), len(block) < size
    except soundfile.LibsndfileError:
        if not begun:  # damage in minute 90 must not take the clips before it
            yield read_audio(path)[0], True  # FFmpeg's formats: the track in one piece
