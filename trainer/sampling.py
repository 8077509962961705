"""Which clips are learnt from, chosen by and tested on. Groups are never shared.

Scikit-learn's StratifiedGroupKFold knows only fractions 1/k and pays no heed to a class vanishing
from one side; here many seeded draws of whole groups compete, and the one whose class counts come
closest to the fraction wins.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trainer.contract.config import SplitConfig
from trainer.contract.errors import TrainerError
from trainer.contract.labels import CLASSES
from trainer.contract.manifest import SPLITS, ManifestClip

_CELLS = 1_000_000
"""Counts looked at for one split: many draws of few groups, few draws of many."""
_MOST_DRAWS = 500
_LOST_TO_THE_REST, _LOST_TO_THE_PART = 100.0, 10.0
"""Cost of a class missing on a side; worse for the side that is learnt from."""


@dataclass(frozen=True, slots=True)
class SplitClips:
    """Labelled, readable clips by split; no group stands in two of them."""

    train: tuple[ManifestClip, ...]
    dev: tuple[ManifestClip, ...]
    test: tuple[ManifestClip, ...]

    def items(self) -> tuple[tuple[str, tuple[ManifestClip, ...]], ...]:
        return ("train", self.train), ("dev", self.dev), ("test", self.test)


def split_clips(clips: Sequence[ManifestClip], config: SplitConfig, seed: int) -> SplitClips:
    """Divide labelled clips; the same clips, configuration and seed always divide alike.

    A split that the manifest or `config.test_groups` fixes is taken as it is, whole groups at a
    time; only a split that nobody fixed is drawn, and none where its fraction is 0. Raises
    TrainerError when it cannot be done.
    """
    _require_two_classes(clips, "The labelled clips")
    split_of = _fixed(clips, config.test_groups)
    rng = np.random.default_rng(seed)
    shares = {"test": config.test_fraction, "dev": config.dev_fraction}
    for split, fraction in shares.items():
        if fraction > 0 and split not in split_of.values():
            free = [clip for clip in clips if clip.group not in split_of]
            others = [s for s in SPLITS if s != split and s not in split_of.values()]
            keep = sum(1 for s in others if shares.get(s, 1.0) > 0)
            split_of |= dict.fromkeys(_draw(free, fraction, keep, rng, split), split)
    parts = {
        split: tuple(c for c in clips if split_of.get(c.group, "train") == split)
        for split in SPLITS
    }
    _require_two_classes(parts["train"], "The clips to learn from")
    return SplitClips(**parts)


def group_folds(
    clips: Sequence[ManifestClip], count: int, seed: int
) -> list[tuple[ManifestClip, ...]]:
    """Labelled clips in `count` folds of whole groups, or as many as there are groups; alike in
    their classes, and the same for the same clips and seed."""
    count = min(count, len({clip.group for clip in clips}))
    rng = np.random.default_rng(seed)
    folds, free = [], tuple(clips)
    for left in range(count, 1, -1):
        drawn = set(_draw(free, 1 / left, left - 1, rng, "fold"))
        folds.append(tuple(clip for clip in free if clip.group in drawn))
        free = tuple(clip for clip in free if clip.group not in drawn)
    return [*folds, free]


def _fixed(clips: Sequence[ManifestClip], test_groups: Sequence[str]) -> dict[str, str]:
    """Split by group, for the groups of which somebody has decided."""
    wanted = set(test_groups)
    present = {clip.group for clip in clips}
    if wanted and not wanted & present:
        raise TrainerError(
            "No labelled clip belongs to the groups set aside for testing.",
            f"They are {_some(sorted(wanted))}; the clips belong to {_some(sorted(present))}.",
        )
    split_of = dict.fromkeys(sorted(wanted & present), "test")
    for clip in clips:
        if clip.split is None:
            continue
        if clip.split not in SPLITS:
            raise TrainerError(
                f"Clip {clip.clip_id} is fixed to the split {clip.split!r}.",
                f"A split is one of {', '.join(SPLITS)}.",
            )
        if split_of.setdefault(clip.group, clip.split) != clip.split:
            raise TrainerError(
                f"The group {clip.group} is fixed to both {split_of[clip.group]} and {clip.split}.",
                "Clips of one speaker or video must stay in one split.",
            )
    return split_of


def _draw(
    free: Sequence[ManifestClip], fraction: float, keep: int, rng: np.random.Generator, split: str
) -> list[str]:
    """Groups for `split`, leaving at least `keep` of the free groups to the other splits."""
    names, which = np.unique(np.array([c.group for c in free], dtype=str), return_inverse=True)
    if len(names) < keep + 1:
        raise TrainerError(
            f"Too few speakers or videos for a {split} set: {len(names)} can be chosen from, "
            f"{keep + 1} are needed.",
            "Label clips of more speakers or videos: one must never be both learnt and tested.",
        )
    labels = np.array([CLASSES.index(str(clip.label)) for clip in free])
    counts = np.zeros((len(names), len(CLASSES)))
    np.add.at(counts, (which, labels), 1)
    draws = max(1, min(_MOST_DRAWS, _CELLS // counts.size))
    orders = rng.permuted(np.tile(np.arange(len(names)), (draws, 1)), axis=1)
    cost = _costs(counts[orders], fraction, keep)
    best, last = np.unravel_index(cost.argmin(), cost.shape)
    return [str(names[i]) for i in orders[best, : last + 1]]


def _costs(counts: npt.NDArray[np.float64], fraction: float, keep: int) -> npt.NDArray[np.float64]:
    """How far the first groups of every order are from the fraction of every class.

    `counts` has the shape (draws, groups, 3); the result (draws, groups - keep).
    """
    total = counts[0].sum(axis=0)
    there = total > 0
    taken = counts.cumsum(axis=1)[:, : counts.shape[1] - keep, there]
    left = total[there] - taken
    cost: npt.NDArray[np.float64] = np.abs(taken / total[there] - fraction).sum(axis=2)
    cost += _LOST_TO_THE_PART * (taken == 0).sum(axis=2)
    if keep:
        cost += _LOST_TO_THE_REST * (left == 0).sum(axis=2)
    return cost


def _require_two_classes(clips: Sequence[ManifestClip], what: str) -> None:
    found = {clip.label for clip in clips}
    if not found:
        raise TrainerError(f"{what} are none at all.", "Label clips of at least two classes.")
    if len(found) == 1:
        raise TrainerError(f"{what} are all {found.pop()}.", "Label clips of at least two classes.")


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
