"""Vectors of many clips: from the cache, or decoded and computed on every core."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from trainer.contract.manifest import ManifestClip
from trainer.decoding import AudioError, Samples, read_audio
from trainer.feature_cache import FeatureCache, Vector
from trainer.reporter import Reporter
from trainer.wishes import Wishes

RATE = 16_000
LONGEST_S = 300.0
"""A clip is a labelled stretch of speech; what is longer is a recording that was never cut."""
_AT_ONCE = 32


def vectors_of(
    clips: Sequence[ManifestClip], cache: Path, reporter: Reporter, wishes: Wishes
) -> tuple[dict[str, Vector], dict[str, str]]:
    """The vector of each clip that can be heard, and why each other cannot, by clip id."""
    kept = FeatureCache(cache / "features")
    stage = reporter.stage("Features", len(clips))
    vectors: dict[str, Vector] = {}
    unusable: dict[str, str] = {}
    missing: list[ManifestClip] = []
    for clip in clips:
        if (known := kept.get(clip)) is None:
            missing.append(clip)
        else:
            vectors[clip.clip_id] = known
    stage.advance(len(vectors))
    if not missing:
        return vectors, unusable
    with _workers() as workers:
        for i in range(0, len(missing), _AT_ONCE):
            wishes.check(something_to_keep=False)
            some = missing[i : i + _AT_ONCE]
            for clip, answer in zip(some, workers.map(_vector_of, some), strict=True):
                if isinstance(answer, AudioError):
                    unusable[clip.clip_id] = answer.message
                else:
                    vectors[clip.clip_id] = answer
                    kept.put(clip, answer)
            stage.advance(len(some))
    return vectors, unusable


def read_clip(clip: ManifestClip) -> Samples:
    """The sound of a clip at `RATE`. Raises AudioError, also for a clip that is no clip."""
    name = Path(clip.path).name
    if clip.end is not None and clip.end <= clip.start:
        raise AudioError(f"A clip of {name} has no length.", "Correct its times.")
    limit = clip.start + LONGEST_S + 1
    samples, rate = read_audio(
        Path(clip.path), clip.start, limit if clip.end is None else min(clip.end, limit), RATE
    )
    if len(samples) > LONGEST_S * rate:
        raise AudioError(
            f"A clip of {name} is longer than {LONGEST_S / 60:.0f} minutes.", "Cut it into clips."
        )
    return samples


def _vector_of(clip: ManifestClip) -> Vector | AudioError:
    from trainer.features import features  # noqa: PLC0415 - torch, which a full cache needs not

    try:
        return features(read_clip(clip))
    except AudioError as error:
        return error


@contextmanager
def _workers() -> Iterator[ThreadPoolExecutor]:
    """Threads, each computing on one core: torch's own threads would only get in their way."""
    import torch  # noqa: PLC0415 - as above

    with ThreadPoolExecutor(
        os.cpu_count() or 1, initializer=torch.set_num_threads, initargs=(1,)
    ) as workers:
        yield workers
