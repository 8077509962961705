"""Probabilities from a finished run, by what answers fastest here.

On a CPU a fine-tuned run answers through its ONNX export, for which torch is not even imported.
Other recipes, graphics cards and runs without an export answer as they were trained.
"""

import sys
from collections.abc import Mapping, Sequence
from functools import partial
from importlib.metadata import version
from typing import Protocol

from trainer.contract.manifest import ManifestClip
from trainer.granted import free_memory, usable_cores
from trainer.prediction.onnx_network import OnnxNetwork, softmax
from trainer.prediction.parity import FILES, Parity, read_parity
from trainer.recipes.recipe import Probabilities, RunContext
from trainer.recipes.registry import make_recipe
from trainer.sound.waveforms import Waveforms
from trainer.training.best_model import best_folder

_MOST_FOR_A_CLIP = 1 << 30
"""Bytes that answering takes beside the weights, for 30 s of sound; for 5 s it is an eighth."""


class Predictor(Protocol):
    """The part of a `Recipe` that a finished run is used through."""

    @property
    def note(self) -> str:
        """What must stand wherever the answers appear; empty when nothing must."""

    def prepare(self, clips: Sequence[ManifestClip], run: RunContext) -> Mapping[str, str]:
        """Decode into the cache; why a clip cannot be used, by clip id."""

    def probabilities(self, clips: Sequence[ManifestClip]) -> Probabilities:
        """The network's own, before the temperature, in the order given. Raises AudioError."""


class OnnxPredictor:
    """A fine-tuned run's export."""

    def __init__(self, run: RunContext, parity: Parity, at_once: int) -> None:
        self.at_once = at_once
        self._network = OnnxNetwork(run.folder.exports / FILES[parity.engine], at_once)
        self._waveforms = Waveforms(run.cache, run.reporter.warn)
        self._check = run.wishes.check
        self.note = str((run.folder.read_result() or {}).get("note") or "")

    def prepare(self, clips: Sequence[ManifestClip], run: RunContext) -> Mapping[str, str]:
        stage = run.reporter.stage("Decode", len(clips))
        check = partial(run.wishes.check, something_to_keep=False)
        return self._waveforms.build(clips, stage.advance, check)

    def probabilities(self, clips: Sequence[ManifestClip]) -> Probabilities:
        heard = [self._waveforms.samples(clip) for clip in clips]
        return softmax(self._network.every(heard, self._check))


def open_predictor(run: RunContext, clips: int = 1) -> Predictor:
    """What answers for the run now, and soonest for so many clips asked together.

    Raises TrainerError when it has no checkpoint."""
    parity = measured(run)
    if parity is not None and parity.engine in FILES:
        return OnnxPredictor(run, parity, _at_once(clips))
    recipe = make_recipe(run.config)
    recipe.load(run)
    return recipe


def measured(run: RunContext) -> Parity | None:
    """What is known of the run's export; None where there is none, or a card would answer."""
    if not exportable(run):
        return None
    return read_parity(run.folder.exports, best_folder(run.folder.checkpoints))


def exportable(run: RunContext) -> bool:
    """Whether the run would answer through an export."""
    return run.config.recipe == "finetune" and not _has_card()


def _at_once(clips: int) -> int:
    return max(1, min(clips, usable_cores(), free_memory() // _MOST_FOR_A_CLIP))


def _has_card() -> bool:
    """Asks torch only where its build could use one: importing it takes seconds."""
    if sys.platform == "darwin" or version("torch").endswith("+cpu"):
        return False
    import torch  # noqa: PLC0415 - see above

    return bool(torch.cuda.is_available())
