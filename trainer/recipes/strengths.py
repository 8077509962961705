"""Linear models of several regularisation strengths, one an epoch; the dev set chooses by macro F1.

Shared by the recipes whose fitting takes seconds: told, watched and stopped as the long ones are.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from trainer.contract import protocol
from trainer.contract.labels import CLASSES
from trainer.contract.manifest import ManifestClip
from trainer.recipes.recipe import Probabilities, RunContext
from trainer.scores import confusion_matrix, scores

Numbers = npt.NDArray[np.int64]
_LEAST = 1e-12
"""Probability below which a loss grows no more."""


class Fitted(Protocol):
    """What one strength gives."""

    def probabilities(self, vectors: Any, /) -> Probabilities:
        """Shape (clips, 3) from (clips, features)."""

    def save(self, path: Path) -> None:
        """Write, whole or not at all."""


Model = TypeVar("Model", bound=Fitted)


@dataclass(frozen=True, slots=True)
class Choice(Generic[Model]):
    """What is tried, and on what."""

    strengths: Sequence[float]
    """Inverse, so that the first is the strongest regularisation."""
    fit: Callable[[float], Model]
    learnt: npt.NDArray[Any]
    """Vectors of the training clips, (clips, features)."""
    learnt_classes: Numbers
    chosen_by: npt.NDArray[Any]
    """Vectors of the dev clips."""
    chosen_classes: Numbers
    watched: Mapping[str, npt.NDArray[Any]]
    """Vectors of `run.config.watch` by clip id."""
    checkpoint: Path


def choose(choice: Choice[Model], run: RunContext) -> tuple[Model, float]:
    """The best model, saved, and its strength; the best so far when the run shall stop.

    Raises RunEnded."""
    best: tuple[Model, float] | None = None
    best_rank = (-1.0, 0.0)
    stage = run.reporter.stage("Train", len(choice.strengths), "epochs")
    for epoch, strength in enumerate(sorted(choice.strengths), start=1):
        if run.wishes.check(something_to_keep=best is not None) and best is not None:
            return best
        model = choice.fit(strength)
        answers = model.probabilities(choice.chosen_by)
        matrix = confusion_matrix(
            labels_of(choice.chosen_classes), labels_of(answers.argmax(axis=1))
        )
        found = {name: float(value) for name, value in scores(matrix).items()}
        dev_loss = _loss(answers, choice.chosen_classes)
        rank = (found["macro_f1"], -dev_loss)
        if rank > best_rank:
            best, best_rank = (model, strength), rank
            model.save(choice.checkpoint)
            run.reporter.send(protocol.CheckpointSaved(str(choice.checkpoint), epoch))
        run.reporter.send(
            protocol.EpochFinished(
                epoch=epoch,
                epochs=len(choice.strengths),
                train_loss=_loss(model.probabilities(choice.learnt), choice.learnt_classes),
                dev_loss=dev_loss,
                dev_macro_f1=found["macro_f1"],
                dev_uar=found["uar"],
                dev_confusion=matrix.tolist(),
                is_best=best is not None and best[0] is model,
                detail=f"C = {strength:g}",
            )
        )
        if choice.watched:
            rows = model.probabilities(np.array(list(choice.watched.values()))).tolist()
            run.reporter.send(
                protocol.PredictionsUpdated(epoch, dict(zip(choice.watched, rows, strict=True)))
            )
        stage.advance()
    if best is None:
        raise RuntimeError("no strength was tried")
    return best


def classes_of(clips: Sequence[ManifestClip]) -> Numbers:
    """The class of each labelled clip, as a number."""
    return np.array([CLASSES.index(str(clip.label)) for clip in clips], dtype=np.int64)


def labels_of(numbers: Numbers) -> list[str]:
    return [CLASSES[i] for i in numbers]


def _loss(answers: Probabilities, classes: Numbers) -> float:
    """Mean cross-entropy in nats."""
    right = answers[np.arange(len(classes)), classes]
    return float(-np.log(np.maximum(right, _LEAST)).mean())
