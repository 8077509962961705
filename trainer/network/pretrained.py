"""Networks from a checkpoint, from the hub, from nothing; and back to disk.

Only the head may be new. transformers would fill any other missing weight with random numbers
and say so in a log: loading a wav2vec2 checkpoint into HuBERT leaves nothing but noise.
"""

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError

from trainer.contract.config import TINY
from trainer.contract.errors import TrainerError
from trainer.contract.labels import CLASSES
from trainer.network.head import NEW, Head, head_in
from trainer.network.hub import LOCAL_COPY, Progress, fetch_model
from trainer.network.lora import merged
from trainer.network.model import Hubert
from trainer.sound import audio_backend  # noqa: F401 - before transformers, which imports torchaudio

# isort: split
from transformers import HubertConfig
from transformers.utils import logging as transformers_logging

transformers_logging.set_verbosity_error()  # its report on missing weights is checked below
transformers_logging.disable_progress_bar()
PLAIN = Head()
_OTHER_HEADS = ("lm_head.", "pooling.", "layer_weights")
"""Of a checkpoint tuned for speech recognition, as the paper's is, or with another head."""
_SETTINGS = {
    "num_labels": len(CLASSES),
    "id2label": dict(enumerate(CLASSES)),
    "label2id": {name: i for i, name in enumerate(CLASSES)},
    # Skipping layers at random breaks torch.compile and costs small data sets more than it gives.
    "layerdrop": 0.0,
}


def build_hubert(name: str, seed: int, progress: Progress, head: Head = PLAIN) -> Hubert:
    """The network that a run starts from, with this head; the same weights for the same seed.

    Raises TrainerError when `name` is no HuBERT or cannot be had.
    """
    torch.manual_seed(seed)
    if name == TINY:
        return Hubert(head.build()(_tiny(head)))
    return load_hubert(fetch_model(name, progress), name, head)


def load_hubert(folder: Path, name: str, head: Head | None = None) -> Hubert:
    """Read a model folder as `save_pretrained` writes it. `name` is what errors call it.

    The head is new where the folder has no such `head`; None takes the one it says it has."""
    found = _read_json(folder / "config.json", name)
    kind = found.get("model_type")
    if kind != "hubert":
        raise TrainerError(
            f"{name} is a {kind or 'nameless'} model, not HuBERT.",
            "Choose a HuBERT checkpoint, e.g. facebook/hubert-large-ls960-ft.",
            "wrong architecture",
        )
    head = head or head_in(found)
    try:
        network, report = head.build().from_pretrained(
            folder,
            config=HubertConfig.from_pretrained(folder, **_SETTINGS, **head.settings()),
            output_loading_info=True,
            ignore_mismatched_sizes=True,
            local_files_only=True,
            dtype=torch.float32,
        )
    except (OSError, ValueError, RuntimeError, SafetensorError) as error:
        raise _unreadable(name, str(error)) from error
    _check(report, name)
    preprocessor = folder / "preprocessor_config.json"
    settings = _read_json(preprocessor, name) if preprocessor.exists() else {}
    return Hubert(network, bool(settings.get("do_normalize", True)))


def save_hubert(hubert: Hubert, folder: Path) -> None:
    """Write a model folder that `load_hubert`, transformers and the hub understand."""
    hubert.network.save_pretrained(folder, state_dict=merged(hubert.network))
    settings = {
        "feature_extractor_type": "Wav2Vec2FeatureExtractor",
        "feature_size": 1,
        "sampling_rate": 16_000,
        "padding_side": "right",
        "padding_value": 0,
        "do_normalize": hubert.normalize,
        "return_attention_mask": hubert.network.config.feat_extract_norm == "layer",
    }
    (folder / "preprocessor_config.json").write_text(json.dumps(settings, indent=1), "utf-8")


def _check(report: dict[str, Any], name: str) -> None:
    """Refuse a load that left anything but the head to chance."""
    mismatched = {key for key, *_ in report["mismatched_keys"]}
    missing = {k for k in {*report["missing_keys"], *mismatched} if not k.startswith(NEW)}
    unexpected = {k for k in report["unexpected_keys"] if not k.startswith(_OTHER_HEADS)}
    if missing or unexpected:
        raise TrainerError(
            f"{name} does not fit HuBERT: {len(missing)} of its weights are missing and "
            f"{len(unexpected)} are unknown, e.g. {min(missing or unexpected)}.",
            "Choose another checkpoint or fetch this one again.",
            "wrong architecture",
        )


def _read_json(path: Path, name: str) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise TrainerError(f"{name} holds no {path.name}.", LOCAL_COPY, "no model") from error
    except (OSError, ValueError, TypeError) as error:
        raise _unreadable(name, f"{path.name}: {error}") from error


def _unreadable(name: str, reason: str) -> TrainerError:
    first = reason.strip().splitlines()[0] if reason.strip() else "no reason given"
    return TrainerError(f"{name} cannot be loaded: {first}", LOCAL_COPY, "bad model")


def _tiny(head: Head) -> HubertConfig:
    """The architecture of hubert-large (layer norm in the convolutions and before each block),
    at a size that a laptop trains in minutes. Without dropout: it has too few weights to spare."""
    return HubertConfig(
        **_SETTINGS,
        **head.settings(),
        hidden_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=128,
        conv_dim=(32,) * 7,
        conv_bias=True,
        feat_extract_norm="layer",
        initializer_range=0.12,  # so few channels need more than large's 0.02 to start moving
        do_stable_layer_norm=True,
        num_conv_pos_embeddings=32,
        num_conv_pos_embedding_groups=4,
        classifier_proj_size=32,
        hidden_dropout=0.0,
        attention_dropout=0.0,
        activation_dropout=0.0,
        feat_proj_dropout=0.0,
        final_dropout=0.0,
    )
