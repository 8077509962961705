"""The reference of the finetune benchmark: Hugging Face's `Trainer` with its stock recipe for
audio classification: random batches, padded to the longest, everything computed every epoch."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from trainer import audio_backend  # noqa: F401 - before transformers

# isort: split
from transformers import Trainer, TrainerCallback, TrainingArguments, Wav2Vec2FeatureExtractor


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


def train_with_stock_recipe(
    network: Any,
    waves: Sequence[np.ndarray],
    labels: Sequence[int],
    batch: int,
    epochs: int,
    learning_rate: float,
    folder: Path,
    between: Callable[[], object],
) -> tuple[list[float], list[float]]:
    """Seconds and mean loss of each epoch; `between` is called after each.

    Clips are handed over decoded, which the stock recipe would do anew every epoch.
    """
    network.freeze_feature_encoder()
    extract = Wav2Vec2FeatureExtractor(do_normalize=True, return_attention_mask=True)

    def collate(numbers: list[int]) -> dict[str, torch.Tensor]:
        heard = extract(
            [waves[n] / 32768 for n in numbers],
            sampling_rate=16_000,
            padding=True,
            return_tensors="pt",
        )
        return {**heard, "labels": torch.tensor([labels[n] for n in numbers])}

    arguments = TrainingArguments(
        output_dir=str(folder),
        per_device_train_batch_size=batch,
        num_train_epochs=epochs,
        learning_rate=learning_rate,
        warmup_steps=0.1,
        weight_decay=0.01,
        save_strategy="no",
        logging_strategy="epoch",
        remove_unused_columns=False,
        use_cpu=True,
        disable_tqdm=True,
        report_to=[],
        seed=13,
    )
    numbers: Any = list(range(len(waves)))
    timed = _Epochs(between)
    trainer = Trainer(
        network, arguments, data_collator=collate, train_dataset=numbers, callbacks=[timed]
    )
    trainer.train()
    return timed.seconds, [row["loss"] for row in trainer.state.log_history if "loss" in row]
