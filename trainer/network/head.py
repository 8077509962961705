"""From frames to three logits: which layers, how they are pooled, and who remembers it.

The choice stands in the checkpoint's own `config.json`, so that a saved model is read back as it
was. transformers reads it too, but knows neither attentive pooling nor, in 5.23, the right states
for a sum over layers.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from trainer.network.layers import hidden_states, time_mean, weighted_sum
from trainer.sound import audio_backend  # noqa: F401 - before transformers, which imports torchaudio

# isort: split
from transformers import HubertConfig, HubertForSequenceClassification

MEAN, ATTENTIVE = "mean", "attentive"
LAST, WEIGHTED = "last", "weighted"
NEW = ("projector.", "classifier.", "pooling.", "layer_weights")
"""What the names of its weights begin with: a checkpoint of the encoder alone lacks them."""


@dataclass(frozen=True, slots=True)
class Head:
    """The choices behind `FinetuneConfig.pooling` and `.layers`."""

    pooling: str = MEAN
    layers: str = LAST

    def settings(self) -> dict[str, Any]:
        """What a model's configuration says of it."""
        return {"pooling": self.pooling, "use_weighted_layer_sum": self.layers == WEIGHTED}

    def build(self) -> type[HubertForSequenceClassification]:
        """The class of its networks."""
        return AttentiveHubert if self.pooling == ATTENTIVE else HubertForSequenceClassification


def head_in(config: dict[str, Any]) -> Head:
    """The head of a model folder, from its `config.json`."""
    summed = bool(config.get("use_weighted_layer_sum"))
    return Head(str(config.get("pooling", MEAN)), WEIGHTED if summed else LAST)


class AttentivePooling(nn.Module):
    """A mean over frames, each weighing as much as a small network says (Lin et al. 2017)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.score = nn.Sequential(nn.Linear(width, width), nn.Tanh(), nn.Linear(width, 1))

    def forward(self, frames: torch.Tensor, real: torch.Tensor | None) -> torch.Tensor:
        """Shape (clips, width), of (clips, frames, width); padding, not `real`, weighs nothing."""
        scores = self.score(frames)[..., 0].float()
        if real is not None:
            scores = scores.masked_fill(~real, -torch.inf)
        pooled: torch.Tensor = (frames * scores.softmax(dim=1)[..., None]).sum(dim=1)
        return pooled


class AttentiveHubert(HubertForSequenceClassification):  # type: ignore[misc]  # untyped library
    """With the weights of attentive pooling among its own."""

    def __init__(self, config: HubertConfig) -> None:
        super().__init__(config)
        self.pooling = AttentivePooling(config.classifier_proj_size)
        self.post_init()


def answer(network: Any, projected: torch.Tensor, real: torch.Tensor | None = None) -> torch.Tensor:
    """Logits, shape (clips, 3), of what the encoder is given, shape (clips, frames, width).

    As `HubertForSequenceClassification.forward` of transformers 5.23 from there on, for the last
    layer and the mean; in float32, whatever the encoder computed in.
    """
    encoder = network.hubert.encoder
    if network.config.use_weighted_layer_sum:
        hidden = weighted_sum(hidden_states(encoder, projected, real), network.layer_weights)
    else:
        hidden = encoder(projected, attention_mask=real).last_hidden_state
    hidden = network.projector(hidden)
    attentive = isinstance(network, AttentiveHubert)
    pooled = network.pooling(hidden, real) if attentive else time_mean(hidden, real)
    logits: torch.Tensor = network.classifier(pooled).float()
    return logits
