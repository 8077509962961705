"""Every hidden state of a HuBERT encoder, whether or not layers are dropped at random.

transformers 5.23 collects them with hooks: of encoders that normalise before each block its last
one lacks the final layer norm, and a dropped layer leaves a hole. So the encoder is walked here.
"""

from collections.abc import Sequence
from typing import Any

import torch

from trainer.sound import audio_backend  # noqa: F401 - before transformers, which imports torchaudio

# isort: split
from transformers.masking_utils import create_bidirectional_mask
from transformers.models.hubert.modeling_hubert import HubertEncoderStableLayerNorm


def hidden_states(
    encoder: Any, projected: torch.Tensor, real: torch.Tensor | None = None
) -> list[torch.Tensor]:
    """What enters the first layer, then what leaves each: layers + 1 tensors of one shape.

    `encoder` is `HubertModel.encoder`; `projected`, (clips, frames, width), is what
    `feature_projection` (and SpecAugment) made; `real`, bool (clips, frames), tells frames from
    padding, None where there is none. The last state is the encoder's `last_hidden_state`, bit
    for bit. A layer that training drops hands on what it was given. As `HubertEncoder.forward`
    and `HubertEncoderStableLayerNorm.forward` of transformers 5.23.
    """
    normalised_last = isinstance(encoder, HubertEncoderStableLayerNorm)
    hidden = projected if real is None else projected.masked_fill(~real[..., None], 0)
    attention = create_bidirectional_mask(encoder.config, hidden, real)
    hidden = hidden + encoder.pos_conv_embed(hidden)
    if not normalised_last:
        hidden = encoder.layer_norm(hidden)
    states = [encoder.dropout(hidden)]
    dropped = encoder.config.layerdrop if encoder.training else 0.0
    for layer in encoder.layers:
        skipped = dropped > 0 and bool(torch.rand([]) < dropped)
        states.append(states[-1] if skipped else layer(states[-1], attention_mask=attention))
    if normalised_last:
        states[-1] = encoder.layer_norm(states[-1])
    return states


def weighted_sum(states: Sequence[torch.Tensor], weights: torch.Tensor) -> torch.Tensor:
    """The mean of the states under softmax(`weights`), (layers + 1,): one learnt number a layer.

    Added up one by one: a stack of 25 states would be held in memory once more.
    """
    shares = weights.softmax(dim=0).to(states[0].dtype)
    total = shares[0] * states[0]
    for share, state in zip(shares[1:], states[1:], strict=True):
        total = total + share * state
    return total


def time_mean(state: torch.Tensor, real: torch.Tensor | None = None) -> torch.Tensor:
    """Mean over the frames that are no padding, (clips, width) of (clips, frames, width)."""
    if real is None:
        return state.mean(dim=1)
    return (state * real[..., None]).sum(dim=1) / real.sum(dim=1, keepdim=True)
