"""Two layers of HuBERT that PyTorch computes slowly on a processor, computed faster while learning.

The positional convolution (kernel 128, 16 groups) goes through Fourier transforms: the same sums to
a few millionths, and 2 to 6 times as fast with its gradients. Dropout draws 16 random bits for each
number where PyTorch draws 64. Weights and their names stay; evaluation and export are untouched.
"""

from functools import partial
from typing import Any, cast

import torch
from torch import Tensor
from torch.nn import functional

_STEPS = 1 << 16


def quicken(network: Any) -> None:
    """Change how `HubertForSequenceClassification` computes in training mode, on a processor."""
    for module in network.modules():
        if isinstance(module, torch.nn.Dropout):
            module.forward = partial(_drop, module)  # type: ignore[method-assign]
    conv = network.hubert.encoder.pos_conv_embed.conv
    if conv.stride == conv.dilation == (1,):
        conv.forward = partial(_convolve, conv, conv.forward)


def _drop(dropout: torch.nn.Dropout, numbers: Tensor) -> Tensor:
    if not (dropout.training and 0 < dropout.p < 1):
        return functional.dropout(numbers, dropout.p, dropout.training)
    count = numbers.numel()
    bits = torch.empty(-(-count // 4), dtype=torch.int64).random_(-(2**63), None)
    drawn = bits.view(torch.int16)[:count].view(numbers.shape)
    kept = drawn >= round(dropout.p * _STEPS) - _STEPS // 2
    return torch.where(kept, numbers * (1 / (1 - dropout.p)), 0.0)


def _convolve(conv: torch.nn.Conv1d, plainly: Any, hidden: Tensor) -> Tensor:
    """(clips, channels, frames) to (clips, channels, frames + 1), as `plainly`."""
    if not conv.training:
        out: Tensor = plainly(hidden)
        return out
    clips, channels, frames = hidden.shape
    padding, kernel, groups = int(conv.padding[0]), conv.kernel_size[0], conv.groups
    padded = frames + 2 * padding
    size = _quick_size(padded)
    waves = torch.fft.rfft(functional.pad(hidden, (padding, size - frames - padding)), size)
    kernels = torch.fft.rfft(conv.weight, size).conj()
    grouped = waves.view(clips, groups, channels // groups, -1).permute(1, 3, 0, 2)
    mixing = kernels.view(groups, conv.out_channels // groups, channels // groups, -1)
    mixed = torch.matmul(grouped, mixing.permute(0, 3, 2, 1)).permute(2, 0, 3, 1)
    made = torch.fft.irfft(mixed.reshape(clips, conv.out_channels, -1), size)
    made = made[..., : padded - kernel + 1]
    return cast(Tensor, made if conv.bias is None else made + conv.bias[:, None])


def _quick_size(at_least: int) -> int:
    """The next even length without prime factors above 5."""
    size = at_least + at_least % 2
    while True:
        rest = size
        for factor in (2, 3, 5):
            while rest % factor == 0:
                rest //= factor
        if rest == 1:
            return size
        size += 2
