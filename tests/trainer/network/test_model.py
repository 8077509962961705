"""The network in two halves says what transformers' whole says, whatever the company."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.utils.rnn import pad_sequence

from tests.trainer.tiny import GROUP_NORM, small_config, small_hubert
from trainer.network.model import Hubert, draw_masks
from trainer.sound import audio_backend  # noqa: F401 - before transformers

# isort: split
from transformers import Wav2Vec2FeatureExtractor

RNG = np.random.default_rng(5)
WAVES = [
    (3000 * RNG.standard_normal(n) + 500).astype(np.int16) for n in (16_000, 9_000, 22_345, 4_001)
]


@pytest.fixture(params=[{}, GROUP_NORM], ids=["layer norm", "group norm"])
def hubert(request: pytest.FixtureRequest) -> Hubert:
    found = small_hubert(**request.param)
    found.network.eval()
    return found


def _alone(hubert: Hubert, wave: np.ndarray) -> torch.Tensor:
    return hubert.logits(hubert.features(wave)[None])[0]


def _together(hubert: Hubert, waves: list[np.ndarray]) -> torch.Tensor:
    rows = [hubert.features(wave) for wave in waves]
    lengths = torch.tensor([len(row) for row in rows])
    real = torch.arange(int(lengths.max())) < lengths[:, None]
    return hubert.logits(pad_sequence(rows, batch_first=True), real)


@torch.no_grad()
def test_what_is_said_of_a_clip_does_not_depend_on_its_batch(hubert: Hubert) -> None:
    together = _together(hubert, WAVES)
    for wave, row in zip(WAVES, together, strict=True):
        torch.testing.assert_close(row, _alone(hubert, wave), atol=1e-5, rtol=0)
    assert (together[0] - together[1]).abs().max() > 1e-3


@torch.no_grad()
def test_one_clip_gives_what_transformers_gives(hubert: Hubert) -> None:
    extract = Wav2Vec2FeatureExtractor(do_normalize=True)
    for wave in WAVES:
        heard = extract(wave / 32768, sampling_rate=16_000, return_tensors="pt").input_values
        theirs = hubert.network(heard).logits[0]
        torch.testing.assert_close(_alone(hubert, wave), theirs, atol=1e-5, rtol=0)


@torch.no_grad()
def test_a_padded_batch_gives_what_transformers_gives() -> None:
    hubert = small_hubert()
    hubert.network.eval()
    extract = Wav2Vec2FeatureExtractor(do_normalize=True, return_attention_mask=True)
    heard = extract([w / 32768 for w in WAVES], padding=True, sampling_rate=16_000)
    theirs = hubert.network(
        torch.tensor(np.stack(heard.input_values), dtype=torch.float32),
        attention_mask=torch.tensor(np.stack(heard.attention_mask)),
    ).logits
    torch.testing.assert_close(_together(hubert, WAVES), theirs, atol=1e-5, rtol=0)


@torch.no_grad()
def test_without_normalisation_loudness_is_heard() -> None:
    hubert = small_hubert()
    plain = Hubert(hubert.network, normalize=False)
    loud, soft = WAVES[0], WAVES[0] // 8
    torch.testing.assert_close(
        hubert.features(loud), hubert.features((soft * 8).astype("i2")), atol=0.005, rtol=0
    )
    assert (plain.features(loud) - plain.features(soft)).abs().max() > 0.02


@pytest.mark.parametrize("samples", [1, 399, 400, 3279, 3280])
def test_the_shortest_clips_can_be_learnt_from_and_predicted(samples: int) -> None:
    hubert = small_hubert()
    features = hubert.features(np.full(samples, 99, dtype=np.int16))
    assert len(features) == hubert.frames(samples) == 10
    masked = torch.from_numpy(draw_masks([10], hubert.network.config, RNG))
    hubert.network.train()
    assert hubert.logits(features[None], None, masked).isfinite().all()


def test_the_shortest_clip_without_masks_fills_the_convolutions() -> None:
    assert small_hubert(apply_spec_augment=False).shortest == 400
    assert small_hubert().shortest == 3280


def test_only_the_convolutions_are_frozen() -> None:
    frozen = {n for n, p in small_hubert().network.named_parameters() if not p.requires_grad}
    assert frozen
    assert all(name.startswith("hubert.feature_extractor.") for name in frozen)


@given(
    frames=st.lists(st.integers(10, 400), min_size=1, max_size=6),
    probability=st.floats(0.01, 0.9),
    seed=st.integers(0, 999),
)
def test_masks_hide_real_frames_only(frames: list[int], probability: float, seed: int) -> None:
    config = small_config(mask_time_prob=probability)
    masks = draw_masks(frames, config, np.random.default_rng(seed))
    assert masks.shape == (len(frames), max(frames))
    for mask, count in zip(masks, frames, strict=True):
        assert not mask[count:].any()
        assert mask.sum() >= config.mask_time_length


def test_masks_hide_as_much_as_the_checkpoint_asks_for() -> None:
    config = small_config(mask_time_prob=0.05, mask_time_min_masks=0)
    masks = draw_masks([400] * 300, config, np.random.default_rng(0))
    assert masks.mean() == pytest.approx(0.05, abs=0.004)
