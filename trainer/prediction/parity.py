"""What an export of a run costs in accuracy and gains in speed, measured on its own dev clips.

`exports/parity.json` is written last and names the checkpoint it was made from: without it, or
beside another checkpoint, the other files in the folder count for nothing.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from trainer.contract.files import write_json
from trainer.contract.labels import CLASSES
from trainer.contract.manifest import ManifestClip
from trainer.contract.run_folder import RunFolder
from trainer.prediction.calibration import scaled
from trainer.recipes.recipe import Probabilities
from trainer.scores import confusion_matrix, scores

TORCH, FP32, INT8 = "torch", "onnx", "onnx int8"
FILES = {FP32: "model.onnx", INT8: "model-int8.onnx"}
RECORD = "parity.json"
NO_EXPORT = "export"
"""Code of the TrainerError when a network cannot be exported."""
_WEIGHTS = "model.safetensors"
LARGEST_DIFFERENCE = 1e-3
"""Between logits of PyTorch and of the export; more means that it was traced wrong."""
MOST_F1_LOST, MOST_CHANGE, FEWEST = 0.01, 0.1, 20
"""What 8 bits may cost on the dev clips: macro F1, any probability; and how many clips it takes."""


@dataclass(frozen=True, slots=True)
class Parity:
    """How the engines of one checkpoint compare, and which of them answers."""

    checkpoint: str
    """SHA-256 of the weights, hexadecimal."""
    stamp: str
    """Name, size and time of change of the weights: as long as these stay, nothing is hashed."""
    engine: str
    """`torch`, `onnx` or `onnx int8`."""
    reason: str
    """Why that one, as a sentence."""
    logit_difference: float
    """Largest between PyTorch and ONNX, over `compared` clips."""
    compared: int
    dev_clips: int
    """On how many the 8-bit network was compared with the 32-bit one."""
    probability_change: float
    """The largest of any class of any of them, after scaling by the temperature."""
    changed_answers: int
    macro_f1: float
    int8_macro_f1: float
    clips_per_s: dict[str, float]
    """By engine, on this machine, for clips of `clip_seconds`."""
    clip_seconds: float

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Delta:
    """What 8 bits changed on the dev clips."""

    clips: int
    probability_change: float
    changed_answers: int
    macro_f1: float
    int8_macro_f1: float

    @property
    def refusal(self) -> str:
        """Why 8 bits may not answer, as a clause; empty when they may."""
        if self.clips < FEWEST:
            return f"only {self.clips} dev clips could be heard to judge it by"
        lost = self.macro_f1 - self.int8_macro_f1
        if lost > MOST_F1_LOST:
            return f"macro F1 on the dev clips falls by {lost:.3f}"
        if self.probability_change > MOST_CHANGE:
            return f"a probability moves by {self.probability_change:.2f}"
        return ""


def delta(
    clips: Sequence[ManifestClip], own: Probabilities, int8: Probabilities, temperature: float
) -> Delta:
    """Compare two networks' own probabilities, (clips, 3), of labelled clips."""
    if not clips:
        return Delta(0, 0.0, 0, 0.0, 0.0)
    human = [str(clip.label) for clip in clips]
    places = own.argmax(axis=1), int8.argmax(axis=1)
    f1 = [
        float(scores(confusion_matrix(human, [CLASSES[i] for i in some]))["macro_f1"])
        for some in places
    ]
    moved = float(np.abs(scaled(own, temperature) - scaled(int8, temperature)).max())
    return Delta(len(clips), moved, int((places[0] != places[1]).sum()), *f1)


def choose(difference: float, found: Delta, clips_per_s: dict[str, float]) -> tuple[str, str]:
    """The engine that answers, and why: the fastest that says what the checkpoint says."""
    if not difference <= LARGEST_DIFFERENCE:
        return TORCH, f"The export differs from the checkpoint by {difference:.2g}."
    may = {name: rate for name, rate in clips_per_s.items() if name != INT8 or not found.refusal}
    best = max(may, key=lambda name: may[name])
    if best == INT8:
        change = f"no probability moves by more than {found.probability_change:.3f}"
        return best, f"It is the fastest here; {change} on {found.clips} dev clips."
    refused = f" 8 bits were not considered: {found.refusal}." if found.refusal else ""
    return best, f"It is the fastest here.{refused}"


def checkpoint_hash(model: Path) -> str:
    """SHA-256 of the weights in a model folder."""
    with (model / _WEIGHTS).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def stamp_of(model: Path) -> str:
    """Says, but for forgery, whether the weights in a model folder are still the same."""
    facts = (model / _WEIGHTS).stat()
    return f"{model.name} {facts.st_size} {facts.st_mtime_ns}"


def read_parity(exports: Path, model: Path) -> Parity | None:
    """What was measured of the model in this folder; None when nothing was."""
    try:
        raw = json.loads((exports / RECORD).read_text(encoding="utf-8"))
        found = Parity(**{name: raw[name] for name in Parity.__slots__})
        same = found.stamp == stamp_of(model) or found.checkpoint == checkpoint_hash(model)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    file = FILES.get(found.engine)
    return found if same and (file is None or (exports / file).is_file()) else None


def write_parity(exports: Path, found: Parity) -> None:
    """Last of all the files of an export. Raises OSError."""
    write_json(exports / RECORD, found.to_json())


def dev_clips(folder: RunFolder, most: int) -> list[ManifestClip]:
    """Labelled clips of the run's dev set, at most so many, spread over it."""
    dev = {p.clip_id for p in folder.read_predictions() if p.split == "dev"}
    clips = [clip for clip in folder.read_manifest() if clip.clip_id in dev]
    return clips[:: -(-len(clips) // most)] if clips else []
