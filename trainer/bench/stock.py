"""What ours is compared with: Hugging Face's `Trainer` and pipeline with their stock recipe for
audio classification: random batches, padded to the longest, everything computed every epoch."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch

from trainer.bench.workload import Sound
from trainer.contract.labels import CLASSES
from trainer.device import BFLOAT16, FLOAT16, choose_device, precision_on
from trainer.sound import audio_backend  # noqa: F401 - before transformers
from trainer.sound.waveforms import RATE

# isort: split
from transformers import (
    AutoFeatureExtractor,
    HubertForSequenceClassification,
    PrinterCallback,
    Trainer,
    TrainerCallback,
    TrainingArguments,
    pipeline,
)

BATCHES = (1, 8)
"""Of which the pipeline may take what suits it best."""


class _Epochs(TrainerCallback):  # type: ignore[misc]
    """Times each epoch, and lets somebody else have the machine after it."""

    def __init__(self, between: Callable[[], object]) -> None:
        self.seconds: list[float] = []
        self._between, self._began = between, 0.0

    def on_epoch_begin(self, *_: Any, **__: Any) -> None:
        self._began = time.perf_counter()

    def on_epoch_end(self, *_: Any, **__: Any) -> None:
        self.seconds.append(time.perf_counter() - self._began)
        with torch.random.fork_rng():
            self._between()


def train(
    model: Path,
    sounds: Sequence[Sound],
    labels: Sequence[int],
    *,
    batch: int,
    epochs: int,
    learning_rate: float,
    folder: Path,
    between: Callable[[], object],
) -> tuple[list[float], list[float]]:
    """Seconds and mean loss of each epoch; `between` is called after each.

    Clips are handed over decoded, which the stock recipe would do anew every epoch.
    """
    network: Any = _network(model)
    network.freeze_feature_encoder()
    extract: Any = AutoFeatureExtractor.from_pretrained(model, return_attention_mask=True)

    def collate(numbers: list[int]) -> dict[str, torch.Tensor]:
        some = [sounds[n] for n in numbers]
        heard = extract(some, sampling_rate=RATE, padding=True, return_tensors="pt")
        return {**heard, "labels": torch.tensor([labels[n] for n in numbers])}

    numbers: Any = list(range(len(sounds)))
    timed = _Epochs(between)
    arguments = _arguments(folder, batch, epochs, learning_rate)
    trainer = Trainer(
        network, arguments, data_collator=collate, train_dataset=numbers, callbacks=[timed]
    )
    trainer.remove_callback(PrinterCallback)
    trainer.train()
    return timed.seconds, [row["loss"] for row in trainer.state.log_history if "loss" in row]


def _arguments(folder: Path, batch: int, epochs: int, learning_rate: float) -> Any:
    device = choose_device()
    precision = precision_on(device)
    return TrainingArguments(
        output_dir=str(folder),
        per_device_train_batch_size=batch,
        num_train_epochs=epochs,
        learning_rate=learning_rate,
        warmup_steps=0.1,
        weight_decay=0.01,
        save_strategy="no",
        logging_strategy="epoch",
        remove_unused_columns=False,
        use_cpu=device.type == "cpu",
        bf16=precision == BFLOAT16,
        fp16=precision == FLOAT16,
        disable_tqdm=True,
        report_to=[],
        seed=13,
    )


def evaluation(model: Path, sounds: Sequence[Sound]) -> dict[int, float]:
    """Seconds that `pipeline("audio-classification")` takes for all clips, by batch size."""
    classify: Any = pipeline(
        "audio-classification",
        model=_network(model),
        feature_extractor=AutoFeatureExtractor.from_pretrained(model),
        device=choose_device(),
    )
    found = {}
    for batch in BATCHES:
        began = time.perf_counter()
        rows = list(classify(({"raw": s, "sampling_rate": RATE} for s in sounds), batch_size=batch))
        found[batch] = time.perf_counter() - began
        assert len(rows) == len(sounds)
    return found


def _network(model: Path) -> Any:
    return HubertForSequenceClassification.from_pretrained(model, num_labels=len(CLASSES))
