"""Undersampling by the paper's rule, and the paper's totals that follow from the corpora."""

from itertools import repeat

import pytest

from trainer.balance import undersample
from trainer.contract.labels import CLASSES
from trainer.contract.manifest import ManifestClip
from trainer.corpora.scan import FULL

MOSEI_TO_LEARN_FROM = (445, 1715, 250)
"""Negative, neutral, positive: not derivable from "80 %", implied by the paper's totals."""
STATED = (11975, 5198, 4149)


def _clips(*counts: int) -> list[ManifestClip]:
    labels = [x for name, n in zip(CLASSES, counts, strict=True) for x in repeat(name, n)]
    return [ManifestClip(str(i), "x.wav", label, "g") for i, label in enumerate(labels)]


def _counts(clips: list[ManifestClip]) -> tuple[int, ...]:
    return tuple(sum(clip.label == name for clip in clips) for name in CLASSES)


def _table_2(corpora: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(sum(getattr(FULL[c], name) for c in corpora) for name in CLASSES)


def test_g3_the_four_full_corpora_and_mosei_give_the_papers_training_totals() -> None:
    full = _table_2(("iemocap", "ravdess", "crema_d", "tess"))
    assert full == (11530, 3483, 3899)
    assert tuple(map(sum, zip(full, MOSEI_TO_LEARN_FROM, strict=True))) == STATED


def test_g3_the_rest_of_mosei_with_the_unseen_corpora_gives_the_pooled_test_set() -> None:
    pool = _table_2(("cmu_mosei", "stremo", "savee"))
    rest = tuple(a - b for a, b in zip(pool, MOSEI_TO_LEARN_FROM, strict=True))
    assert rest == (633, 656, 288)


def test_g4_the_largest_class_is_cut_to_the_second_and_the_smallest_stays_whole() -> None:
    kept = undersample(_clips(*STATED), seed=7)
    assert _counts(kept) == (5198, 5198, 4149)
    assert len(kept) == 14_545


def test_g10_steps_of_an_epoch_at_the_papers_batch_of_two_and_clips_of_a_fold() -> None:
    balanced, unbalanced = len(undersample(_clips(*STATED), seed=7)), sum(STATED)
    assert [-(-number // 2) for number in (balanced, unbalanced)] == [7273, 10_661]
    assert (balanced - balanced // 5, balanced // 5) == (11_636, 2909)


def test_g4_the_subset_is_drawn_by_the_seed_and_keeps_the_order() -> None:
    clips = _clips(50, 20, 10)
    kept = undersample(clips, seed=1)
    assert kept == undersample(clips, seed=1) != undersample(clips, seed=2)
    assert kept == [clip for clip in clips if clip in kept]


@pytest.mark.parametrize("counts", [(5, 5, 5), (5, 5, 2), (9, 0, 0), (0, 0, 0)])
def test_what_needs_no_cut_is_left_alone(counts: tuple[int, int, int]) -> None:
    clips = _clips(*counts)
    assert undersample(clips, seed=0) == clips
