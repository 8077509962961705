"""The one interface behind which recipes differ, and what they are handed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from trainer.contract.config import RunConfig
from trainer.contract.manifest import ManifestClip
from trainer.contract.run_folder import RunFolder
from trainer.reporter import Reporter
from trainer.training.ranks import ALONE, Ranks
from trainer.training.wishes import Wishes

Probabilities = npt.NDArray[np.float64]
"""Shape (clips, 3), rows summing to 1, columns in the order of the label scheme."""
Vectors = npt.NDArray[Any]
"""Shape (clips, width): what a model makes of a clip just before it answers. Clips whose vectors
point the same way are alike to it."""


@dataclass(frozen=True, slots=True)
class RunContext:
    """What a recipe needs of the run around it."""

    folder: RunFolder
    config: RunConfig
    cache: Path
    """Folder for decoded audio and features, shared by runs; may not exist yet."""
    reporter: Reporter
    wishes: Wishes
    """Call `wishes.check()` between steps."""
    ranks: Ranks = ALONE
    """The processes that train together."""
    facts: dict[str, Any] = field(default_factory=dict)
    """What a recipe adds to `result.json`."""


class Recipe(Protocol):
    """One way to learn from labelled clips.

    Made by `trainer.recipes.registry.make_recipe`; then `prepare` and `fit`, or `load`.
    """

    @property
    def model(self) -> str:
        """What is trained, as shown to people."""

    @property
    def note(self) -> str:
        """What must stand wherever the scores appear; empty when nothing must."""

    @property
    def device(self) -> str:
        """Where it computes, as shown to people, e.g. `cpu`."""

    def prepare(self, clips: Sequence[ManifestClip], run: RunContext) -> Mapping[str, str]:
        """Decode or otherwise make ready, into `run.cache`, before splits are drawn.

        Returns why a clip cannot be used, by clip id, for the clips that cannot.
        """

    @property
    def starting_weights(self) -> str:
        """SHA-256 of the encoder's weights as `fit` began; empty when there is no encoder."""

    @property
    def layer_weights(self) -> Sequence[float]:
        """How much each hidden state of the encoder counts, its input first; empty when only
        the last does or there is none."""

    def fit(
        self, train: Sequence[ManifestClip], dev: Sequence[ManifestClip], run: RunContext
    ) -> None:
        """Learn from `train`, choose by `dev`. Test clips are not handed over: no recipe can
        look at them.

        Sends `EpochFinished`, `PredictionsUpdated` for `run.config.watch` and `CheckpointSaved`;
        leaves the best checkpoint under `run.folder.checkpoints` and itself holding it.
        Returns early, keeping the best, when `run.wishes.check()` says so.
        """

    def held_out(
        self, learn: Sequence[ManifestClip], asked: Sequence[ManifestClip]
    ) -> Probabilities | None:
        """What `fit`'s choices, learnt anew from `learn` alone, say of `asked`; None where that
        would take too long. Changes nothing of what `fit` found."""

    def load(self, run: RunContext) -> None:
        """Take up the best checkpoint of a finished run. Raises TrainerError if there is none."""

    def heard(self, clips: Sequence[ManifestClip]) -> tuple[Probabilities, Vectors]:
        """`probabilities`, and the vectors by which they were found."""

    def probabilities(self, clips: Sequence[ManifestClip]) -> Probabilities:
        """What the best checkpoint says of each clip, in the order given. Raises AudioError."""
