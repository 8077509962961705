"""Batches: every clip once, within the budget, with little padding, other company every epoch."""

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.trainer.tiny import make_clips, small_hubert
from trainer.contract.labels import CLASSES
from trainer.network.model import Hubert
from trainer.sound.waveforms import Waveforms
from trainer.training.dataset import UNLABELLED, Examples, Features, padding_waste, plan_batches


@given(
    lengths=st.lists(st.integers(1, 900), max_size=60),
    most=st.integers(1, 2000),
    seed=st.none() | st.integers(0, 99),
)
def test_every_clip_comes_once_and_no_batch_is_over_budget(
    lengths: list[int], most: int, seed: int | None
) -> None:
    array = np.array(lengths, dtype=np.int64)
    rng = None if seed is None else np.random.default_rng(seed)
    batches = plan_batches(array, most, rng)
    assert sorted(n for b in batches for n in b) == list(range(len(lengths)))
    for batch in batches:
        assert len(batch) == 1 or array[batch].max() * len(batch) <= most


def _mosei_like(count: int = 3000) -> np.ndarray:
    """Frames of clips with the spread of CMU-MOSEI: median 6.5 s, up to 30 s."""
    seconds = np.random.default_rng(1).lognormal(np.log(6.5), 0.6, count).clip(0.5, 30)
    return (seconds * 50).astype(np.int64)


def test_padding_is_at_most_eight_percent_where_random_batches_waste_half() -> None:
    lengths = _mosei_like()
    rng = np.random.default_rng(0)
    shuffled = rng.permutation(len(lengths)).tolist()
    random = [shuffled[i : i + 32] for i in range(0, len(shuffled), 32)]
    assert padding_waste(lengths, random) > 0.5
    for seconds in (64, 160):
        batches = plan_batches(lengths, seconds * 50, rng)
        assert padding_waste(lengths, batches) <= 0.08


def test_company_and_order_change_with_the_epoch_and_not_with_the_run() -> None:
    lengths = _mosei_like(300)
    first, again, other = (
        plan_batches(lengths, 1600, np.random.default_rng([7, epoch])) for epoch in (1, 1, 2)
    )
    assert first == again
    assert {frozenset(b) for b in first} != {frozenset(b) for b in other}
    assert [len(b) for b in first] != sorted(len(b) for b in first)


@pytest.fixture
def features(tmp_path: Path) -> Features:
    return Features(Waveforms(tmp_path / "cache"), small_hubert())


def test_padding_is_told_from_sound(tmp_path: Path, features: Features) -> None:
    examples = Examples(make_clips(tmp_path, 3), features, 30)
    batch = examples.batch([0, 1, 2])
    assert batch.real is not None
    assert batch.real.sum(dim=1).tolist() == examples.lengths.tolist() == [29, 44, 37]
    assert batch.features.shape[:2] == batch.real.shape == (3, 44)
    assert batch.features[~batch.real].abs().sum() == 0
    assert batch.labels.tolist() == [0, 1, 2]
    assert batch.masked is None


def test_clips_of_one_length_need_no_mask(tmp_path: Path, features: Features) -> None:
    examples = Examples(make_clips(tmp_path, 4, seconds=[0.5]), features, 30)
    assert examples.batch([0, 3]).real is None


def test_masks_are_drawn_only_for_learning(tmp_path: Path, features: Features) -> None:
    examples = Examples(make_clips(tmp_path, 2), features, 30)
    masked = examples.batch([0, 1], np.random.default_rng(0)).masked
    assert masked is not None
    assert masked.any(dim=1).all()
    assert not masked[0, 29:].any()


def test_long_clips_are_cut_to_the_seconds_asked_for(tmp_path: Path, features: Features) -> None:
    clips = make_clips(tmp_path, 1, seconds=[2.0])
    cut, whole = Examples(clips, features, 1.0), Examples(clips, features, 30)
    assert (cut.lengths[0], whole.lengths[0]) == (49, 99)
    assert cut.batch([0]).features.shape[1] == 49


def test_a_clip_without_a_label_can_be_predicted(tmp_path: Path, features: Features) -> None:
    from dataclasses import replace

    clips = [replace(make_clips(tmp_path, 1)[0], label=None)]
    assert Examples(clips, features, 30).labels.tolist() == [UNLABELLED]
    assert UNLABELLED not in range(len(CLASSES))


class _Counting(Hubert):
    calls = 0

    def features(self, waveform: np.ndarray) -> torch.Tensor:
        _Counting.calls += 1
        return super().features(waveform)


@pytest.mark.parametrize(("room", "calls"), [(2**30, 3), (0, 6), (12 * 4 * 45, 5)])
def test_features_are_computed_once_while_there_is_room(
    tmp_path: Path, room: int, calls: int
) -> None:
    hubert = _Counting(small_hubert().network)
    features = Features(Waveforms(tmp_path / "cache"), hubert, room)
    examples = Examples(make_clips(tmp_path, 3), features, 30)
    _Counting.calls = 0
    first, second = examples.batch([0, 1, 2]), examples.batch([0, 1, 2])
    assert _Counting.calls == calls
    assert torch.equal(first.features, second.features)


def test_a_clip_that_no_limit_cuts_is_computed_once_for_all_limits(tmp_path: Path) -> None:
    features = Features(Waveforms(tmp_path / "cache"), _Counting(small_hubert().network))
    clips = make_clips(tmp_path, 2, seconds=[0.6, 1.5])
    _Counting.calls = 0
    for seconds in (1, 15, 30):
        Examples(clips, features, seconds).batch([0, 1])
    assert _Counting.calls == 3


def test_all_counted_clips_are_kept_where_memory_is_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 110 frames of 48 bytes, those of two clips fit into a quarter; the third is computed."""
    free = 4 * 48 * (29 + 44)
    monkeypatch.setattr("trainer.training.dataset.free_memory", lambda: free)
    hubert = _Counting(small_hubert().network)
    features = Features(Waveforms(tmp_path / "cache"), hubert)
    examples = Examples(make_clips(tmp_path, 3), features, 30)
    _Counting.calls = 0
    first, second = examples.batch([0, 1, 2]), examples.batch([0, 1, 2])
    assert _Counting.calls == 4
    assert torch.equal(first.features, second.features)
