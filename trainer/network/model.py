"""HuBERT with a three-class head, in two halves: frozen convolutions, and the rest that learns.

The convolutions run clip by clip, without padding, so that a clip's features do not depend on its
company: in models with group norm (hubert-base) no mask could mend that. And as they never
change, a clip's features need computing only once.
"""

import hashlib
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from trainer.device import AUTO, mixed_precision
from trainer.network.head import answer
from trainer.sound.waveforms import RATE, Waveform


@dataclass(frozen=True, slots=True)
class Hubert:
    """The network and the rules of its input."""

    network: Any
    """`HubertForSequenceClassification`."""
    normalize: bool = True
    """Whether each clip is brought to mean 0 and variance 1 over its own samples."""
    precision: str = AUTO
    """Of its matrix products: see `trainer.device.precision_on`."""

    def __post_init__(self) -> None:
        self.network.freeze_feature_encoder()

    def mixed_precision(self) -> AbstractContextManager[object]:
        """Around every call of `features` and `logits`."""
        return mixed_precision(self.network.device, self.precision)

    @property
    def frames_per_s(self) -> float:
        return float(RATE / np.prod(self.network.config.conv_stride))

    @property
    def shortest(self) -> int:
        """Samples that every clip is padded to, so that it fills the convolutions and one mask
        of SpecAugment: 3,280 (0.2 s) for the paper's model. Silence, heard in training and
        evaluation alike."""
        config = self.network.config
        samples = config.mask_time_length if self.masks_time else 1
        for kernel, stride in zip(
            reversed(config.conv_kernel), reversed(config.conv_stride), strict=True
        ):
            samples = (samples - 1) * stride + kernel
        return int(samples)

    @property
    def masks_time(self) -> bool:
        """Whether the checkpoint asks for SpecAugment along time."""
        return bool(
            self.network.config.apply_spec_augment and self.network.config.mask_time_prob > 0
        )

    def encoder_hash(self) -> str:
        """SHA-256 of all weights below the head, hexadecimal."""
        digest = hashlib.sha256()
        for name, weight in sorted(self.network.hubert.state_dict().items()):
            digest.update(name.encode())
            digest.update(weight.detach().cpu().contiguous().numpy().tobytes())
        return digest.hexdigest()

    def frames(self, samples: int) -> int:
        """Frames that the convolutions make of so many samples."""
        return int(self.network._get_feat_extract_output_lengths(max(samples, self.shortest)))

    @torch.no_grad()
    def features(self, waveform: Waveform) -> torch.Tensor:
        """What the frozen convolutions make of one clip, shape (frames, channels)."""
        samples = torch.from_numpy(self._input(waveform)).to(self.network.device)
        features: torch.Tensor = self.network.hubert.feature_extractor(samples[None])
        return features[0].T

    def logits(
        self,
        features: torch.Tensor,
        real: torch.Tensor | None = None,
        masked: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Logits, shape (clips, 3), of features, shape (clips, frames, channels).

        `real`, bool (clips, frames), tells frames from padding; None, where there is no padding,
        is faster. `masked`, of the same shape, is what SpecAugment hides.
        """
        network = self.network
        hidden = network.hubert.feature_projection(features)
        if masked is not None:
            hidden = network.hubert._mask_hidden_states(hidden, mask_time_indices=masked)
        return answer(network, hidden, real)

    def _input(self, waveform: Waveform) -> npt.NDArray[np.float32]:
        heard = waveform.astype(np.float32) / 32768
        if self.normalize:  # as Wav2Vec2FeatureExtractor does: padding comes after
            heard = (heard - heard.mean()) / np.sqrt(heard.var() + np.float32(1e-7))
        return np.pad(heard, (0, max(0, self.shortest - len(heard))))


def draw_masks(
    frames: Sequence[int], config: Any, rng: np.random.Generator
) -> npt.NDArray[np.bool_]:
    """SpecAugment's spans along time, shape (clips, most frames), within each clip's own frames.

    transformers draws them over the padding too, so that a short clip gets fewer than asked for.
    """
    masks = np.zeros((len(frames), max(frames)), dtype=bool)
    span = int(config.mask_time_length)
    for mask, count in zip(masks, frames, strict=True):
        wanted = int(config.mask_time_prob * count / span + rng.random())
        spans = min(max(wanted, config.mask_time_min_masks), count // span)
        for start in rng.choice(count - span + 1, spans, replace=False):
            mask[start : start + span] = True
    return masks
