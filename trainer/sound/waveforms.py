"""Clips as 16 kHz mono int16, decoded once into a store that all runs of a cache folder share.

A clip is known by what its file holds, not by where it lies: what is moved, renamed or copied is
hashed again and not decoded. Size and time of change tell whether a file is still the same one.
"""

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from trainer.contract.kept import AUDIO
from trainer.contract.manifest import ManifestClip
from trainer.sound.blob_store import BlobStore
from trainer.sound.decoding import AudioError, Pcm, Span, read_spans, require_file, to_pcm

RATE = 16_000
LONGEST = 30.0
"""Seconds of a clip that evaluation hears at most."""
DAMAGED = "Some of the decoded audio in the cache was damaged: it is decoded again."
_BEYOND_S = 0.1
"""Heard beyond the longest, to know whether the clip ends there."""
_AT_ONCE = 16
"""Clips of one recording in one piece of work, where a file can be sought in."""
_SOUGHT = frozenset({".wav", ".flac", ".aiff", ".ogg", ".oga", ".opus", ".mp3"})

Waveform = Pcm


def _nothing(*_: object) -> None:
    pass


@dataclass(frozen=True, slots=True)
class _Heard:
    """What came of clips of one recording: None for what the store has already."""

    identity: str
    content: str
    sounds: list[tuple[ManifestClip, Waveform | AudioError | None]]


class Waveforms:
    """The decoded clips of a cache folder, which may not exist yet. Threads may share it.

    `tell` hears a sentence, once, when something in the store was damaged; it mends itself.
    """

    def __init__(self, cache: Path, tell: Callable[[str], object] = _nothing) -> None:
        self.store = BlobStore(cache / AUDIO)
        self._tell = tell
        self._tell_of_damage()

    def build(
        self,
        clips: Sequence[ManifestClip],
        advance: Callable[[int], object] = _nothing,
        check: Callable[[], object] = _nothing,
        longest: float = LONGEST,
    ) -> dict[str, str]:
        """Decode what the store lacks, on every core; why a clip cannot be heard, by clip id.

        `advance` hears how many more clips are done; `check` is called again and again, and may
        raise. While another process fills the store this one waits for it. Raises OSError when
        the disk is full; what is in the store stays right.
        """
        unusable: dict[str, str] = {}
        missing = self._missing(clips, longest, unusable)
        advance(len(clips) - len(missing))

        def look_again() -> None:
            nonlocal missing
            check()
            self.store.refresh()
            left = self._missing(missing, longest, unusable)
            advance(len(missing) - len(left))
            missing = left

        if missing:
            with self.store.writing(look_again):
                look_again()
                for heard in self._heard(missing, longest):
                    check()
                    unusable |= self._keep(heard, longest)
                    advance(len(heard.sounds))
        self._tell_of_damage()
        return unusable

    def length(self, clip: ManifestClip, longest: float = LONGEST) -> int:
        """Samples of the clip, at most so many seconds, decoding it when the store lacks it.

        Raises AudioError."""
        key = self.name(clip)
        if key is None or not self._has(key, longest):
            return len(self._decode(clip, longest))
        return min(int(self.store.facts(key)[0]), _most(longest))

    def samples(self, clip: ManifestClip, longest: float = LONGEST) -> Waveform:
        """The clip's first seconds, shape (samples,), read-only. Raises AudioError."""
        key = self.name(clip)
        blob = self.store.get(key) if key is not None and self._has(key, longest) else None
        if blob is None:
            return self._decode(clip, longest)
        return blob.view("<i2")[: _most(longest)]

    def name(self, clip: ManifestClip) -> str | None:
        """What names the clip's sound, wherever its file lies: to keep by it what was computed
        from it. None before the file was seen. Raises AudioError when it is not there."""
        content = self.store.facts(_identity(clip.path))
        return None if content is None else _key(content, clip)

    def _has(self, key: str, longest: float) -> bool:
        """Whether enough of the clip is in the store."""
        facts = self.store.facts(key)
        return facts is not None and (facts[1] or facts[0] >= _most(longest))

    def _missing(
        self, clips: Sequence[ManifestClip], longest: float, unusable: dict[str, str]
    ) -> list[ManifestClip]:
        left = []
        for clip in clips:
            try:
                key = self.name(clip)
            except AudioError as error:
                unusable[clip.clip_id] = error.message
                continue
            if key is None or not (self._has(key, longest) and self.store.is_whole(key)):
                left.append(clip)
        return left

    def _heard(self, clips: Sequence[ManifestClip], longest: float) -> Iterator[_Heard]:
        """In threads, as decoders and resampling leave Python's lock; a few pieces ahead only."""
        cores = os.cpu_count() or 1
        pool = ThreadPoolExecutor(cores)
        waiting: deque[Future[_Heard]] = deque()
        try:
            for some in _by_recording(clips):
                waiting.append(pool.submit(self._hear, some, longest))
                if len(waiting) > 2 * cores:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)

    def _hear(self, clips: Sequence[ManifestClip], longest: float) -> _Heard:
        """Clips of one recording; only hashed, where the store knows what the file holds."""
        path = Path(clips[0].path)
        try:
            identity = _identity(clips[0].path)
            content = self.store.facts(identity) or _hash(path)
            new = [clip for clip in clips if not self._has(_key(content, clip), longest)]
            sounds = dict(zip(new, _sounds(path, new, longest), strict=True)) if new else {}
            if _identity(clips[0].path) != identity:
                raise AudioError(f"{path.name} changed while it was read.", "Run again.")
        except AudioError as error:
            return _Heard("", "", [(clip, error) for clip in clips])
        return _Heard(identity, content, [(clip, sounds.get(clip)) for clip in clips])

    def _decode(self, clip: ManifestClip, longest: float) -> Waveform:
        """One that the store lacks, kept if nobody else is writing."""
        heard = self._hear([clip], longest)
        ((_, sound),) = heard.sounds
        if isinstance(sound, AudioError):
            raise sound
        with self.store.writing() as ours:
            if ours:
                self._keep(heard, longest)
        if sound is None:  # another file with the same sound was decoded before
            return self.samples(clip, longest)
        self._tell_of_damage()
        return sound[: _most(longest)]

    def _keep(self, heard: _Heard, longest: float) -> dict[str, str]:
        """Into the store; why some could not be heard."""
        unusable = {}
        for clip, sound in heard.sounds:
            if isinstance(sound, AudioError):
                unusable[clip.clip_id] = sound.message
            elif sound is not None:
                facts = len(sound), len(sound) <= _most(longest)
                self.store.put(_key(heard.content, clip), sound.astype("<i2").view(np.uint8), facts)
        if heard.identity and self.store.facts(heard.identity) != heard.content:
            self.store.put(heard.identity, b"", heard.content)
        return unusable

    def _tell_of_damage(self) -> None:
        if self.store.damaged:
            self._tell(DAMAGED)
            self._tell = _nothing


