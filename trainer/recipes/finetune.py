"""Fine-tune HuBERT, as the paper does (section 4.3): all but the feature encoder learns."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from trainer.contract.config import TINY, FinetuneConfig, RunConfig
from trainer.contract.finetune import TINY_NOTE
from trainer.contract.manifest import ManifestClip
from trainer.device import choose_device, describe_device, settle
from trainer.network.head import Head
from trainer.network.model import Hubert
from trainer.network.pretrained import build_hubert
from trainer.prediction.predict import pooled, predict
from trainer.recipes.download import ToldDownload
from trainer.recipes.recipe import Probabilities, RunContext, Vectors
from trainer.sound.augment import ChangedFeatures
from trainer.sound.waveforms import LONGEST, Waveforms
from trainer.training.checkpoint import load_best
from trainer.training.dataset import Examples, Features
from trainer.training.train import Data, Training


class FinetuneRecipe:
    """Holds the network it was given or has made: see `trainer.recipes.recipe.Recipe`."""

    def __init__(self, config: RunConfig) -> None:
        self._config = config
        self._device = choose_device()
        settle(self._device)
        self._hubert: Hubert | None = None
        self._run: RunContext | None = None
        self._waveforms: Waveforms | None = None
        self._features: Features | None = None
        self.starting_weights = ""

    @property
    def model(self) -> str:
        return self._config.finetune.model

    @property
    def note(self) -> str:
        return TINY_NOTE if self.model == TINY else ""

    @property
    def device(self) -> str:
        return describe_device(self._device, self._config.finetune.precision)

    @property
    def layer_weights(self) -> Sequence[float]:
        learnt = getattr(self._hubert and self._hubert.network, "layer_weights", None)
        return () if learnt is None else learnt.detach().float().softmax(dim=0).tolist()

    def prepare(self, clips: Sequence[ManifestClip], run: RunContext) -> Mapping[str, str]:
        """Fetch the model, which may fail, and then decode all clips into the cache."""
        if self._hubert is None:
            self._build(run)
        stage = run.reporter.stage("Decode", len(clips))
        check = partial(run.wishes.check, something_to_keep=False)
        return self._sounds(run).build(clips, stage.advance, check)

    def fit(
        self, train: Sequence[ManifestClip], dev: Sequence[ManifestClip], run: RunContext
    ) -> None:
        hubert = self._build(run)
        self.starting_weights = hubert.encoder_hash()
        hubert.network.to(self._device)
        self._features = Features(self._sounds(run), hubert)
        learnt = self._data(train, dev, self._features, run)
        self._hubert = Training(hubert, partial(self._build, run), learnt, run).fit()
        self._features.hubert = self._hubert  # its convolutions are those of before the training
        self._run = run

    def _data(
        self,
        train: Sequence[ManifestClip],
        dev: Sequence[ManifestClip],
        features: Features,
        run: RunContext,
    ) -> Data:
        waveforms, hubert, options = self._sounds(run), features.hubert, run.config.finetune
        watched = [c for c in (*train, *dev) if c.clip_id in set(run.config.watch)]

        def varied(epoch: int) -> Examples:
            changed = ChangedFeatures(waveforms, hubert, options.augment, run.config.seed, epoch)
            return Examples(train, changed, options.max_seconds)

        if options.augment:
            run.reporter.warn(*_about_augmentation(hubert, options))
        return Data(
            Examples(train, features, options.max_seconds),
            Examples(dev, features, LONGEST),
            Examples(watched, features, LONGEST),
            varied if options.augment else None,
        )

    def held_out(
        self, learn: Sequence[ManifestClip], asked: Sequence[ManifestClip]
    ) -> Probabilities | None:
        return None  # another fine-tuning for each fold

    def load(self, run: RunContext) -> None:
        best = load_best(run.folder.checkpoints)
        self._hubert, self._run = replace(best, precision=run.config.finetune.precision), run
        self._hubert.network.to(self._device)
        self._features = None

    def heard(self, clips: Sequence[ManifestClip]) -> tuple[Probabilities, Vectors]:
        if self._hubert is None or self._run is None:
            raise RuntimeError("fit or load comes first")
        if self._features is None:
            self._features = Features(self._sounds(self._run), self._hubert, room=0)
        examples = Examples(clips, self._features, LONGEST)
        with pooled(self._hubert, examples) as vectors:
            logits = predict(self._hubert, examples, self._run.wishes.check)
        rows: Probabilities = logits.double().softmax(dim=1).numpy()
        return rows, vectors

    def probabilities(self, clips: Sequence[ManifestClip]) -> Probabilities:
        return self.heard(clips)[0]

    def _sounds(self, run: RunContext) -> Waveforms:
        if self._waveforms is None:
            self._waveforms = Waveforms(run.cache, run.reporter.warn)
        return self._waveforms

    def _build(self, run: RunContext) -> Hubert:
        options = run.config.finetune
        head = Head(options.pooling, options.layers)
        built = build_hubert(self.model, run.config.seed, ToldDownload(run), head)
        return replace(built, precision=options.precision)


def _about_augmentation(hubert: Hubert, options: FinetuneConfig) -> tuple[str, str]:
    unheard = hubert.normalize and options.augment.gain > 0
    return (
        "Augmentation is on: every clip's convolutions are computed anew in every epoch.",
        "This model normalises each clip, so a change of gain is not heard." if unheard else "",
    )
