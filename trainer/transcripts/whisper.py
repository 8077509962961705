"""Whisper through transformers: sounds in, what is said in them out.

Decoded greedily, in the language that Whisper hears, as `openai-whisper` does by default. Sounds
longer than Whisper takes at once, 30 s, are heard window by window.
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError

from trainer.contract.errors import TrainerError
from trainer.device import choose_device
from trainer.network.hub import Progress, fetch_model
from trainer.sound import audio_backend  # noqa: F401 - before transformers, which imports torchaudio
from trainer.sound.decoding import Samples

# isort: split
from transformers import WhisperForConditionalGeneration, WhisperProcessor
from transformers.utils import logging as transformers_logging

DEFAULT = "openai/whisper-small"
"""The paper names no size; this was the default of openai-whisper when it was written."""
RATE = 16_000
LOCAL_COPY = (
    "Put a copy of the model (config.json, model.safetensors, preprocessor_config.json and the "
    "tokenizer's files) in a folder of this machine and name it with --whisper, or give a table "
    "of ready transcripts with --transcripts."
)
_TOKENIZER = ("tokenizer.json", "vocab.json")
_ALSO = (
    *_TOKENIZER,
    "merges.txt",
    "normalizer.json",
    "added_tokens.json",
    "special_tokens_map.json",
    "tokenizer_config.json",
    "generation_config.json",
)
_SAMPLES, _SAMPLE = 64, 1 << 16


def fetch_whisper(name: str, progress: Progress) -> Path:
    """The folder of a Whisper given as local folder or hub id. Raises TrainerError."""
    try:
        folder = fetch_model(name, progress, _ALSO)
    except TrainerError as error:
        raise TrainerError(error.message, LOCAL_COPY, error.code) from error
    try:
        kind = json.loads((folder / "config.json").read_text(encoding="utf-8")).get("model_type")
    except (OSError, ValueError, AttributeError) as error:
        raise _no_whisper(name, "its config.json cannot be read") from error
    if kind != "whisper":
        raise _no_whisper(name, f"it is a {kind or 'nameless'} model")
    if not any((folder / file).exists() for file in _TOKENIZER):
        raise _no_whisper(name, f"it holds neither {' nor '.join(_TOKENIZER)}")
    return folder


def fingerprint(folder: Path) -> str:
    """Sixteen hexadecimal digits of the settings and of blocks all over the weights: another
    model in the same folder has others. Whole weights would take seconds to read."""
    digest = hashlib.sha256()
    for file in sorted(folder.glob("*.json")):
        digest.update(file.read_bytes())
    for file in sorted((*folder.glob("*.safetensors"), *folder.glob("pytorch_model*.bin"))):
        size = file.stat().st_size
        digest.update(str(size).encode())
        with file.open("rb") as weights:
            for place in range(_SAMPLES):
                weights.seek(size * place // _SAMPLES)
                digest.update(weights.read(_SAMPLE))
    return digest.hexdigest()[:16]


class Whisper:
    """A loaded model. Raises TrainerError when `folder` holds none that is whole."""

    def __init__(self, folder: Path, name: str) -> None:
        transformers_logging.set_verbosity_error()
        transformers_logging.disable_progress_bar()
        self._device = choose_device()
        on_card = self._device.type == "cuda"
        try:
            self._processor = WhisperProcessor.from_pretrained(folder, local_files_only=True)
            model, report = WhisperForConditionalGeneration.from_pretrained(
                folder,
                output_loading_info=True,
                local_files_only=True,
                dtype=torch.float16 if on_card else torch.float32,
            )
        except (OSError, ValueError, RuntimeError, KeyError, TypeError, SafetensorError) as error:
            reason = next(iter(str(error).strip().splitlines()), "no reason given")
            raise _no_whisper(name, reason) from error
        if report["missing_keys"]:
            raise _no_whisper(name, f"{len(report['missing_keys'])} of its weights are missing")
        self.longest = int(self._processor.feature_extractor.n_samples)
        """Samples that fit into one window."""
        self._model = model.to(self._device).eval()
        self._options: dict[str, Any] = {"do_sample": False, "num_beams": 1}
        if getattr(model.generation_config, "is_multilingual", False):
            self._options["task"] = "transcribe"

    @torch.inference_mode()
    def hear(self, sounds: Sequence[Samples]) -> list[str]:
        """What is said in each sound, mono at `RATE`: all within `longest`, or one alone of any
        length."""
        long = any(len(sound) > self.longest for sound in sounds)
        inputs = self._processor(
            list(sounds),
            sampling_rate=RATE,
            return_tensors="pt",
            return_attention_mask=True,
            **({"truncation": False, "padding": "longest"} if long else {}),
        )
        tokens = self._model.generate(
            inputs.input_features.to(self._device, self._model.dtype),
            attention_mask=inputs.attention_mask.to(self._device),
            **self._options,
            **({"return_timestamps": True} if long else {}),
        )
        texts = self._processor.batch_decode(tokens, skip_special_tokens=True)
        return [text.strip() for text in texts]


def _no_whisper(name: str, why: str) -> TrainerError:
    return TrainerError(f"{name} is no Whisper to be used: {why}.", LOCAL_COPY, "bad model")
