"""What is said in clips, by Whisper, with everything kept that was heard once.

Batches grow and shrink so that one takes about a second: whoever is interrupted loses no more.
"""

import csv
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

import platformdirs
import torch

from trainer.contract.errors import TrainerError
from trainer.contract.files import write_text_atomically
from trainer.contract.manifest import ManifestClip
from trainer.features.extraction import read_clip
from trainer.sound.decoding import AudioError, Samples
from trainer.transcripts.kept import Transcripts
from trainer.transcripts.whisper import Whisper, fetch_whisper, fingerprint

SHORT_S, LONG_S = 0.6, 1.6
_MOST_AT_ONCE = 64

Tell = Callable[[int, int, float | None], None]
"""Told the clips done, the clips in all, and the seconds left when that is known."""


@dataclass(frozen=True, slots=True)
class Heard:
    """`model` says with which weights; texts, and why a clip could not be heard, by clip id."""

    model: str
    texts: dict[str, str]
    unusable: dict[str, str]


@dataclass(slots=True)
class Pace:
    """How many clips to hear at once."""

    size: int = 1
    _started: float = field(default=0.0)

    def begin(self) -> None:
        self._started = time.monotonic()

    def end(self) -> None:
        """Twice as many when that went fast, half as many when it took long."""
        spent = time.monotonic() - self._started
        if spent < SHORT_S:
            self.size = min(_MOST_AT_ONCE, 2 * self.size)
        elif spent > LONG_S:
            self.halve()

    def halve(self) -> None:
        self.size = max(1, self.size // 2)


def transcribe(
    clips: Sequence[ManifestClip], name: str, tell: Tell, download: Callable[[int, int], None]
) -> Heard:
    """Hear the clips that the user's cache does not know yet.

    Raises TrainerError when there is no such model, and when memory or disk do not suffice.
    """
    folder = fetch_whisper(name, download)
    weights = fingerprint(folder)
    slug = re.sub(r"[^A-Za-z0-9]+", "-", Path(name).name).strip("-").lower()
    kept = Transcripts(cache_folder() / f"{slug}-{weights}.jsonl")
    heard = Heard(f"{name} (weights {weights})", {}, {})
    missing: list[ManifestClip] = []
    for clip in clips:
        try:
            known = kept.of_clip(clip)
        except AudioError as error:
            heard.unusable[clip.clip_id] = error.message
            continue
        if known is None:
            missing.append(clip)
        else:
            heard.texts[clip.clip_id] = known
    if missing:
        _hear(missing, Whisper(folder, name), kept, heard, tell)
    return heard


def cache_folder() -> Path:
    """Transcripts are kept for all projects and reproductions: they take hours to make again."""
    return Path(platformdirs.user_cache_dir("stremo-studio", appauthor=False)) / "transcripts"


def write_transcripts(path: Path, clips: Sequence[ManifestClip], heard: Heard) -> None:
    """A CSV that `--transcripts` takes: clip id, name within the corpus, text."""
    text = StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["clip_id", "name", "text"])
    for clip in clips:
        if clip.clip_id in heard.texts:
            name = clip.clip_id.removeprefix(f"{clip.corpus}/")
            rows.writerow([clip.clip_id, name, heard.texts[clip.clip_id]])
    try:
        write_text_atomically(path, text.getvalue())
    except OSError as error:
        raise TrainerError(
            f"{path} cannot be written: {error.strerror or error}.",
            "Choose another place: what was heard is kept.",
        ) from error


def _hear(
    missing: list[ManifestClip], model: Whisper, kept: Transcripts, heard: Heard, tell: Tell
) -> None:
    """Long clips first: clips of a batch then end at about the same time, and the time left is
    rather thought too long than too short."""
    missing.sort(key=_seconds, reverse=True)
    started, done, pace = time.monotonic(), 0, Pace()
    tell(len(heard.texts), len(heard.texts) + len(missing), None)
    while done < len(missing):
        pace.begin()
        some = missing[done : done + pace.size]
        for clip, sound, text in _heard(_sounds(some, kept, heard), model, pace):
            _keep(kept, clip, sound, text)
            heard.texts[clip.clip_id] = text
        pace.end()
        done += len(some)
        left = (time.monotonic() - started) / done * (len(missing) - done)
        known = len(heard.texts) + len(heard.unusable)
        tell(known, known + len(missing) - done, left)


def _sounds(
    clips: Sequence[ManifestClip], kept: Transcripts, heard: Heard
) -> list[tuple[ManifestClip, Samples]]:
    """The clips that have to be heard: no others have the same sound."""
    found = []
    for clip in clips:
        try:
            sound = read_clip(clip)
        except AudioError as error:
            heard.unusable[clip.clip_id] = error.message
            continue
        text = kept.of_sound(clip, sound)
        if text is None:
            found.append((clip, sound))
        else:
            heard.texts[clip.clip_id] = text
    return found


def _heard(
    sounds: list[tuple[ManifestClip, Samples]], model: Whisper, pace: Pace
) -> Iterator[tuple[ManifestClip, Samples, str]]:
    """In batches that fit into memory; what is longer than a window alone."""
    while sounds:
        at_once = [pair for pair in sounds[: pace.size] if len(pair[1]) <= model.longest]
        batch = at_once or sounds[:1]
        try:
            texts = model.hear([sound for _, sound in batch])
        except torch.OutOfMemoryError as error:
            if pace.size == 1:
                raise TrainerError(
                    "The graphics card's memory is too small for this Whisper.",
                    "Close other programs, or choose a smaller model, e.g. openai/whisper-tiny.",
                    "memory",
                ) from error
            pace.halve()
            continue
        for (clip, sound), text in zip(batch, texts, strict=True):
            yield clip, sound, text
        done = {clip.clip_id for clip, _ in batch}
        sounds = [pair for pair in sounds if pair[0].clip_id not in done]


def _keep(kept: Transcripts, clip: ManifestClip, sound: Samples, text: str) -> None:
    try:
        kept.add(clip, sound, text)
    except OSError as error:
        raise TrainerError(
            f"Transcripts cannot be kept in {cache_folder()}: {error.strerror or error}.",
            "Free some space there and start again: nothing else is lost.",
            "disk",
        ) from error


def _seconds(clip: ManifestClip) -> float:
    return float("inf") if clip.end is None else clip.end - clip.start
