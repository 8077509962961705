"""What a frozen encoder makes of clips: of every hidden state its mean over time."""

import hashlib
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
import torch

from trainer.contract.config import MEAN_STD
from trainer.contract.manifest import ManifestClip
from trainer.device import mixed_precision
from trainer.network.layers import hidden_states, time_mean
from trainer.network.model import Hubert
from trainer.prediction.predict import BATCH_SECONDS
from trainer.training.dataset import Examples

Embedding = npt.NDArray[np.float16]
_MOST = 65504.0
"""Of float16, which keeps three digits: as many as a mean over time is worth."""


@torch.no_grad()
def embed(
    hubert: Hubert, examples: Examples, statistics: str, between_batches: Callable[[], object]
) -> Iterator[tuple[ManifestClip, Embedding]]:
    """Each clip's embedding, (states, width) or (states, 2 width), the longest clips first."""
    hubert.network.eval()
    encoder = hubert.network.hubert
    for numbers in examples.plan(BATCH_SECONDS):
        between_batches()
        batch = examples.batch(numbers)
        with mixed_precision(batch.features.device):
            projected = encoder.feature_projection(batch.features)
            states = hidden_states(encoder.encoder, projected, batch.real)
        pooled = [_statistics(state.float(), batch.real, statistics) for state in states]
        rows = torch.stack(pooled, dim=1).clamp(-_MOST, _MOST).half().cpu().numpy()
        yield from ((examples.clips[n], row) for n, row in zip(numbers, rows, strict=True))


def encoder_id(hubert: Hubert) -> str:
    """What names an encoder's embeddings: its weights, and the settings that no weight shows."""
    config = hubert.network.config
    settings = (
        hubert.encoder_hash(),
        hubert.normalize,
        hubert.shortest,
        config.do_stable_layer_norm,
        config.feat_extract_norm,
        config.num_attention_heads,
        config.hidden_act,
        config.layer_norm_eps,
        tuple(config.conv_stride),
    )
    return hashlib.blake2b(repr(settings).encode(), digest_size=16).hexdigest()


def _statistics(state: torch.Tensor, real: torch.Tensor | None, which: str) -> torch.Tensor:
    mean = time_mean(state, real)
    if which != MEAN_STD:
        return mean
    variance = time_mean((state - mean[:, None]).square(), real)
    return torch.cat([mean, variance.sqrt()], dim=1)
