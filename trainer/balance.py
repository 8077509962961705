"""Undersampling as the paper does it: no class keeps more clips than the second-largest has, and
smaller ones stay whole ("balanced" is not equal classes: 11975/5198/4149 become 5198/5198/4149)."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from trainer.contract.manifest import ManifestClip


def undersample(clips: Sequence[ManifestClip], seed: int) -> list[ManifestClip]:
    """A subset in the order given; the same clips and seed always give the same one.

    Only for clips to learn from: a balanced test set measures a mix that never occurs.
    """
    counts = Counter(clip.label for clip in clips)
    if len(counts) < 2:
        return list(clips)
    cap = counts.most_common(2)[1][1]
    rng = np.random.default_rng(seed)
    kept: set[int] = set()
    for label in sorted(counts, key=str):
        places = [place for place, clip in enumerate(clips) if clip.label == label]
        kept.update(rng.choice(places, cap, replace=False) if len(places) > cap else places)
    return [clip for place, clip in enumerate(clips) if place in kept]
