"""Which epoch is the best, and keeping its model."""

import math
from dataclasses import dataclass

import numpy as np
import torch

from trainer.contract.labels import CLASSES
from trainer.contract.protocol import CheckpointSaved
from trainer.faults import is_full
from trainer.network.loss import Labels, Loss
from trainer.network.model import Hubert
from trainer.recipes.recipe import RunContext
from trainer.scores import confusion_matrix, scores
from trainer.training.checkpoint import save_best
from trainer.training.descent import DivergedError
from trainer.training.resume import ResumePoints


@dataclass(frozen=True, slots=True)
class DevScore:
    """What a network is chosen by."""

    loss: float
    macro_f1: float
    uar: float
    matrix: list[list[int]]
    """Rows human, columns model, in the order of the label scheme."""

    @property
    def rank(self) -> tuple[float, float]:
        """Greater is better: macro F1, and between equals the smaller loss."""
        return self.macro_f1, -self.loss


def dev_score(logits: torch.Tensor, labels: Labels, loss: Loss) -> DevScore:
    """Score logits, shape (clips, 3). Raises DivergedError when they are no longer numbers."""
    found = loss(logits, torch.from_numpy(labels)).item()
    if not math.isfinite(found):
        raise DivergedError(f"dev loss {found}")
    matrix = confusion_matrix(_names(labels), _names(logits.argmax(dim=1).numpy()))
    by_name = scores(matrix)
    return DevScore(found, float(by_name["macro_f1"]), float(by_name["uar"]), matrix.tolist())


def keep(hubert: Hubert, epoch: int, run: RunContext, points: ResumePoints) -> None:
    """Keep this model as the best, if need be in place of the states to resume from."""
    checkpoints = run.folder.checkpoints
    try:
        folder = save_best(checkpoints, hubert, epoch)
    except OSError as error:
        if not (is_full(error) and points.make_room()):
            raise
        folder = save_best(checkpoints, hubert, epoch)
    run.reporter.send(CheckpointSaved(str(folder), epoch))


def _names(numbers: Labels) -> list[str]:
    return [CLASSES[i] for i in np.asarray(numbers).tolist()]
