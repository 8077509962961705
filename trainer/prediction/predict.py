"""What a network says of clips: batches of like length, no gradients, whole clips up to 30 s."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import numpy.typing as npt
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


@contextmanager
def pooled(hubert: Hubert, examples: Examples) -> Iterator[npt.NDArray[np.float32]]:
    """What the classifier is given of each clip while `predict` goes over these examples, (clips,
    width): taken in passing, so that no clip goes through the network twice."""
    width = hubert.network.classifier.in_features
    vectors = np.zeros((len(examples), width), np.float32)
    batches = iter(examples.plan(BATCH_SECONDS))

    def take(_: torch.nn.Module, given: tuple[torch.Tensor, ...]) -> None:
        vectors[next(batches)] = given[0].detach().float().cpu().numpy()

    hook = hubert.network.classifier.register_forward_pre_hook(take)
    try:
        yield vectors
    finally:
        hook.remove()
