"""Which clips are learnt from, which are tested on, and how the former fall into folds.

The two sides are made here once and handed on apart: what chooses a learning rate or an epoch is
only ever given `learn`.
"""

import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from trainer.contract.config import SplitConfig
from trainer.contract.errors import TrainerError
from trainer.contract.labels import CLASSES
from trainer.contract.manifest import ManifestClip
from trainer.procedure.preset import Preset
from trainer.sampling import split_clips

Clips = tuple[ManifestClip, ...]


@dataclass(frozen=True, slots=True)
class Partition:
    """Clips to learn from and clips to test on."""

    learn: Clips
    test: Clips


def partition(clips: Sequence[ManifestClip], preset: Preset, seed: int) -> Partition:
    """Section 4.4, step 3. Clips of corpora that the preset does not name are left out."""
    learn = [clip for clip in clips if clip.corpus in preset.train]
    test = [clip for clip in clips if clip.corpus in preset.test]
    for corpus in preset.divided:
        ours = [clip for clip in clips if clip.corpus == corpus]
        if ours:
            kept, held = _divide(ours, preset, seed)
            learn += kept
            test += held
    if not learn:
        raise TrainerError(
            "None of the corpora to learn from was found.",
            f"The preset learns from {', '.join((*preset.train, *preset.divided))}.",
        )
    return Partition(tuple(learn), tuple(test))


def folds(learn: Sequence[ManifestClip], preset: Preset, seed: int) -> list[Clips]:
    """The folds of section 4.4, step 5; together they are `learn`.

    Raises TrainerError when there are fewer speakers or videos than folds.
    """
    if preset.by_corpus:
        corpora = dict.fromkeys(clip.corpus for clip in learn)
        if len(corpora) == 1:
            raise TrainerError(
                f"Of one corpus to learn from ({', '.join(corpora)}) none can be left out.",
                "Add a corpus, or use another preset.",
            )
        return [tuple(c for c in learn if c.corpus == corpus) for corpus in corpora]
    labels = np.array([CLASSES.index(str(clip.label)) for clip in learn])
    groups = np.array([keep_together(clip) for clip in learn]) if preset.grouped else None
    kind = StratifiedGroupKFold if preset.grouped else StratifiedKFold
    splitter = kind(preset.folds, shuffle=True, random_state=seed)
    if groups is not None and len(set(groups)) < preset.folds:
        raise TrainerError(
            f"{len(set(groups))} speakers or videos cannot make {preset.folds} folds.",
            "Add a corpus, or use the preset `paper`, whose folds ignore speakers.",
        )
    try:
        with warnings.catch_warnings():  # `rare_classes` says it
            warnings.simplefilter("ignore", UserWarning)
            drawn = [held for _, held in splitter.split(labels, labels, groups)]
    except ValueError as error:
        raise TrainerError(
            f"The clips cannot make {preset.folds} folds: {error}.", "Add a corpus."
        ) from error
    return [tuple(learn[i] for i in held) for held in drawn]


def rare_classes(learn: Sequence[ManifestClip], preset: Preset) -> tuple[str, ...]:
    """A sentence for each class with fewer clips than there are folds."""
    counts = Counter(str(clip.label) for clip in learn)
    return tuple(
        f"Only {counts[name]} {name} clips for {preset.folds} folds: some folds have none."
        for name in CLASSES
        if counts[name] < preset.folds and not preset.by_corpus
    )


def with_dev(clips: Sequence[ManifestClip], preset: Preset, seed: int) -> list[ManifestClip]:
    """The clips with a `train` or `dev` split each; dev is `dev_share` of them."""
    if not preset.grouped:
        clips = [replace(clip, group=clip.clip_id) for clip in clips]
    else:
        clips = [replace(clip, group=keep_together(clip)) for clip in clips]
    config = SplitConfig(test_fraction=0.0, dev_fraction=preset.dev_share)
    split = split_clips(clips, config, seed)
    return [replace(clip, split=name) for name, part in split.items() for clip in part]


def keep_together(clip: ManifestClip) -> str:
    """What a strict split never divides: the video, the speaker, and in IEMOCAP the session,
    whose two speakers talk to each other (`iemocap:Ses01F` and `iemocap:Ses01M`)."""
    if clip.corpus == "iemocap" and clip.group[-1:] in ("F", "M"):
        return clip.group[:-1]
    return clip.group


def overlap(left: Sequence[ManifestClip], right: Sequence[ManifestClip]) -> set[str]:
    """Speakers, sessions and videos that stand on both sides: empty in a strict split."""
    return {keep_together(c) for c in left} & {keep_together(c) for c in right}


def _divide(
    clips: Sequence[ManifestClip], preset: Preset, seed: int
) -> tuple[list[ManifestClip], list[ManifestClip]]:
    """80 % and 20 % of one corpus: random over utterances as published, or over whole videos."""
    if not preset.grouped:
        order = np.random.default_rng(seed).permutation(len(clips))
        first = set(order[: round(preset.train_share * len(clips))].tolist())
        return (
            [clip for i, clip in enumerate(clips) if i in first],
            [clip for i, clip in enumerate(clips) if i not in first],
        )
    config = SplitConfig(test_fraction=1 - preset.train_share, dev_fraction=0.0)
    split = split_clips(clips, config, seed)
    return list(split.train), list(split.test)