def _by_recording(clips: Sequence[ManifestClip]) -> Iterator[list[ManifestClip]]:
    """What is decoded together: all of a recording, or pieces of it where that costs nothing."""
    by_path: dict[str, list[ManifestClip]] = {}
    for clip in clips:
        by_path.setdefault(clip.path, []).append(clip)
    for path, some in by_path.items():
        step = _AT_ONCE if Path(path).suffix.lower() in _SOUGHT else len(some)
        yield from (some[i : i + step] for i in range(0, len(some), step))


def _sounds(
    path: Path, clips: Sequence[ManifestClip], longest: float
) -> Iterator[Waveform | AudioError]:
    """Of each clip its first seconds and a little more, so that it shows whether it ends there."""
    most = longest + _BEYOND_S
    spans: list[Span] = [
        (c.start, c.start + most if c.end is None else min(c.end, c.start + most)) for c in clips
    ]
    for clip, found in zip(clips, read_spans(path, spans, RATE), strict=True):
        if clip.end is not None and clip.end <= clip.start:
            yield AudioError(f"A clip of {path.name} has no length.", "Correct its times.")
        else:
            yield found if isinstance(found, AudioError) else to_pcm(found[0])


def _most(longest: float) -> int:
    return round(longest * RATE)


def _key(content: str, clip: ManifestClip) -> str:
    return f"{content} {clip.start!r} {clip.end!r}"


def _identity(path: str) -> str:
    """Says whether a file is still the one that was hashed."""
    try:
        facts = os.stat(path)  # noqa: PTH116 - asked 20,000 times at a start, and a Path takes longer
    except OSError as error:
        raise AudioError(f"{Path(path).name} is not there.", "Link the file again.") from error
    text = repr((path, facts.st_size, facts.st_mtime_ns))
    return "file " + hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _hash(path: Path) -> str:
    """Of all bytes of the file, hexadecimal."""
    require_file(path)
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, partial(hashlib.blake2b, digest_size=16))
    except OSError as error:
        raise AudioError(
            f"{path.name} cannot be read: {error.strerror}.", "Check its permissions."
        ) from error
    return digest.hexdigest()
