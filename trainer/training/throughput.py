"""How fast a training goes: seconds of audio a second, and on a known card the part of its peak."""

from dataclasses import dataclass

import torch

from trainer.contract.finetune import FinetuneConfig
from trainer.network.flops import peak_flops, training_flops
from trainer.network.model import Hubert
from trainer.training.dataset import Examples


@dataclass(frozen=True, slots=True)
class Throughput:
    """What turns clips a second into figures that can be compared."""

    seconds: float
    """Of audio in a clip, on average, without padding."""
    flops: float
    """Of a step, for a second of audio."""
    peak: float | None
    """Of all cards together; None where it is not known, as on a CPU."""

    def audio(self, clips_per_s: float) -> float:
        return clips_per_s * self.seconds

    def mfu(self, clips_per_s: float) -> float | None:
        """Model FLOP utilisation, 0..1: arithmetic of real audio by what the cards could do."""
        return None if self.peak is None else self.audio(clips_per_s) * self.flops / self.peak


def throughput(
    hubert: Hubert, train: Examples, options: FinetuneConfig, cards: int = 1
) -> Throughput:
    """Of a training on these clips, whose convolutions are kept unless the clips change."""
    seconds = float(train.lengths.mean()) / hubert.frames_per_s if len(train) else 0.0
    device = hubert.network.device
    peak = peak_flops(torch.cuda.get_device_name(device)) if device.type == "cuda" else None
    flops = training_flops(
        hubert.network.config,
        seconds,
        kept=not options.augment,
        adapters=options.lora_rank > 0,
    )
    return Throughput(seconds, flops, peak and peak * cards)
