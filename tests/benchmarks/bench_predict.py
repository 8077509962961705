"""Evaluating clips with a HuBERT as large as hubert-base, on a CPU: clips a second beside
transformers' `pipeline("audio-classification")` with its best batch size; same weights and clips.

The pipeline is handed decoded clips, so neither side decodes. Weights are random: what 8 bits
cost in accuracy is measured of a trained model, by `stremo-trainer export`."""

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from tests.benchmarks.targets import Figure, show
from trainer.priority import give_way

CLIPS, ROUNDS, BATCHES = 8, 3, (1, 4, 8)
BASE = {
    "hidden_size": 768,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "intermediate_size": 3072,
}


def main() -> int:
    """Print the table; returns the number of targets missed."""
    give_way(studio=False)  # for both sides, and before torch is there
    import numpy as np
    import torch

    from trainer.bench.workload import random_hubert
    from trainer.prediction.exports import torch_logits
    from trainer.prediction.onnx_export import export_network, quantize
    from trainer.prediction.onnx_network import OnnxNetwork

    # isort: split
    from transformers import Wav2Vec2FeatureExtractor, pipeline

    torch.set_num_threads(os.cpu_count() or 1)
    hubert = random_hubert(BASE)
    hubert.network.eval()
    rng = np.random.default_rng(1)
    seconds = rng.lognormal(np.log(3), 0.5, CLIPS).clip(1, 5)
    waves = [(2000 * rng.standard_normal(round(16_000 * s))).astype(np.int16) for s in seconds]
    theirs = pipeline(
        "audio-classification",
        model=hubert.network,
        feature_extractor=Wav2Vec2FeatureExtractor(do_normalize=True, return_attention_mask=True),
        device="cpu",
    )
    heard = [wave.astype("f4") / 32768 for wave in waves]

    def stock(batch: int) -> None:
        rows = [{"raw": wave, "sampling_rate": 16_000} for wave in heard]
        list(theirs(rows, batch_size=batch))

    with tempfile.TemporaryDirectory() as name:
        export_network(hubert, Path(name) / "model.onnx")
        quantize(Path(name) / "model.onnx", Path(name) / "int8.onnx")
        fp32, int8 = (OnnxNetwork(Path(name) / f"{n}.onnx") for n in ("model", "int8"))
        sides: dict[str, Callable[[], object]] = {
            "ours, 32 bits": lambda: [fp32.logits(wave) for wave in waves],
            "ours, 8 bits": lambda: [int8.logits(wave) for wave in waves],
        } | {f"pipeline, batch {b}": (lambda b=b: stock(b)) for b in BATCHES}
        rates = _rates(sides)
        apart = [
            max(float(np.abs(n.logits(w) - torch_logits(hubert, w)).max()) for w in waves)
            for n in (fp32, int8)
        ]
    best = max(rate for side, rate in rates.items() if side.startswith("pipeline"))
    size = sum(p.numel() for p in hubert.network.parameters()) / 1e6
    return show(
        f"Evaluating, {size:.0f} M parameters, {CLIPS} clips, {os.cpu_count()} cores",
        [
            *[Figure(side, rate, "clips/s") for side, rate in rates.items()],
            Figure("32 bits against the best pipeline", rates["ours, 32 bits"] / best, "x",
                   at_least=1.3),
            Figure("8 bits against the best pipeline", rates["ours, 8 bits"] / best, "x",
                   at_least=2.0),
            Figure("largest difference of a logit, 32 bits", apart[0], at_most=1e-4),
            Figure("largest difference of a logit, 8 bits", apart[1]),
        ],
    )  # fmt: skip


def _rates(sides: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Clips a second: medians of rounds in which every side has its turn, after a warm-up."""
    spent: dict[str, list[float]] = {side: [] for side in sides}
    for _ in range(ROUNDS + 1):
        for side, evaluate in sides.items():
            began = time.perf_counter()
            evaluate()
            spent[side].append(time.perf_counter() - began)
    return {side: CLIPS / median(times[1:]) for side, times in spent.items()}
