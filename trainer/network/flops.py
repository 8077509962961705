"""How much arithmetic a second of audio takes, and how much of a card's peak that is.

Counted by hand, 1 multiplication and addition = 2: torch's `FlopCounterMode` ignores the groups of
the positional convolution in its backward pass and counts a tenth too much.
"""

from typing import Any

import numpy as np

from trainer.sound.waveforms import RATE

PEAKS = {
    "H200": 989e12,
    "H100 PCIe": 756e12,
    "H100 NVL": 835e12,
    "H100": 989e12,
    "A100": 312e12,
    "L40S": 362e12,
    "A10G": 70e12,
    "L4": 121e12,
    "RTX 4090": 165e12,
    "RTX 3090": 71e12,
    "V100": 125e12,
    "T4": 65e12,
}
"""Dense 16-bit products a second, float32 sums; longer names first where one begins another.
Makers also print twice as much: for matrices that are half zeros."""


def convolution_flops(config: Any) -> float:
    """Of the convolutions over the waveform, for a second of audio."""
    frames = RATE / np.cumprod(config.conv_stride)
    inputs = (1, *config.conv_dim[:-1])
    sizes = zip(frames, config.conv_kernel, inputs, config.conv_dim, strict=True)
    return float(sum(2 * count * kernel * i * o for count, kernel, i, o in sizes))


def encoder_flops(config: Any, seconds: float) -> float:
    """Of all above the convolutions, for a second of audio in clips of so many seconds."""
    frames = RATE / np.prod(config.conv_stride)
    width, inner = config.hidden_size, config.intermediate_size
    positional = width * width * config.num_conv_pos_embeddings
    per_frame = (
        config.conv_dim[-1] * width
        + positional / config.num_conv_pos_embedding_groups
        + config.num_hidden_layers * (4 * width**2 + 2 * width * inner)
        + config.num_hidden_layers * 2 * width * frames * seconds
    )
    return float(2 * frames * per_frame)


def training_flops(config: Any, seconds: float, *, kept: bool, adapters: bool = False) -> float:
    """Of a training step, for a second of audio: the frozen convolutions once, or not at all
    when their output is `kept`; the rest thrice, or twice when only `adapters` learn, as frozen
    weights need no gradient. What gradient checkpointing repeats is not counted."""
    rest = encoder_flops(config, seconds) * (2 if adapters else 3)
    return rest if kept else rest + convolution_flops(config)


def peak_flops(card: str) -> float | None:
    """Of a card by its name; None for one that is not known."""
    return next((peak for name, peak in PEAKS.items() if name in card), None)
