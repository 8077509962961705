"""A preset: every choice of the procedure in one TOML file under `resources/presets`."""

import tomllib
from dataclasses import dataclass, fields
from typing import Any

from trainer.contract.errors import TrainerError
from trainer.contract.resources import resource

NEVER, BEFORE_FOLDS, INSIDE_FOLDS = "never", "before folds", "inside folds"


@dataclass(frozen=True, slots=True)
class Preset:
    """Corpora are named by their id; shares lie in 0..1."""

    name: str
    title: str
    banner: str
    train: tuple[str, ...]
    divided: tuple[str, ...]
    """Corpora of which `train_share` is learnt from and the rest is tested on."""
    test: tuple[str, ...]
    train_share: float
    balanced: str
    """Where the undersampling of section 4.2 happens: never, before folds, inside folds."""
    grouped: bool
    """Whether speakers, sessions and videos are kept on one side of every split."""
    class_weights: bool
    select_by: str
    """Score of a fold that chooses the learning rate."""
    learning_rates: tuple[float, ...]
    folds: int
    dev_share: float
    """Of what is learnt from; chooses the epoch wherever the fold must not."""
    seeds: tuple[int, ...]
    model: str
    by_corpus: bool = False
    """Each fold is one corpus."""


def preset_names() -> list[str]:
    return sorted(path.stem for path in resource("presets").glob("*.toml"))


def load_preset(name: str) -> Preset:
    """Read a preset by name. Raises TrainerError for an unknown one or an unknown field."""
    path = resource("presets", f"{name}.toml")
    if name not in preset_names():
        raise TrainerError(f"There is no preset {name!r}.", f"Known: {', '.join(preset_names())}.")
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    unknown = set(raw) - {f.name for f in fields(Preset)}
    if unknown:
        raise TrainerError(f"{path.name} has unknown fields: {', '.join(sorted(unknown))}.")
    values: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in raw.items()}
    return Preset(name=name, **values)
