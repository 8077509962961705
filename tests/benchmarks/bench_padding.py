"""What batches waste on padding: random ones, as most training code draws them, beside ours of as
many padded seconds. Lengths of all RAVDESS clips where they lie beside the project, and of 3,000
clips spread as those of CMU-MOSEI."""

import time

import numpy as np

from tests.benchmarks.targets import Figure, show
from tests.conftest import REAL_DATA
from trainer.bench.padding import frames, wasted
from trainer.bench.workload import like_mosei
from trainer.training.dataset import Lengths, plan_batches

BATCHES = (8, 32)
EPOCHS = 20


def main() -> int:
    """Print the table; returns the number of targets missed."""
    mosei = frames(like_mosei(3000))
    figures = _figures("CMU-MOSEI-like", mosei, at_least=50.0)
    ravdess = _ravdess()
    if len(ravdess):
        figures += _figures("RAVDESS", frames(ravdess), at_least=None)
    many = frames(like_mosei(20_000))
    began = time.perf_counter()
    plan_batches(many, round(32 * float(many.mean())), np.random.default_rng(0))
    planning = Figure(
        "planning an epoch of 20,000 clips", 1000 * (time.perf_counter() - began), "ms"
    )
    return show("Padding, mean of 20 epochs", [*figures, planning])


def _figures(corpus: str, lengths: Lengths, at_least: float | None) -> list[Figure]:
    figures = []
    for batch in BATCHES:
        found = wasted(lengths, batch, EPOCHS)
        wide = at_least if batch == BATCHES[-1] else None
        limit = 8.0 if batch == BATCHES[-1] else None
        figures += [
            Figure(f"{corpus}, {batch} a batch, random", found.random, "%", at_least=wide),
            Figure(f"{corpus}, {batch} a batch, ours", found.ours, "%", at_most=limit),
            Figure(f"{corpus}, clips a batch, ours", found.clips_a_batch),
        ]
    return figures


def _ravdess() -> list[float]:
    from trainer.sound.decoding import probe

    return [probe(path).duration for path in sorted(REAL_DATA.glob("ravdess/*/*.flac"))]
