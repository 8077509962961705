"""What a run is asked to do: `config.json` in its folder."""

from dataclasses import asdict, dataclass, field, fields
from typing import Any

from trainer.contract.errors import TrainerError
from trainer.contract.finetune import TINY as TINY
from trainer.contract.finetune import Augmentation, refuse_contradictions
from trainer.contract.finetune import FinetuneConfig as FinetuneConfig

RECIPES = ("acoustic", "probe", "finetune")
MEAN, MEAN_STD = "mean", "mean+std"
PAPER_MODEL = "facebook/hubert-large-ls960-ft"


@dataclass(frozen=True, slots=True)
class SplitConfig:
    """How clips without a fixed split are divided: whole groups, stratified by class, seeded.

    A fraction of 0 draws no such split."""

    test_fraction: float = 0.2
    dev_fraction: float = 0.15
    """Of what is not test."""
    test_groups: tuple[str, ...] = ()
    """Groups that are the test set whatever the fraction says: how a test set stays frozen."""


@dataclass(frozen=True, slots=True)
class AcousticConfig:
    strengths: tuple[float, ...] = (0.001, 0.003, 0.01, 0.03, 0.1)
    """Inverse regularisation strengths tried on the dev set, one an epoch."""


@dataclass(frozen=True, slots=True)
class ProbeConfig:
    """What `trainer.recipes.probe` is told."""

    model: str = TINY
    """As in `FinetuneConfig`; its encoder stays as it is."""
    statistics: str = MEAN
    """Of each hidden state over time: `mean`, or `mean+std`, the deviation beside it."""
    strengths: tuple[float, ...] = (0.0003, 0.001, 0.004, 0.02, 0.1)
    """Inverse regularisation strengths tried on the dev set, one an epoch."""


@dataclass(frozen=True, slots=True)
class RunConfig:
    recipe: str = "acoustic"
    seed: int = 13
    name: str = ""
    split: SplitConfig = field(default_factory=SplitConfig)
    acoustic: AcousticConfig = field(default_factory=AcousticConfig)
    probe: ProbeConfig = field(default_factory=ProbeConfig)
    finetune: FinetuneConfig = field(default_factory=FinetuneConfig)
    folds: int = 5
    """Of the training clips, each answered by a model that learnt from the others, where the
    recipe learns in seconds; below 2 none."""
    watch: tuple[str, ...] = ()
    """Clip ids whose probabilities are sent after every epoch."""
    cache: str | None = None
    """Folder for decoded audio and features, shared by runs; None = `cache` in the run folder."""

    @property
    def model(self) -> str:
        """The pre-trained model that the recipe uses; empty when it uses none."""
        if self.recipe == "probe":
            return self.probe.model
        return self.finetune.model if self.recipe == "finetune" else ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def config_from_json(raw: dict[str, Any]) -> RunConfig:
    """Read a configuration; missing fields take their defaults.

    Raises TrainerError for an unknown field or recipe, as a misspelt option must not be ignored,
    and for options of fine-tuning that contradict each other.
    """
    config: RunConfig = _build(RunConfig, raw, "")
    if config.recipe not in RECIPES:
        raise TrainerError(
            f"There is no recipe {config.recipe!r}.", f"Choose one of {', '.join(RECIPES)}."
        )
    if config.recipe == "finetune":
        refuse_contradictions(config.finetune)
    if config.recipe == "probe" and config.probe.statistics not in (MEAN, MEAN_STD):
        raise TrainerError(
            f"The option statistics is {config.probe.statistics!r}.",
            f"Choose {MEAN} or {MEAN_STD}.",
        )
    return config


_NESTED: dict[str, type[Any]] = {
    "split": SplitConfig,
    "acoustic": AcousticConfig,
    "probe": ProbeConfig,
    "finetune": FinetuneConfig,
    "augment": Augmentation,
}


def _build(kind: type[Any], raw: dict[str, Any], where: str) -> Any:
    known = {f.name for f in fields(kind)}
    for name in raw:
        if name not in known:
            raise TrainerError(
                f"The configuration has no field {where}{name!r}.",
                f"Known fields are {', '.join(sorted(known))}.",
            )
    values = {
        name: _build(_NESTED[name], value, f"{name}.")
        if name in _NESTED
        else tuple(value)
        if isinstance(value, list)
        else value
        for name, value in raw.items()
    }
    return kind(**values)
