"""Acoustic features and logistic regression: seconds on any CPU, no download, a fair baseline.

One epoch is one strength of regularisation; the dev set chooses among them by macro F1. Where the
clips' emotions are known the model learns those, and adds them up to classes.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from trainer.contract.config import RunConfig
from trainer.contract.labels import CLASSES
from trainer.contract.manifest import ManifestClip
from trainer.contract.run_folder import RunFolder
from trainer.features.cache import Vector
from trainer.features.extraction import vectors_of
from trainer.recipes.linear import (
    LinearModel,
    Numbers,
    Rows,
    fit_linear_model,
    load_linear_model,
)
from trainer.recipes.recipe import Probabilities, RunContext, Vectors
from trainer.recipes.strengths import Choice, choose, classes_of

FEWEST = 10
"""Clips of an emotion below which it is not learnt apart from its class."""


class AcousticRecipe:
    """A `trainer.recipes.recipe.Recipe`. Holds the clips' vectors between its calls."""

    model = "acoustic features, logistic regression"
    note = ""
    device = "cpu"
    starting_weights = ""
    layer_weights = ()

    def __init__(self, config: RunConfig) -> None:
        self._config = config.acoustic
        self._vectors: dict[str, Vector] = {}
        self._best: LinearModel | None = None
        self._strength = 0.0

    def prepare(self, clips: Sequence[ManifestClip], run: RunContext) -> Mapping[str, str]:
        found, unusable = vectors_of(clips, run.cache, run.reporter, run.wishes)
        self._vectors |= found
        return unusable

    def fit(
        self, train: Sequence[ManifestClip], dev: Sequence[ManifestClip], run: RunContext
    ) -> None:
        self._best, self._strength = choose(
            Choice(
                self._config.strengths,
                self._fitting(train),
                self._rows(train),
                classes_of(train),
                self._rows(dev),
                classes_of(dev),
                {name: self._vectors[name] for name in run.config.watch if name in self._vectors},
                _checkpoint(run.folder),
            ),
            run,
        )

    def held_out(
        self, learn: Sequence[ManifestClip], asked: Sequence[ManifestClip]
    ) -> Probabilities | None:
        return self._fitting(learn)(self._strength).probabilities(self._rows(asked))

    def load(self, run: RunContext) -> None:
        self._best = load_linear_model(_checkpoint(run.folder))

    def heard(self, clips: Sequence[ManifestClip]) -> tuple[Probabilities, Vectors]:
        if self._best is None:
            raise ValueError("nothing has been learnt or loaded")
        rows = self._rows(clips)
        return self._best.probabilities(rows), self._best.scaled(rows)

    def probabilities(self, clips: Sequence[ManifestClip]) -> Probabilities:
        return self.heard(clips)[0]

    def _fitting(self, clips: Sequence[ManifestClip]) -> Callable[[float], LinearModel]:
        """Models of these clips, by strength."""
        learnt = self._rows(clips)
        kinds, class_of = _kinds(clips)
        scaler = StandardScaler().fit(learnt)

        def fit(strength: float) -> LinearModel:
            with threadpool_limits(1):  # on so small a problem, threads wait for each other
                return fit_linear_model(learnt, kinds, class_of, scaler, strength)

        return fit

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
