"""Steps: how long, and along what."""

import pytest
import torch

from tests.trainer.tiny import small_hubert
from trainer.contract.config import TINY, FinetuneConfig
from trainer.training.descent import Descent, DivergedError, peak_rate, schedule


def test_the_learning_rate_rises_and_falls() -> None:
    assert [schedule(x) for x in (0, 0.05, 0.1, 0.55, 1)] == pytest.approx([0, 0.5, 1, 0.5, 0])


def test_half_a_cosine_falls_slowly_at_both_ends() -> None:
    falling = [schedule(x, 0.2, "cosine") for x in (0.1, 0.2, 0.4, 0.6, 0.8, 1)]
    assert falling == pytest.approx([0.5, 1, 0.853553, 0.5, 0.146447, 0], abs=1e-6)


def test_without_warm_up_the_first_step_is_the_longest() -> None:
    assert [schedule(x, 0) for x in (0, 0.5, 1)] == pytest.approx([1, 0.5, 0])


def test_the_rate_suits_the_model_unless_it_is_given() -> None:
    rates = [
        peak_rate(FinetuneConfig(model, lora_rank=rank, learning_rate=rate))
        for model, rank, rate in ((TINY, 0, None), ("a", 0, None), ("a", 8, None), ("a", 8, 0.5))
    ]
    assert rates == [3e-3, 1e-5, 3e-4, 0.5]


def _moved(head_rate: float | None) -> dict[str, float]:
    """How far each weight moves in one step of equal gradients: Adam's first is the rate."""
    network = small_hubert().network
    before = {n: p.detach().clone() for n, p in network.named_parameters() if p.requires_grad}
    options = FinetuneConfig("a", learning_rate=1e-3, head_rate=head_rate, weight_decay=0)
    descent = Descent(network, options)
    assert descent.aim(1e-3, 0.1) == 1e-3
    for parameter in descent.parameters:
        parameter.grad = torch.full_like(parameter, 1e-3)
    descent.step()
    after = network.get_parameter
    return {n: (after(n) - p).abs().max().item() for n, p in before.items()}


@pytest.mark.parametrize(("head_rate", "expected"), [(None, 1e-3), (5e-2, 5e-2)])
def test_the_head_may_learn_at_a_rate_of_its_own(head_rate: float, expected: float) -> None:
    moved = _moved(head_rate)
    above = {n: far for n, far in moved.items() if not n.startswith("hubert.")}
    below = [far for n, far in moved.items() if n.startswith("hubert.")]
    assert {n.partition(".")[0] for n in above} == {"projector", "classifier"}
    assert list(above.values()) == pytest.approx([expected] * len(above), rel=0.01)
    assert below == pytest.approx([1e-3] * len(below), rel=0.01)


def test_a_gradient_that_is_no_number_moves_nothing() -> None:
    network = small_hubert().network
    descent = Descent(network, FinetuneConfig("a"))
    before = network.classifier.weight.clone()
    network.classifier.weight.grad = torch.full_like(before, torch.inf)
    with pytest.raises(DivergedError, match="gradient inf"):
        descent.step()
    assert torch.equal(network.classifier.weight, before)


def test_in_float16_a_step_too_large_is_passed_over_and_the_next_scaled_less() -> None:
    network = small_hubert().network
    descent = Descent(network, FinetuneConfig("a"), "float16")
    before = network.classifier.weight.detach().clone()
    scale = descent.scaler.get_scale()
    for factor, moved in ((float("inf"), False), (1.0, True)):
        descent.aim(1e-3, 0.1)
        descent.backward((network.classifier.weight * factor).sum())
        descent.step()
        assert (not torch.equal(network.classifier.weight, before)) == moved
    assert descent.scaler.get_scale() == scale / 2
    assert network.classifier.weight.isfinite().all()
    saved = descent.scaler.state_dict()
    again = Descent(network, FinetuneConfig("a"), "float16")
    again.scaler.load_state_dict(saved)
    assert again.scaler.get_scale() == scale / 2


def test_in_float16_it_diverges_when_it_cannot_be_scaled_less() -> None:
    network = small_hubert().network
    descent = Descent(network, FinetuneConfig("a"), "float16")
    for _ in range(16):  # from 2**16 down to 1
        descent.backward((network.classifier.weight * float("inf")).sum())
        descent.step()
    descent.backward((network.classifier.weight * float("inf")).sum())
    with pytest.raises(DivergedError):
        descent.step()
