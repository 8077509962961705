"""Acoustic features and logistic regression: seconds on any CPU, no download, a fair baseline.

One epoch is one strength of regularisation; the dev set chooses among them by macro F1. Where the
clips' emotions are known the model learns those, and adds them up to classes.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from trainer.contract import protocol
from trainer.contract.config import RunConfig
from trainer.contract.labels import CLASSES
from trainer.contract.manifest import ManifestClip
from trainer.contract.run_folder import RunFolder
from trainer.evaluate import confusion_matrix, scores
from trainer.extraction import vectors_of
from trainer.feature_cache import Vector
from trainer.recipes.linear import (
    LinearModel,
    Numbers,
    Rows,
    fit_linear_model,
    load_linear_model,
)
from trainer.recipes.recipe import Probabilities, RunContext

FEWEST = 10
"""Clips of an emotion below which it is not learnt apart from its class."""
_LEAST = 1e-12
"""Probability below which a loss grows no more."""


class AcousticRecipe:
    """A `trainer.recipes.recipe.Recipe`. Holds the clips' vectors between its calls."""

    model = "acoustic features, logistic regression"
    note = ""
    device = "cpu"
    starting_weights = ""

    def __init__(self, config: RunConfig) -> None:
        self._config = config.acoustic
        self._vectors: dict[str, Vector] = {}
        self._best: LinearModel | None = None

    def prepare(self, clips: Sequence[ManifestClip], run: RunContext) -> Mapping[str, str]:
        found, unusable = vectors_of(clips, run.cache, run.reporter, run.wishes)
        self._vectors |= found
        return unusable

    def fit(
        self, train: Sequence[ManifestClip], dev: Sequence[ManifestClip], run: RunContext
    ) -> None:
        learnt, chosen_by = self._rows(train), self._rows(dev)
        kinds, class_of = _kinds(train)
        asked = _classes(dev)
        scaler = StandardScaler().fit(learnt)
        best = (-1.0, 0.0)
        strengths = sorted(self._config.strengths)
        stage = run.reporter.stage("Train", len(strengths), "epochs")
        for epoch, strength in enumerate(strengths, start=1):
            if run.wishes.check(something_to_keep=self._best is not None):
                return
            with threadpool_limits(1):  # on so small a problem, threads wait for each other
                model = fit_linear_model(learnt, kinds, class_of, scaler, strength)
            answers = model.probabilities(chosen_by)
            matrix = confusion_matrix(_labels(asked), _labels(answers.argmax(axis=1)))
            found = {name: float(value) for name, value in scores(matrix).items()}
            rank = (found["macro_f1"], -_loss(answers, asked))
            if rank > best:
                best = rank
                self._keep(model, epoch, run)
            run.reporter.send(
                protocol.EpochFinished(
                    epoch=epoch,
                    epochs=len(strengths),
                    train_loss=_loss(model.probabilities(learnt), class_of[kinds]),
                    dev_loss=_loss(answers, asked),
                    dev_macro_f1=found["macro_f1"],
                    dev_uar=found["uar"],
                    dev_confusion=matrix.tolist(),
                    is_best=self._best is model,
                    detail=f"C = {strength:g}",
                )
            )
            self._show_watched(model, epoch, run)
            stage.advance()

    def load(self, run: RunContext) -> None:
        self._best = load_linear_model(_checkpoint(run.folder))

    def probabilities(self, clips: Sequence[ManifestClip]) -> Probabilities:
        if self._best is None:
            raise ValueError("nothing has been learnt or loaded")
        return self._best.probabilities(self._rows(clips))

    def _keep(self, model: LinearModel, epoch: int, run: RunContext) -> None:
        path = _checkpoint(run.folder)
        model.save(path)
        self._best = model
        run.reporter.send(protocol.CheckpointSaved(str(path), epoch))

    def _show_watched(self, model: LinearModel, epoch: int, run: RunContext) -> None:
        known = {name: self._vectors[name] for name in run.config.watch if name in self._vectors}
        if known:
            rows = model.probabilities(np.array(list(known.values()), dtype=np.float64)).tolist()
            run.reporter.send(
                protocol.PredictionsUpdated(epoch, dict(zip(known, rows, strict=True)))
            )

    def _rows(self, clips: Sequence[ManifestClip]) -> Rows:
        return np.array([self._vectors[clip.clip_id] for clip in clips], dtype=np.float64)


def _checkpoint(folder: RunFolder) -> Path:
    return folder.checkpoints / "acoustic.safetensors"


def _kinds(clips: Sequence[ManifestClip]) -> tuple[Numbers, Numbers]:
    """The kind of each clip, and the class of each kind: see `LinearModel`."""
    named = [(CLASSES.index(str(clip.label)), clip.emotion or "") for clip in clips]
    common = Counter(named)
    kept = [
        (label, emotion if common[label, emotion] >= FEWEST else "") for label, emotion in named
    ]
    kinds = sorted(set(kept))
    place = {kind: number for number, kind in enumerate(kinds)}
    return np.array([place[kind] for kind in kept]), np.array([label for label, _ in kinds])


def _classes(clips: Sequence[ManifestClip]) -> Numbers:
    return np.array([CLASSES.index(str(clip.label)) for clip in clips])


def _labels(numbers: Numbers) -> list[str]:
    return [CLASSES[i] for i in numbers]


def _loss(answers: Rows, classes: Numbers) -> float:
    """Mean cross-entropy in nats."""
    right = answers[np.arange(len(classes)), classes]
    return float(-np.log(np.maximum(right, _LEAST)).mean())
