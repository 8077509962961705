"""A linear head on a frozen encoder: seconds, once the encoder has heard the clips.

What the encoder makes of a clip is kept (51 kB for hubert-large), so other labels cost no audio and
no torch. Which layers count is learnt with the head, and the dev set chooses the regularisation.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from trainer.contract.config import TINY, RunConfig
from trainer.contract.errors import TrainerError
from trainer.contract.finetune import TINY_NOTE
from trainer.contract.kept import EMBEDDINGS
from trainer.contract.manifest import ManifestClip
from trainer.contract.protocol import StageProgressed
from trainer.contract.run_folder import RunFolder
from trainer.features.cache import FeatureCache
from trainer.features.extraction import Extraction, extract
from trainer.network.encoder import VERSION, Encoder, EncoderFacts
from trainer.recipes.download import ToldDownload
from trainer.recipes.layer_fit import HeadFit, Targets, layer_head, weigh_layers
from trainer.recipes.layer_head import Array, LayerHead, Mixture, load_layer_head
from trainer.recipes.recipe import Probabilities, RunContext, Vectors
from trainer.recipes.strengths import Choice, choose, classes_of
from trainer.sound.blob_store import BlobStore
from trainer.sound.waveforms import LONGEST, Waveforms


class ProbeRecipe:
    """A `trainer.recipes.recipe.Recipe`. Holds the clips' embeddings between its calls."""

    def __init__(self, config: RunConfig) -> None:
        self._config = config.probe
        self._states: dict[str, npt.NDArray[Any]] = {}
        self._mixture: Mixture | None = None
        self._mixed: dict[str, Array] = {}
        self._encoder: Encoder | None = None
        self._facts: EncoderFacts | None = None
        self._best: LayerHead | None = None
        self._strength = 0.0
        self._heads: HeadFit | None = None
        self._places: dict[str, int] = {}
        self.device = "cpu"
        self.starting_weights = ""

    @property
    def model(self) -> str:
        return self._config.model

    @property
    def note(self) -> str:
        return TINY_NOTE if self.model == TINY else ""

    @property
    def layer_weights(self) -> Sequence[float]:
        return () if self._best is None else self._best.mixture.shares.tolist()

    def prepare(self, clips: Sequence[ManifestClip], run: RunContext) -> Mapping[str, str]:
        """Fetch the model, which may fail, and embed the clips that it has not heard yet."""
        run.reporter.send(StageProgressed("Load model", 0, 0, ""))
        if self._encoder is None:  # a warm process is asked for clips again and again
            store = BlobStore(run.cache / EMBEDDINGS)
            self._encoder = Encoder(self.model, run.config.seed, store, ToldDownload(run))
        encoder = self._encoder
        facts = self._facts = encoder.facts()
        self._refuse_another(facts)
        statistics = self._config.statistics
        waveforms = Waveforms(run.cache, run.reporter.warn)
        extraction = Extraction(
            "Embed",
            FeatureCache(encoder.store, f"{VERSION} {facts.id} {statistics}", "<f2"),
            waveforms,
            LONGEST,
            partial(encoder.embed, waveforms=waveforms, statistics=statistics),
        )
        found, unusable = extract(clips, extraction, run.reporter, run.wishes)
        self._states |= {name: flat.reshape(facts.states, -1) for name, flat in found.items()}
        self.device = encoder.device
        return unusable

    def fit(
        self, train: Sequence[ManifestClip], dev: Sequence[ManifestClip], run: RunContext
    ) -> None:
        if self._facts is None:
            raise RuntimeError("prepare comes first")
        encoder = self._facts.id
        self.starting_weights = self._facts.weights
        targets = Targets.of(classes_of(train))
        with threadpool_limits(1):  # beside other programs, threads wait for each other
            mixture = weigh_layers(self._of(train), targets.classes, run.config.seed)
            learnt = self._mix(train, mixture)
            heads = self._heads = HeadFit(learnt, targets)
            self._places = {clip.clip_id: place for place, clip in enumerate(train)}

            def fit(strength: float) -> LayerHead:
                return layer_head(encoder, mixture, heads.solve(strength), targets)

            watched = [c for c in (*train, *dev) if c.clip_id in set(run.config.watch)]
            self._best, self._strength = choose(
                Choice(
                    self._config.strengths,
                    fit,
                    learnt,
                    targets.classes,
                    self._mix(dev, mixture),
                    classes_of(dev),
                    {c.clip_id: self._mix([c], mixture)[0] for c in watched},
                    _checkpoint(run.folder),
                ),
                run,
            )

    def held_out(
        self, learn: Sequence[ManifestClip], asked: Sequence[ManifestClip]
    ) -> Probabilities | None:
        """With the layers' shares of `fit`: few numbers, and to weigh them anew takes longer than
        the rest."""
        if self._best is None or self._heads is None:
            raise RuntimeError("fit comes first")
        mixture, targets = self._best.mixture, self._heads.targets
        places = np.array([self._places[clip.clip_id] for clip in learn])
        with threadpool_limits(1):
            found = self._heads.among(places).solve(self._strength)
        head = layer_head(self._best.encoder, mixture, found, targets)
        return head.probabilities(self._mix(asked, mixture))

    def load(self, run: RunContext) -> None:
        self._best = load_layer_head(_checkpoint(run.folder))

    def heard(self, clips: Sequence[ManifestClip]) -> tuple[Probabilities, Vectors]:
        if self._best is None:
            raise RuntimeError("fit or load comes first")
        mixed = self._mix(clips, self._best.mixture)
        return self._best.probabilities(mixed), mixed

    def probabilities(self, clips: Sequence[ManifestClip]) -> Probabilities:
        return self.heard(clips)[0]

    def _mix(self, clips: Sequence[ManifestClip], mixture: Mixture) -> Array:
        """Shape (clips, width). What one mixture has made of a clip is kept."""
        if mixture is not self._mixture:
            self._mixture, self._mixed = mixture, {}
        new = [clip for clip in clips if clip.clip_id not in self._mixed]
        self._mixed |= {c.clip_id: r for c, r in zip(new, mixture.of(self._of(new)), strict=True)}
        rows = [self._mixed[clip.clip_id] for clip in clips]
        return np.array(rows, np.float32).reshape(len(clips), mixture.mean.shape[1])

    def _of(self, clips: Sequence[ManifestClip]) -> list[npt.NDArray[Any]]:
        return [self._states[clip.clip_id] for clip in clips]

    def _refuse_another(self, facts: EncoderFacts) -> None:
        """A head fits the encoder that it was learnt on, and no other."""
        if self._best is not None and self._best.encoder != facts.id:
            raise TrainerError(
                f"{self.model} is no longer the model that this run was trained on.",
                "Put the old files back or train again.",
                "other model",
            )


def _checkpoint(folder: RunFolder) -> Path:
    return folder.checkpoints / "probe.safetensors"
