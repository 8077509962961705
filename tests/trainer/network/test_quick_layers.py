"""The quick layers give what PyTorch's give: the same sums, the same share of zeros."""

import copy

import pytest
import torch

from tests.trainer.tiny import GROUP_NORM, small_hubert
from trainer.network.quick_layers import _quick_size, quicken


@pytest.mark.parametrize("frames", [1, 7, 30, 149])
@pytest.mark.parametrize("kernel", [16, 15, 128])
def test_the_positional_convolution_and_its_gradients_are_the_same(
    frames: int, kernel: int
) -> None:
    plain = small_hubert(num_conv_pos_embeddings=kernel).network.train()
    quick = copy.deepcopy(plain)
    quicken(quick)
    given = torch.randn(3, 24, frames, generator=torch.Generator().manual_seed(1))
    found = []
    for network in (plain, quick):
        hidden = given.clone().requires_grad_()
        conv = network.hubert.encoder.pos_conv_embed.conv
        made = conv(hidden)
        (made * torch.arange(made.numel()).view(made.shape).sin()).sum().backward()
        found.append([made, hidden.grad, *(p.grad for p in conv.parameters())])
    for expected, got in zip(*found, strict=True):
        torch.testing.assert_close(got, expected, rtol=1e-4, atol=1e-4)


def test_dropout_drops_its_share_and_keeps_the_mean() -> None:
    network = small_hubert().network.train()
    dropout = network.hubert.encoder.layers[0].feed_forward.intermediate_dropout
    dropout.p = 0.1
    quicken(network)
    torch.manual_seed(0)
    ones = torch.ones(400, 999, requires_grad=True)
    made = dropout(ones)
    dropped = (made == 0).float().mean().item()
    assert dropped == pytest.approx(0.1, abs=0.003)
    assert made.mean().item() == pytest.approx(1, abs=0.004)
    assert made.max().item() == pytest.approx(1 / 0.9)
    made.sum().backward()
    assert ones.grad is not None
    torch.testing.assert_close(ones.grad, made.detach())


def test_the_same_seed_drops_the_same() -> None:
    network = small_hubert().network.train()
    quicken(network)
    dropout = network.hubert.encoder.dropout
    made = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        made.append(dropout(torch.ones(50, 50)))
    assert torch.equal(made[0], made[1])
    assert not torch.equal(made[0], made[2])


@pytest.mark.parametrize("changes", [{}, GROUP_NORM])
def test_evaluation_and_weights_are_untouched(changes: dict[str, object]) -> None:
    plain = small_hubert(**changes)
    quick = copy.deepcopy(plain)
    quicken(quick.network)
    features = torch.randn(2, 40, 12)
    for hubert in (plain, quick):
        hubert.network.eval()
    assert torch.equal(plain.logits(features), quick.logits(features))
    assert plain.network.state_dict().keys() == quick.network.state_dict().keys()


def test_a_quick_size_is_even_and_smooth() -> None:
    assert [_quick_size(n) for n in (1, 2, 7, 129, 312, 601)] == [2, 2, 8, 144, 320, 640]
