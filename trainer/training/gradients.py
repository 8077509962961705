"""A batch to gradients: by one process or by several, by plain layers or by compiled ones."""

import numpy as np
import torch

from trainer.network.loss import Loss
from trainer.network.model import Hubert, draw_masks
from trainer.training.compiling import Compilation
from trainer.training.dataset import Batch, Examples
from trainer.training.descent import Descent
from trainer.training.ranks import Ranks


class Gradients:
    """Of `loss`, in the weights that `descent` moves."""

    def __init__(
        self, hubert: Hubert, descent: Descent, loss: Loss, ranks: Ranks, compilation: Compilation
    ) -> None:
        self.hubert, self.descent, self.loss = hubert, descent, loss
        self.ranks, self.compilation = ranks, compilation

    def leave(self, examples: Examples, numbers: list[int], masks: np.random.Generator) -> float:
        """Leave those of a batch in the weights; returns its loss.

        Of several processes each computes its part, which counts in the mean as much as its clips
        weigh. Raises torch.OutOfMemoryError in all when one has too little memory."""
        loss, failure = 0.0, None
        try:
            loss = self._of_my_part(examples, numbers, masks)
        except torch.OutOfMemoryError as error:
            failure = error
        if self.ranks.any_of(failure is not None):
            raise failure or torch.OutOfMemoryError("another process ran out of memory")
        return self.descent.add_up(self.ranks, loss)

    def _of_my_part(
        self, examples: Examples, numbers: list[int], masks: np.random.Generator
    ) -> float:
        mine = numbers[self.ranks.part]
        if not mine:
            if self.hubert.masks_time:  # the others draw too
                config = self.hubert.network.config
                draw_masks(examples.lengths[numbers].tolist(), config, masks)
            return 0.0
        batch, part = examples.batch(numbers, masks, self.ranks.part), 1.0
        if self.ranks.count > 1:
            part = self.loss.share(examples.labels[mine], examples.labels[numbers])
        try:
            return self._backward(batch, part)
        except Exception as error:
            if not self.compilation.gives_up(error):
                raise
            self.descent.forget()
            return self._backward(batch, part)

    def _backward(self, batch: Batch, part: float) -> float:
        with self.hubert.mixed_precision():
            logits = self.hubert.logits(batch.features, batch.real, batch.masked)
        loss = self.loss(logits, batch.labels)
        if part != 1:
            loss = loss * part
        self.descent.backward(loss)
        return loss.item()
