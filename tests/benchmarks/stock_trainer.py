"""The reference of the finetune benchmark: Hugging Face's `Trainer` with its stock recipe for
audio classification: random batches, padded to the longest, everything computed every epoch."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from trainer import audio_backend  # noqa: F401 - before transformers

# isort: split
from transformers import Trainer, TrainingArguments, Wav2Vec2FeatureExtractor


@dataclass(frozen=True, slots=True)
class Rate:
    """Clips a second over all epochs, and the mean loss of each."""

    clips_per_s: float
    losses: tuple[float, ...]


def train_with_stock_recipe(
    network: Any,
    waves: Sequence[np.ndarray],
    labels: Sequence[int],
    batch: int,
    epochs: int,
    learning_rate: float,
    folder: Path,
) -> Rate:
    """Clips are handed over decoded, which the stock recipe would do anew every epoch."""
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
        save_strategy="no",
        logging_strategy="epoch",
        remove_unused_columns=False,
        use_cpu=True,
        disable_tqdm=True,
        report_to=[],
        seed=13,
    )
    numbers: Any = list(range(len(waves)))
    trainer = Trainer(network, arguments, data_collator=collate, train_dataset=numbers)
    seconds = trainer.train().metrics["train_runtime"]
    losses = tuple(row["loss"] for row in trainer.state.log_history if "loss" in row)
    return Rate(len(waves) * epochs / seconds, losses)
