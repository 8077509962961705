"""Evaluating clips with a HuBERT as large as hubert-base, on a CPU, beside transformers'
`pipeline("audio-classification")` with its best batch size; same weights, clips and cores.

The pipeline is handed decoded clips, so neither side decodes, and its threads wait as torch has
them wait, which is its fastest on a quiet machine. Every round gives each side its turn, and
a ratio is the median of the rounds' own, as another program's work slows all sides of a round.
Processor time is told, too: it depends less on what else runs, and chooses the batch size. Weights
are random: what 8 bits cost in accuracy is measured of a trained model, by `stremo-trainer export`.
"""

import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from typing import NamedTuple

from tests.benchmarks.targets import Figure, show
from trainer.granted import usable_cores

CLIPS, ROUNDS, BATCHES = 8, 5, (1, 4, 8)
BASE = {
    "hidden_size": 768,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "intermediate_size": 3072,
}
PIPELINE, FP32, INT8, ALONE = "pipeline", "ours, 32 bits", "ours, 8 bits", "one at a time"


class Spent(NamedTuple):
    """Seconds for all clips."""

    passed: float
    computed: float


def main() -> int:
    """Print the table; returns the number of targets missed."""
    import numpy as np
    import torch

    from trainer.bench.workload import random_hubert
    from trainer.prediction.exports import torch_logits
    from trainer.prediction.onnx_export import export_network, quantize
    from trainer.prediction.onnx_network import OnnxNetwork

    # isort: split
    from transformers import Wav2Vec2FeatureExtractor, pipeline

    cores = usable_cores()
    torch.set_num_threads(cores)
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

    batches = {f"{b} at a time": (lambda b=b: stock(b)) for b in BATCHES}
    tried = _rounds(batches, 1)
    best = min(batches, key=lambda batch: min(s.computed for s in tried[batch]))
    with tempfile.TemporaryDirectory() as name:
        files = {n: Path(name) / f"{n}.onnx" for n in (FP32, INT8)}
        export_network(hubert, files[FP32])
        quantize(files[FP32], files[INT8])
        networks = {n: OnnxNetwork(file, cores) for n, file in files.items()}
        alone = {f"{n}, {ALONE}": OnnxNetwork(file) for n, file in files.items()}
    sides: dict[str, Callable[[], object]] = {PIPELINE: batches[best]}
    sides |= {n: (lambda net=net: net.every(waves)) for n, net in (networks | alone).items()}
    own = np.array([torch_logits(hubert, wave) for wave in waves])
    apart = {n: float(np.abs(net.every(waves) - own).max()) for n, net in networks.items()}
    size = sum(p.numel() for p in hubert.network.parameters()) / 1e6
    return show(
        f"Evaluating, {size:.0f} M parameters, {CLIPS} clips, {cores} cores; "
        f"the pipeline takes {best}",
        [
            *_figures(_rounds(sides, ROUNDS)),
            Figure("largest difference of a logit, 32 bits", apart[FP32], at_most=1e-4),
            Figure("largest difference of a logit, 8 bits", apart[INT8]),
        ],
    )


def _figures(spent: Mapping[str, list[Spent]]) -> list[Figure]:
    rates = [
        Figure(side, CLIPS / median(turn.passed for turn in turns), "clips/s")
        for side, turns in spent.items()
    ]
    processor = [
        Figure(f"processor time, {side}", median(t.computed for t in turns) / CLIPS, "s/clip")
        for side, turns in spent.items()
    ]
    targets = {FP32: 1.3, INT8: 2.0}
    ratios = []
    for side, turns in spent.items():
        if side != PIPELINE:
            pairs = list(zip(spent[PIPELINE], turns, strict=True))
            passed = median(a.passed / b.passed for a, b in pairs)
            computed = median(a.computed / b.computed for a, b in pairs)
            ratios += [
                Figure(f"{side} against the pipeline", passed, "x", at_least=targets.get(side)),
                Figure("  in processor time", computed, "x"),
            ]
    return [*rates, *processor, *ratios]


def _rounds(sides: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[Spent]]:
    """What each side spent in each round, after one to warm up."""
    spent: dict[str, list[Spent]] = {side: [] for side in sides}
    for _ in range(rounds + 1):
        for side, evaluate in sides.items():
            passed, computed = time.perf_counter(), time.process_time()
            evaluate()
            spent[side].append(Spent(time.perf_counter() - passed, time.process_time() - computed))
    return {side: turns[1:] for side, turns in spent.items()}
