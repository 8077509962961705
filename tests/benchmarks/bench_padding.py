"""What batches waste on padding: random ones, as most training code draws them, beside ours of as
many padded seconds. Lengths of all RAVDESS clips where they lie beside the project, and of 3,000
clips spread as those of CMU-MOSEI."""

import time

import numpy as np

from tests.benchmarks.lengths import seconds_like_mosei
from tests.benchmarks.targets import Figure, show
from tests.conftest import REAL_DATA
from trainer.dataset import Lengths, padding_waste, plan_batches

BATCHES = (8, 32)
FRAMES_PER_S = 50
EPOCHS = 20


def main() -> int:
    """Print the table; returns the number of targets missed."""
    mosei = _frames(seconds_like_mosei(3000))
    figures = _figures("CMU-MOSEI-like", mosei, at_least=50.0)
    ravdess = _ravdess()
    if len(ravdess):
        figures += _figures("RAVDESS", _frames(ravdess), at_least=None)
    many = _frames(seconds_like_mosei(20_000))
    began = time.perf_counter()
    plan_batches(many, round(32 * float(many.mean())), np.random.default_rng(0))
    planning = Figure(
        "planning an epoch of 20,000 clips", 1000 * (time.perf_counter() - began), "ms"
    )
    return show("Padding, mean of 20 epochs", [*figures, planning])


def _figures(corpus: str, lengths: Lengths, at_least: float | None) -> list[Figure]:
    figures = []
    for batch in BATCHES:
        random, ours, sizes = [], [], []
        for epoch in range(EPOCHS):
            rng = np.random.default_rng([13, epoch])
            shuffled = rng.permutation(len(lengths)).tolist()
            drawn = [shuffled[i : i + batch] for i in range(0, len(shuffled), batch)]
            random.append(padding_waste(lengths, drawn))
            plan = plan_batches(lengths, round(batch * float(lengths.mean())), rng)
            ours.append(padding_waste(lengths, plan))
            sizes.append(len(lengths) / len(plan))
        wide = at_least if batch == BATCHES[-1] else None
        limit = 8.0 if batch == BATCHES[-1] else None
        figures += [
            Figure(f"{corpus}, {batch} a batch, random", 100 * np.mean(random), "%", at_least=wide),
            Figure(f"{corpus}, {batch} a batch, ours", 100 * np.mean(ours), "%", at_most=limit),
            Figure(f"{corpus}, clips a batch, ours", float(np.mean(sizes))),
        ]
    return figures


def _ravdess() -> list[float]:
    from trainer.decoding import probe

    return [probe(path).duration for path in sorted(REAL_DATA.glob("ravdess/*/*.flac"))]


def _frames(seconds: list[float]) -> Lengths:
    return np.array([round(FRAMES_PER_S * s) for s in seconds], dtype=np.int64)
