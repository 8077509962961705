"""What a network says of clips: batches of like length, no gradients, whole clips up to 30 s."""

from collections.abc import Callable

import torch

from trainer.network.model import Hubert
from trainer.training.dataset import Examples

BATCH_SECONDS = 32.0


@torch.no_grad()
def predict(
    hubert: Hubert,
    examples: Examples,
    between_batches: Callable[[], object] = lambda: None,
    part: slice = slice(None),
) -> torch.Tensor:
    """Logits of all examples in their order, on the CPU, shape (clips, 3); zero for clips that
    are not in this `part` of the batches."""
    hubert.network.eval()
    logits = torch.zeros(len(examples), hubert.network.config.num_labels)
    for numbers in examples.plan(BATCH_SECONDS)[part]:
        between_batches()
        batch = examples.batch(numbers)
        with hubert.mixed_precision():
            logits[numbers] = hubert.logits(batch.features, batch.real).cpu()
    return logits
