"""What is measured with: synthetic clips as long as real ones, and a HuBERT of random weights.

How fast a network computes depends on its sizes and on the lengths of clips, on nothing that
was learnt or said.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import soundfile
import torch

from trainer.contract.labels import CLASSES
from trainer.contract.manifest import ManifestClip
from trainer.network.hub import fetch_model
from trainer.network.model import Hubert
from trainer.network.pretrained import save_hubert
from trainer.sound import audio_backend  # noqa: F401 - before transformers
from trainer.sound.waveforms import RATE, Waveforms

# isort: split
from transformers import HubertConfig, HubertForSequenceClassification

Sound = npt.NDArray[np.float32]
MIDDLE: dict[str, Any] = {
    "hidden_size": 384,
    "num_hidden_layers": 5,
    "num_attention_heads": 6,
    "intermediate_size": 1536,
}
"""15 M parameters: what a processor trains in reasonable time."""
LARGE: dict[str, Any] = {
    "hidden_size": 1024,
    "num_hidden_layers": 24,
    "num_attention_heads": 16,
    "intermediate_size": 4096,
}
"""The sizes of facebook/hubert-large-ls960-ft."""
_LIKE_LARGE: dict[str, Any] = {
    "conv_bias": True,
    "feat_extract_norm": "layer",
    "do_stable_layer_norm": True,
    "layerdrop": 0.0,
}


@dataclass(frozen=True, slots=True)
class Workload:
    """`folder` is for whatever a benchmark writes."""

    folder: Path
    model: Path
    clips: tuple[ManifestClip, ...]
    epochs: int
    batch: int
    """Clips a batch, on average."""
    longest: float = 15.0
    """Seconds of a clip that training hears."""
    weights: str = ""
    """The model in words."""

    def in_words(self) -> str:
        seconds = sum(soundfile.info(clip.path).duration for clip in self.clips)
        clips = f"{len(self.clips)} clips of {seconds / len(self.clips):.1f} s on average"
        return f"{clips}, {self.batch} a batch, {self.epochs} epochs; {self.weights}"

    @property
    def cache(self) -> Path:
        return self.folder / "cache"

    def sounds(self, waveforms: Waveforms) -> list[Sound]:
        """Each clip's samples, -1..1, as far as training hears it."""
        heard = (waveforms.samples(clip, self.longest) for clip in self.clips)
        return [np.divide(samples, 32768, dtype=np.float32) for samples in heard]


def prepare(folder: Path, model: str | None, quick: bool) -> Workload:
    """Make clips, and a model unless one is named. Raises TrainerError when it cannot be had."""
    on_card = torch.cuda.is_available()
    if model is None:
        chosen, hubert = folder / "model", random_hubert(LARGE if on_card else MIDDLE)
        save_hubert(hubert, chosen)
        size = sum(weight.numel() for weight in hubert.network.parameters()) / 1e6
        weights = f"random weights, {size:.0f} M parameters"
    else:
        chosen, weights = fetch_model(model, _nothing), model
    count = 512 if on_card else 24
    lengths = like_mosei(count // 4 if quick else count)
    clips = make_clips(folder / "clips", lengths)
    epochs, batch = 3 if quick else 6, 32 if on_card else 8
    return Workload(folder, chosen, tuple(clips), epochs, batch, weights=weights)


def random_hubert(sizes: dict[str, Any]) -> Hubert:
    torch.manual_seed(13)
    config = HubertConfig(num_labels=len(CLASSES), **_LIKE_LARGE, **sizes)
    return Hubert(HubertForSequenceClassification(config))


def like_mosei(count: int) -> list[float]:
    """Seconds: median 6.5, up to 30, as the durations of CMU-MOSEI's clips are spread."""
    rng = np.random.default_rng(1)
    return [float(x) for x in rng.lognormal(np.log(6.5), 0.6, count).clip(0.5, 30)]


def make_clips(folder: Path, lengths: list[float]) -> list[ManifestClip]:
    """Noise over a tone whose pitch says the class, one group for each pair of clips."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(2)
    clips = []
    for number, seconds in enumerate(lengths):
        place = number % len(CLASSES)
        moments = np.arange(round(seconds * RATE)) / RATE
        tone = np.sin(2 * np.pi * (200, 900, 3000)[place] * moments)
        path = folder / f"{number}.wav"
        soundfile.write(path, 0.3 * tone + 0.02 * rng.standard_normal(len(tone)), RATE)
        clips.append(ManifestClip(str(number), str(path), CLASSES[place], f"tone:{number // 2}"))
    return clips


def _nothing(done: int, total: int) -> None:
    pass
