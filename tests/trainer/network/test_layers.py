"""The states collected are the encoder's own, in every mode that a recipe puts it in."""

from itertools import pairwise
from typing import Any

import pytest
import torch

from tests.trainer.tiny import GROUP_NORM, small_hubert
from trainer.network.layers import hidden_states, time_mean, weighted_sum

KINDS = pytest.mark.parametrize("kind", [{}, GROUP_NORM], ids=["stable", "group norm"])
LAYERS = 3
FRAMES = (40, 25)


def _encoder(**changes: Any) -> Any:
    found = small_hubert(num_hidden_layers=LAYERS, **changes).network.hubert.encoder
    return found.eval()


def _input(frames: int, clips: int = 2) -> torch.Tensor:
    return torch.randn(clips, frames, 24, generator=torch.Generator().manual_seed(3))


def _padded() -> tuple[torch.Tensor, torch.Tensor]:
    return _input(FRAMES[0]), torch.arange(FRAMES[0]) < torch.tensor(FRAMES)[:, None]


@KINDS
@torch.no_grad()
def test_the_last_state_is_what_transformers_returns_bit_for_bit(kind: dict[str, Any]) -> None:
    encoder = _encoder(**kind)
    padded, real = _padded()
    theirs = encoder(padded.clone(), attention_mask=real).last_hidden_state
    assert torch.equal(hidden_states(encoder, padded, real)[-1], theirs)
    assert torch.equal(hidden_states(encoder, padded)[-1], encoder(padded).last_hidden_state)


@KINDS
@torch.no_grad()
def test_the_inner_states_are_what_enters_and_leaves_each_layer(kind: dict[str, Any]) -> None:
    encoder = _encoder(**kind)
    padded, real = _padded()
    seen: list[torch.Tensor] = []
    for layer in encoder.layers:
        layer.register_forward_pre_hook(lambda _module, given: seen.append(given[0]))
    encoder(padded.clone(), attention_mask=real)
    theirs, seen = list(seen), []
    states = hidden_states(encoder, padded, real)
    assert len(states) == LAYERS + 1 == len(theirs) + 1
    assert all(torch.equal(a, b) for a, b in zip(states[:-1], theirs, strict=True))


@KINDS
@pytest.mark.parametrize("layerdrop", [1.0, 0.5])
def test_a_dropped_layer_hands_on_what_it_was_given(kind: dict[str, Any], layerdrop: float) -> None:
    still = {"hidden_dropout": 0.0, "attention_dropout": 0.0, "activation_dropout": 0.0}
    encoder = _encoder(layerdrop=layerdrop, **still, **kind).train()
    torch.manual_seed(1)
    states = hidden_states(encoder, _input(30))
    torch.manual_seed(1)
    theirs = encoder(_input(30)).last_hidden_state
    assert {tuple(state.shape) for state in states} == {(2, 30, 24)}
    assert torch.equal(states[-1], theirs)
    kept = [torch.equal(a, b) for a, b in pairwise(states[:-1])]
    assert set(kept) == ({True} if layerdrop == 1 else {True, False})


def test_a_layer_sum_can_be_learnt_while_layers_are_dropped() -> None:
    encoder = _encoder(layerdrop=0.5).train()
    weights = torch.zeros(LAYERS + 1, requires_grad=True)
    weighted_sum(hidden_states(encoder, _input(20)), weights)[..., 0].square().sum().backward()
    assert weights.grad is not None
    assert weights.grad.abs().max() > 0


@torch.no_grad()
def test_equal_weights_give_the_mean_and_one_large_weight_its_layer() -> None:
    states = hidden_states(_encoder(), _input(20))
    mean = torch.stack(states).mean(dim=0)
    torch.testing.assert_close(weighted_sum(states, torch.zeros(LAYERS + 1)), mean)
    chosen = torch.tensor([0.0, 0.0, 200.0, 0.0])
    torch.testing.assert_close(weighted_sum(states, chosen), states[2])


@KINDS
@torch.no_grad()
def test_the_states_of_a_clip_do_not_depend_on_its_batch(kind: dict[str, Any]) -> None:
    encoder = _encoder(**kind)
    padded, real = _padded()
    together = hidden_states(encoder, padded, real)
    for clip, frames in enumerate(FRAMES):
        alone = hidden_states(encoder, padded[clip : clip + 1, :frames])
        for one, many in zip(alone, together, strict=True):
            torch.testing.assert_close(one[0], many[clip, :frames], atol=1e-5, rtol=0)
            mean = time_mean(many, real)[clip]
            torch.testing.assert_close(time_mean(one)[0], mean, atol=1e-5, rtol=0)


@torch.no_grad()
def test_what_is_given_is_left_as_it_was() -> None:
    padded, real = _padded()
    before = padded.clone()
    hidden_states(_encoder(), padded, real)
    assert torch.equal(padded, before)
