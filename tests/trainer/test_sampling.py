"""Groups are never shared, classes stay in proportion, and what is impossible is said."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.contract.config import SplitConfig
from trainer.contract.errors import TrainerError
from trainer.contract.labels import CLASSES, NEGATIVE, NEUTRAL, POSITIVE
from trainer.contract.manifest import ManifestClip
from trainer.sampling import SplitClips, group_folds, split_clips


def _clip(number: int, label: str, group: str, split: str | None = None) -> ManifestClip:
    return ManifestClip(str(number), f"{number}.wav", label, group, split=split)


def _clips(groups: int, each: int = 9) -> list[ManifestClip]:
    return [
        _clip(g * each + i, CLASSES[i % 3], f"speaker {g}")
        for g in range(groups)
        for i in range(each)
    ]


def _groups(data: SplitClips) -> dict[str, set[str]]:
    return {name: {clip.group for clip in clips} for name, clips in data.items()}


@st.composite
def _any_clips(draw: st.DrawFn) -> list[ManifestClip]:
    groups = draw(st.integers(3, 14))
    rows = draw(
        st.lists(
            st.tuples(st.sampled_from(CLASSES), st.integers(0, groups - 1)), min_size=6, max_size=80
        )
    )
    return [_clip(i, label, f"g{group}") for i, (label, group) in enumerate(rows)]


@given(_any_clips(), st.integers(0, 5))
def test_no_group_is_ever_shared_and_no_clip_is_ever_lost(
    clips: list[ManifestClip], seed: int
) -> None:
    try:
        data = split_clips(clips, SplitConfig(), seed)
    except TrainerError:
        return
    found = _groups(data)
    assert not found["train"] & found["dev"]
    assert not found["train"] & found["test"]
    assert not found["dev"] & found["test"]
    assert sorted(c.clip_id for _, part in data.items() for c in part) == sorted(
        c.clip_id for c in clips
    )
    assert all(part for _, part in data.items())
    assert len({clip.label for clip in data.train}) >= 2


@given(_any_clips(), st.randoms(use_true_random=False))
def test_the_same_seed_divides_alike(clips: list[ManifestClip], seed: object) -> None:
    def attempt() -> object:
        try:
            return split_clips(clips, SplitConfig(), 7)
        except TrainerError as error:
            return error.message

    assert attempt() == attempt()


def test_fractions_and_classes_are_kept_in_proportion() -> None:
    data = split_clips(_clips(40), SplitConfig(test_fraction=0.25, dev_fraction=0.2), 3)
    sizes = {name: len(clips) for name, clips in data.items()}
    assert sizes == {"test": 90, "dev": 54, "train": 216}
    for _, clips in data.items():
        assert set(Counter(c.label for c in clips).values()) == {len(clips) // 3}


def test_a_class_of_few_videos_stands_in_every_split() -> None:
    clips = [_clip(i, NEGATIVE, f"n{i}") for i in range(72)]
    clips += [_clip(100 + i, NEUTRAL, f"o{i % 28}") for i in range(94)]
    sizes = (62, 49, 31, 20, 11, 6, 1)
    clips += [
        _clip(1000 * (v + 1) + i, POSITIVE, f"p{v}") for v, n in enumerate(sizes) for i in range(n)
    ]
    for seed in range(5):
        data = split_clips(clips, SplitConfig(), seed)
        for _, part in data.items():
            assert {clip.label for clip in part} == set(CLASSES)


@given(_any_clips(), st.integers(2, 6))
def test_folds_share_no_group_and_lose_no_clip(clips: list[ManifestClip], count: int) -> None:
    folds = group_folds(clips, count, 5)
    groups = [{clip.group for clip in fold} for fold in folds]
    assert len(folds) == min(count, len(set().union(*groups)))
    assert sum(map(len, groups)) == len(set().union(*groups))
    assert sorted(c.clip_id for fold in folds for c in fold) == sorted(c.clip_id for c in clips)
    assert all(folds)
    assert folds == group_folds(clips, count, 5)


def test_folds_are_alike_in_their_classes() -> None:
    for fold in group_folds(_clips(20), 5, 1):
        assert Counter(clip.label for clip in fold) == dict.fromkeys(CLASSES, 12)


def test_seeds_choose_differently() -> None:
    drawn = {
        frozenset(_groups(split_clips(_clips(12), SplitConfig(), s))["test"]) for s in range(8)
    }
    assert len(drawn) > 4


def test_a_frozen_test_set_stays_what_it_is() -> None:
    config = SplitConfig(test_groups=("speaker 3", "speaker 8", "speaker not here"))
    for seed in range(4):
        assert _groups(split_clips(_clips(12), config, seed))["test"] == {"speaker 3", "speaker 8"}


def test_splits_fixed_by_the_manifest_are_kept_for_whole_groups() -> None:
    clips = [*_clips(6), _clip(900, NEGATIVE, "speaker 0", "test"), _clip(901, NEUTRAL, "v", "dev")]
    found = _groups(split_clips(clips, SplitConfig(), 1))
    assert found == {
        "test": {"speaker 0"},
        "dev": {"v"},
        "train": {f"speaker {i}" for i in range(1, 6)},
    }


def test_only_training_fixed_leaves_the_rest_to_dev_and_test() -> None:
    clips = [_clip(900 + i, CLASSES[i % 3], "fixed", "train") for i in range(6)] + _clips(2)
    found = _groups(split_clips(clips, SplitConfig(), 1))
    assert found["train"] == {"fixed"}
    assert len(found["dev"]) == len(found["test"]) == 1


@pytest.mark.parametrize(
    ("clips", "config", "sentence"),
    [
        ([], SplitConfig(), "none at all"),
        ([_clip(i, POSITIVE, str(i)) for i in range(9)], SplitConfig(), "are all positive"),
        (_clips(1), SplitConfig(), "Too few speakers or videos for a test set: 1"),
        (_clips(2), SplitConfig(), "Too few speakers or videos"),
        (_clips(5), SplitConfig(test_groups=("nobody",)), "No labelled clip belongs"),
        ([*_clips(4), _clip(99, NEUTRAL, "x", "valid")], SplitConfig(), "split 'valid'"),
        (
            [*_clips(4), _clip(98, NEUTRAL, "x", "dev"), _clip(99, NEUTRAL, "x", "test")],
            SplitConfig(),
            "fixed to both dev and test",
        ),
        (
            [_clip(1, NEUTRAL, "a"), _clip(2, NEUTRAL, "b"), _clip(3, POSITIVE, "c", "test")],
            SplitConfig(),
            "learn from are all neutral",
        ),
    ],
)
def test_the_impossible_is_said_in_a_sentence(
    clips: list[ManifestClip], config: SplitConfig, sentence: str
) -> None:
    with pytest.raises(TrainerError, match=sentence) as caught:
        split_clips(clips, config, 1)
    assert caught.value.hint


def test_fifty_thousand_groups_are_divided_in_seconds() -> None:
    clips = [_clip(i, CLASSES[i % 3], str(i)) for i in range(50_000)]
    assert len(split_clips(clips, SplitConfig(), 1).test) == pytest.approx(10_000, rel=0.01)
