"""Fine-tuning a 14 M parameter HuBERT on a CPU: clips a second beside Hugging Face's `Trainer`
with its stock recipe. Same clips with the lengths of CMU-MOSEI, weights, epochs, like batches.

The first epoch is about even, as the convolutions are most of it; the later ones do without."""

import os
import tempfile
from pathlib import Path
from typing import Any

from tests.benchmarks.targets import Figure, show
from trainer.priority import give_way

CLIPS, EPOCHS, BATCH, RATE = 24, 4, 8, 1e-4
LONGEST_S = 15.0
MIDDLE = {
    "hidden_size": 384,
    "num_hidden_layers": 5,
    "num_attention_heads": 6,
    "intermediate_size": 1536,
    "conv_dim": (512,) * 7,
    "num_conv_pos_embeddings": 128,
    "num_conv_pos_embedding_groups": 16,
    "classifier_proj_size": 256,
    "initializer_range": 0.02,
}


def main() -> int:
    """Print the table; returns the number of targets missed."""
    give_way(studio=False)  # for both sides, and before torch is there
    import numpy as np
    import torch

    from tests.benchmarks.stock_trainer import train_with_stock_recipe
    from tests.trainer.tiny import small_hubert
    from trainer.waveforms import Waveforms

    torch.set_num_threads(os.cpu_count() or 1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clips = _clips(folder)
        training = _training(folder, clips)
        plan = training.data.train.plan(training.at.batch_seconds, np.random.default_rng(13))
        epochs = []
        for _ in range(EPOCHS):
            epochs.append((training._train(), training.at.spent))
            training.at.end_epoch(is_best=True)
        waves = [Waveforms(folder / "cache").samples(c)[: int(LONGEST_S * 16_000)] for c in clips]
        network = small_hubert(13, **MIDDLE).network
        labels = training.data.train.labels.tolist()
        stock = train_with_stock_recipe(
            network, waves, labels, BATCH, EPOCHS, RATE, folder / "stock"
        )
    ours = CLIPS * EPOCHS / training.at.spent
    later = CLIPS * (EPOCHS - 1) / (training.at.spent - epochs[0][1])
    return show(
        f"Fine-tuning, {sum(p.numel() for p in network.parameters()) / 1e6:.0f} M parameters, "
        f"{CLIPS} clips, {EPOCHS} epochs, {os.cpu_count()} cores",
        [
            Figure("Trainer, stock recipe", stock.clips_per_s, "clips/s"),
            Figure("ours", ours, "clips/s"),
            Figure("ours, after the first epoch", later, "clips/s"),
            Figure("ours against stock", ours / stock.clips_per_s, "x", at_least=2.0),
            Figure("clips a batch, stock", BATCH),
            Figure("clips a batch, ours", CLIPS / len(plan)),
            Figure("loss of the last epoch, stock", stock.losses[-1]),
            Figure("loss of the last epoch, ours", epochs[-1][0]),
            *_padding(),
        ],
    )


def _padding() -> list[Figure]:
    """Of 3,000 clips, 32 a batch: what a corpus wastes, which so few clips as above cannot show."""
    import numpy as np

    from trainer.dataset import padding_waste, plan_batches

    lengths = np.array([round(50 * seconds) for seconds in _seconds(3000)])
    shuffled = np.random.default_rng(13).permutation(len(lengths)).tolist()
    random = [shuffled[i : i + 32] for i in range(0, len(shuffled), 32)]
    plan = plan_batches(lengths, round(32 * float(lengths.mean())), np.random.default_rng(13))
    return [
        Figure("padding of a corpus, random", 100 * padding_waste(lengths, random), "%"),
        Figure("padding of a corpus, ours", 100 * padding_waste(lengths, plan), "%", at_most=8),
    ]


def _seconds(count: int) -> list[float]:
    """Median 6.5 s, up to 30 s, as the durations of CMU-MOSEI's clips are spread."""
    import numpy as np

    rng = np.random.default_rng(1)
    return [float(x) for x in rng.lognormal(np.log(6.5), 0.6, count).clip(0.5, 30)]


def _clips(folder: Path) -> list[Any]:
    from tests.trainer.tiny import make_clips

    return make_clips(folder / "clips", CLIPS, _seconds(CLIPS))


def _training(folder: Path, clips: list[Any]) -> Any:
    """As many padded seconds a batch as make the stock recipe's number of clips on average."""
    from tests.trainer.tiny import Bench, small_hubert
    from trainer.contract.config import FinetuneConfig
    from trainer.dataset import Examples, Features
    from trainer.train import Data, Training
    from trainer.waveforms import Waveforms

    hubert = small_hubert(13, **MIDDLE)
    features = Features(Waveforms(folder / "cache"), hubert)
    train, none = Examples(clips, features, LONGEST_S), Examples([], features, LONGEST_S)
    seconds = BATCH * float(train.lengths.mean()) / hubert.frames_per_s * 1.15
    options = FinetuneConfig(
        learning_rate=RATE, epochs=EPOCHS, batch_seconds=seconds, class_weights=False
    )
    bench = Bench(folder / "run", options)
    return Training(hubert, lambda: hubert, Data(train, none, none), bench.run)
