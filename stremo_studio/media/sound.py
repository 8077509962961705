"""A recording as int16 mono samples at the rate it is played with: what is drawn and what is heard.

Long recordings are decoded once into a PCM file that is memory-mapped, so that a two-hour recording
costs no memory and opens at once the next time. Times are frames of that PCM, never codec times.
"""

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from trainer.sound.decoding import AudioError, probe, read_audio, to_pcm

MAX_RATE = 48_000
IN_MEMORY_SECONDS = 60.0
CACHE_BYTES = 8 * 1024**3
"""What the kept samples may take on the disk; the ones opened longest ago go first."""
MAGIC = b"STREMOPCM1\0\0"
HEADER = 64  # bytes before the samples; keeps them aligned

Pcm = npt.NDArray[np.int16]


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

    def part(self, start: float, end: float) -> "Sound":
        """These seconds as a sound of their own, which begins at 0; no copy is made."""
        return Sound(self.span(start, end), self.rate, self.key)

    def span(self, start: float, end: float) -> Pcm:
        """The samples of `start`..`end` seconds, cut to what there is; no copy is made."""
        return self.samples[max(0, round(start * self.rate)) : max(0, round(end * self.rate))]


def open_at_once(path: Path, cache: Path) -> Sound | None:
    """A short recording, or a long one that `cache` keeps; None for one that must be unpacked.

    Raises AudioError when nothing can be heard.
    """
    info = probe(path)
    if info.duration <= IN_MEMORY_SECONDS:
        samples, rate = read_audio(path, rate=min(info.rate, MAX_RATE))
        return Sound(to_pcm(samples), rate, content_key(path))
    return kept_sound(cache, content_key(path))


def content_key(path: Path) -> str:
    """Names the content: place, size and time of change. Raises AudioError when it is gone."""
    try:
        facts = path.stat()
    except OSError as error:
        raise AudioError(f"{path.name} is not there.", "Link the file again.") from error
    text = f"{path.resolve()}\0{facts.st_size}\0{facts.st_mtime_ns}"
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def make_room(newest: Path) -> None:
    """Drop the samples opened longest ago; a recording that is still open keeps its own map."""
    facts = [(path, path.stat()) for path in newest.parent.glob("*.pcm") if path != newest]
    total = newest.stat().st_size + sum(fact.st_size for _, fact in facts)
    for path, fact in sorted(facts, key=lambda found: found[1].st_mtime_ns):
        if total <= CACHE_BYTES:
            return
        with suppress(OSError):  # Windows keeps a mapped file: it goes another time
            path.unlink()
            total -= fact.st_size


def pcm_file(cache: Path, key: str) -> Path:
    """Where the samples of a long recording are kept."""
    return cache / f"{key}.pcm"


def header(rate: int, frames: int) -> bytes:
    """The first bytes of a file of samples that is whole."""
    return (MAGIC + rate.to_bytes(4, "little") + frames.to_bytes(8, "little")).ljust(HEADER, b"\0")


def kept_sound(cache: Path, key: str) -> Sound | None:
    """The kept samples, or None when there are none or the file is not whole."""
    kept = pcm_file(cache, key)
    try:
        with kept.open("rb") as file:
            head = file.read(HEADER)
        size = kept.stat().st_size
    except OSError:
        return None
    if len(head) < HEADER or not head.startswith(MAGIC):
        return None
    rate = int.from_bytes(head[12:16], "little")
    frames = int.from_bytes(head[16:24], "little")
    if not rate or not frames or size < HEADER + 2 * frames:
        return None
    with suppress(OSError):  # opened last: goes last when room is made
        os.utime(kept)
    return Sound(np.memmap(kept, np.int16, "r", HEADER, (frames,)), rate, key)
