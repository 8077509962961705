"""What a training makes small: cross-entropy, with what balances the classes."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch.nn.functional import cross_entropy

from trainer.contract.config import FinetuneConfig
from trainer.contract.labels import CLASSES

Labels = npt.NDArray[np.int64]
"""Numbers of classes, in the order of CLASSES, shape (clips,)."""


@dataclass(frozen=True, slots=True)
class Loss:
    """Mean over clips, each weighing as much as its class; on the device of its weights."""

    weights: torch.Tensor
    """Shape (3,)."""
    prior: torch.Tensor | None = None
    """Added to the logits, shape (3,): what the answers need not say then."""
    smoothing: float = 0.0

    def __call__(self, logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """One number, of logits, shape (clips, 3), and labels, int64, shape (clips,)."""
        if self.prior is not None:
            logits = logits + self.prior.to(logits.device)
        weights = self.weights.to(logits.device)
        return cross_entropy(logits, labels, weights, label_smoothing=self.smoothing)

    def share(self, part: Labels, whole: Labels) -> float:
        """How much the mean over a `part` of a batch counts in the mean over the whole of it."""
        weights = self.weights.cpu().numpy()
        return float(weights[part].sum() / weights[whole].sum())


def loss_for(options: FinetuneConfig, labels: Labels, device: torch.device) -> Loss:
    """The loss of a training on clips with these labels."""
    tau = options.logit_adjustment
    return Loss(
        class_weights(labels, options.class_weights).to(device),
        tau * log_prior(labels).to(device) if tau else None,
        options.label_smoothing,
    )


def log_prior(labels: Labels) -> torch.Tensor:
    """Log of each class's part of the clips, shape (3,); a class that is missing counts as one
    clip, as its logarithm would be no number."""
    counts = _counts(labels).clamp(min=1)
    return (counts / counts.sum()).log()


def class_weights(labels: Labels, balanced: bool) -> torch.Tensor:
    """Weight of each class in the loss: with `balanced`, the rarer the heavier."""
    counts = _counts(labels)
    there = counts > 0
    if not balanced:
        return torch.ones(len(CLASSES))
    return torch.where(there, counts.sum() / (there.sum() * counts.clamp(min=1)), 1.0)


def _counts(labels: Labels) -> torch.Tensor:
    return torch.bincount(torch.from_numpy(labels), minlength=len(CLASSES)).float()
