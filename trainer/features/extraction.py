"""Vectors of many clips: from the cache, or computed on every core from the decoded clips."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.contract.kept import FEATURES
from trainer.contract.manifest import ManifestClip
from trainer.features.cache import FeatureCache, Vector
from trainer.reporter import Reporter
from trainer.sound.blob_store import BlobStore
from trainer.sound.decoding import AudioError, Samples, read_audio
from trainer.sound.waveforms import RATE, Waveforms
from trainer.training.wishes import Wishes

LONGEST_S = 300.0
"""A clip is a labelled stretch of speech; what is longer is a recording that was never cut."""
_AT_ONCE = 32


Vectors = dict[str, npt.NDArray[Any]]
"""By clip id."""
Computed = Iterator[tuple[ManifestClip, npt.NDArray[Any] | AudioError]]


@dataclass(frozen=True, slots=True)
class Extraction:
    """What is computed of clips, and where it is kept."""

    stage: str
    """What people see while it is computed."""
    kept: FeatureCache
    waveforms: Waveforms
    longest: float
    """Seconds that are decoded of a clip."""
    compute: Callable[[Sequence[ManifestClip], Callable[[], object]], Computed]
    """Handed the clips that are missing, in any order, and what to call between two steps."""


def vectors_of(
    clips: Sequence[ManifestClip], cache: Path, reporter: Reporter, wishes: Wishes
) -> tuple[Vectors, dict[str, str]]:
    """The acoustic vector of each clip that can be heard, and why each other cannot, by clip id."""
    waveforms = Waveforms(cache, reporter.warn)
    acoustic = Extraction(
        "Features",
        FeatureCache(BlobStore(cache / FEATURES)),
        waveforms,
        LONGEST_S + 1,
        partial(_acoustic, waveforms=waveforms),
    )
    return extract(clips, acoustic, reporter, wishes)


def extract(
    clips: Sequence[ManifestClip], extraction: Extraction, reporter: Reporter, wishes: Wishes
) -> tuple[Vectors, dict[str, str]]:
    """The vectors of clips, kept ones and new ones; and why others have none, by clip id.

    What is new is kept at once: ended or killed, the next run goes on from there.
    """

    def check() -> None:
        wishes.check(something_to_keep=False)

    kept, waveforms = extraction.kept, extraction.waveforms
    vectors = _known(clips, kept, waveforms)
    unusable: dict[str, str] = {}
    if missing := [clip for clip in clips if clip.clip_id not in vectors]:
        decoding = reporter.stage("Decode", len(missing))
        unusable = waveforms.build(missing, decoding.advance, check, extraction.longest)
    stage = reporter.stage(extraction.stage, len(clips))
    stage.advance(len(vectors) + len(unusable), found=True)
    if len(vectors) + len(unusable) == len(clips):
        return vectors, unusable
    with kept.writing(check):
        heard = [clip for clip in missing if clip.clip_id not in unusable]
        vectors |= _known(heard, kept, waveforms)
        missing = [clip for clip in heard if clip.clip_id not in vectors]
        stage.advance(len(heard) - len(missing), found=True)
        for clip, answer in extraction.compute(missing, check):
            if isinstance(answer, AudioError):
                unusable[clip.clip_id] = answer.message
            else:
                vectors[clip.clip_id] = answer
                kept.put(str(waveforms.name(clip)), answer)
            stage.advance()
    return vectors, unusable


def _known(clips: Sequence[ManifestClip], kept: FeatureCache, waveforms: Waveforms) -> Vectors:
    """Nothing of clips whose files are gone."""
    found: Vectors = {}
    for clip in clips:
        with suppress(AudioError):
            name = waveforms.name(clip)
            vector = None if name is None else kept.get(name)
            if vector is not None:
                found[clip.clip_id] = vector
    return found


def read_clip(clip: ManifestClip) -> Samples:
    """The sound of a clip at `RATE`. Raises AudioError, also for a clip that is no clip."""
    name = Path(clip.path).name
    if clip.end is not None and clip.end <= clip.start:
        raise AudioError(f"A clip of {name} has no length.", "Correct its times.")
    limit = clip.start + LONGEST_S + 1
    samples, _ = read_audio(
        Path(clip.path), clip.start, limit if clip.end is None else min(clip.end, limit), RATE
    )
    _require_clip(clip, len(samples))
    return samples


def _acoustic(
    clips: Sequence[ManifestClip], check: Callable[[], object], waveforms: Waveforms
) -> Computed:
    with _workers() as workers:
        for i in range(0, len(clips), _AT_ONCE):
            check()
            some = clips[i : i + _AT_ONCE]
            answers = workers.map(partial(_vector_of, waveforms=waveforms), some)
            yield from zip(some, answers, strict=True)


def _vector_of(clip: ManifestClip, waveforms: Waveforms) -> Vector | AudioError:
    from trainer.features.functionals import features  # noqa: PLC0415 - torch, which a full cache needs not

    try:
        samples = waveforms.samples(clip, LONGEST_S + 1)
        _require_clip(clip, len(samples))
        return features(samples.astype(np.float32) / np.float32(32768))
    except AudioError as error:
        return error


def _require_clip(clip: ManifestClip, samples: int) -> None:
    if samples > LONGEST_S * RATE:
        raise AudioError(
            f"A clip of {Path(clip.path).name} is longer than {LONGEST_S / 60:.0f} minutes.",
            "Cut it into clips.",
        )


@contextmanager
def _workers() -> Iterator[ThreadPoolExecutor]:
    """Threads, each computing on one core: torch's own threads would only get in their way."""
    import torch  # noqa: PLC0415 - as above

    with ThreadPoolExecutor(
        os.cpu_count() or 1, initializer=torch.set_num_threads, initargs=(1,)
    ) as workers:
        yield workers
