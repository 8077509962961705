"""The model of the probe: a weighted mean of an encoder's hidden states, and a linear head.

Nothing of it needs torch: a run whose clips are known is over before torch is imported.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError
from safetensors.numpy import load_file, save

from trainer.contract.errors import TrainerError
from trainer.contract.files import written_aside

Array = npt.NDArray[np.float32]
_AT_ONCE = 32
"""Clips made float32 at a time: few enough to stay in a core's cache."""


@dataclass(frozen=True, slots=True)
class Mixture:
    """One vector for each clip out of its hidden states, every one of them scaled first."""

    mean: Array
    """(states, width), as is `scale`: over clips learnt from."""
    scale: Array
    shares: Array
    """(states,), adding up to 1: how much each hidden state counts."""

    def of(self, embeddings: Sequence[npt.NDArray[Any]]) -> Array:
        """(clips, width), from (states, width) each."""
        weight = self.shares[:, None] / self.scale
        nothing = (self.mean * weight).sum(axis=0)

        def mixed(first: int) -> Array:
            some = np.stack(embeddings[first : first + _AT_ONCE]).astype(np.float32)
            return np.asarray(np.einsum("nsw,sw->nw", some, weight) - nothing)

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            parts = list(pool.map(mixed, range(0, len(embeddings), _AT_ONCE)))
        return np.concatenate([np.empty((0, len(nothing)), np.float32), *parts])


@dataclass(frozen=True, slots=True)
class LayerHead:
    """`weights` (width, 3) and `bias` (3,) over what `mixture` gives."""

    encoder: str
    """See `trainer.network.encoder.EncoderFacts.id`."""
    mixture: Mixture
    weights: Array
    bias: Array
    """Very low for a class that was never learnt."""

    def probabilities(self, mixed: Array) -> npt.NDArray[np.float64]:
        """Shape (clips, 3) from (clips, width); 0 for a class that was never learnt."""
        logits = (mixed @ self.weights + self.bias).astype(np.float64)
        grown = np.exp(logits - logits.max(axis=1, keepdims=True))
        rows: npt.NDArray[np.float64] = grown / grown.sum(axis=1, keepdims=True)
        return rows

    def save(self, path: Path) -> None:
        """Write as safetensors, whole or not at all."""
        mixture = self.mixture
        arrays = {
            "mean": mixture.mean,
            "scale": mixture.scale,
            "shares": mixture.shares,
            "weights": self.weights,
            "bias": self.bias,
            "encoder": np.frombuffer(self.encoder.encode(), np.uint8),
        }
        # safetensors 0.8 writes the memory as it lies, which may be by columns
        with written_aside(path) as file:
            file.write(save({name: np.ascontiguousarray(a) for name, a in arrays.items()}))


def load_layer_head(path: Path) -> LayerHead:
    """Raises TrainerError for a file that is not there, or damaged."""
    try:
        found = load_file(path)
        mixture = Mixture(found["mean"], found["scale"], found["shares"])
        encoder = found["encoder"].tobytes().decode()
        return LayerHead(encoder, mixture, found["weights"], found["bias"])
    except (OSError, SafetensorError, KeyError, ValueError) as error:
        raise TrainerError(
            f"The checkpoint {path} cannot be read: {error}.", "Train again."
        ) from error
