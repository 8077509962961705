"""A very small HuBERT of the true architecture, sounds it can tell apart, and a run to train in."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import torch

from trainer.contract import protocol
from trainer.contract.config import FinetuneConfig, RunConfig
from trainer.contract.labels import CLASSES
from trainer.contract.manifest import ManifestClip
from trainer.contract.run_folder import RunFolder
from trainer.network.head import Head
from trainer.network.model import Hubert
from trainer.network.pretrained import PLAIN
from trainer.recipes.recipe import RunContext
from trainer.reporter import Reporter
from trainer.sound import audio_backend  # noqa: F401 - before transformers
from trainer.sound.waveforms import RATE
from trainer.training.wishes import Wishes

# isort: split
from transformers import HubertConfig

torch.set_num_threads(1)  # so small a network gains nothing from threads, and loses on busy cores
SMALL: dict[str, Any] = {
    "hidden_size": 24,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 48,
    "conv_dim": (12,) * 7,
    "conv_bias": True,
    "feat_extract_norm": "layer",
    "do_stable_layer_norm": True,
    "num_conv_pos_embeddings": 16,
    "num_conv_pos_embedding_groups": 2,
    "classifier_proj_size": 12,
    "initializer_range": 0.12,
    "vocab_size": 32,
    "layerdrop": 0.0,
}
GROUP_NORM = {"feat_extract_norm": "group", "do_stable_layer_norm": False, "conv_bias": False}


def small_config(**changes: Any) -> HubertConfig:
    return HubertConfig(**{**SMALL, **changes})


def small_hubert(seed: int = 0, head: Head = PLAIN, **changes: Any) -> Hubert:
    torch.manual_seed(seed)
    config = small_config(num_labels=len(CLASSES), **head.settings(), **changes)
    return Hubert(head.build()(config))


def sound(label: str, seconds: float, seed: int) -> np.ndarray:
    """Noise over a tone whose pitch and beat say the class."""
    rng = np.random.default_rng(seed)
    pitch, beat = {"negative": (900, 9), "neutral": (200, 1), "positive": (3000, 4)}[label]
    t = np.arange(round(seconds * RATE)) / RATE
    tone = np.sin(2 * np.pi * pitch * t) * (0.6 + 0.4 * np.sin(2 * np.pi * beat * t))
    return (0.3 * tone + 0.02 * rng.standard_normal(len(t))).astype("f4")


def make_clips(
    folder: Path, count: int, seconds: Sequence[float] = (0.6, 0.9, 0.75)
) -> list[ManifestClip]:
    """So many clips, classes in turn, two of each group."""
    folder.mkdir(parents=True, exist_ok=True)
    clips = []
    for i in range(count):
        label = CLASSES[i % len(CLASSES)]
        path = folder / f"{i}.wav"
        soundfile.write(path, sound(label, seconds[i % len(seconds)], i), RATE)
        clips.append(ManifestClip(str(i), str(path), label, f"tone:{i // 6}"))
    return clips


@dataclass
class Bench:
    """A run folder with a reporter whose events can be read back."""

    folder: Path
    options: FinetuneConfig = field(default_factory=FinetuneConfig)
    seed: int = 13
    watch: tuple[str, ...] = ()
    wishes: Wishes = field(default_factory=Wishes)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._stream = io.BytesIO()
        config = RunConfig("finetune", self.seed, finetune=self.options, watch=self.watch)
        run = RunFolder(self.folder)
        self.run = RunContext(
            run, config, self.folder / "cache", Reporter(run, self._stream), self.wishes
        )

    def close(self) -> None:
        self.run.reporter.__exit__(None, None, None)

    def events(self, kind: type[Any] | None = None) -> list[Any]:
        told = [protocol.decode(line) for line in self._stream.getvalue().decode().splitlines()]
        return [e for e in told if kind is None or isinstance(e, kind)]
