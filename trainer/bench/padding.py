"""What batches waste on padding: random ones, as most training code draws them, beside ours of as
many padded seconds. Of 3,000 clips: a few cannot show what a corpus wastes."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from trainer.bench.measure import Measure
from trainer.bench.workload import Workload, like_mosei
from trainer.training.dataset import Lengths, padding_waste, plan_batches

FRAMES_PER_S = 50


@dataclass(frozen=True, slots=True)
class Wasted:
    """Per cent of the frames, mean of some epochs, and clips in a batch of ours."""

    ours: float
    random: float
    clips_a_batch: float


def measure(work: Workload) -> Iterator[Measure]:
    """The clips of the workload are too few: it is not looked at."""
    del work
    found = wasted(frames(like_mosei(3000)), batch=32, epochs=5)
    yield Measure("padding, 32 a batch", found.ours, "%", found.random, "random batches", at_most=8)


def wasted(lengths: Lengths, batch: int, epochs: int) -> Wasted:
    """Of clips of these frames, in batches of so many on average."""
    random, ours, sizes = [], [], []
    for epoch in range(epochs):
        rng = np.random.default_rng([13, epoch])
        shuffled = rng.permutation(len(lengths)).tolist()
        drawn = [shuffled[i : i + batch] for i in range(0, len(shuffled), batch)]
        random.append(padding_waste(lengths, drawn))
        plan = plan_batches(lengths, round(batch * float(lengths.mean())), rng)
        ours.append(padding_waste(lengths, plan))
        sizes.append(len(lengths) / len(plan))
    mean = np.mean([ours, random, sizes], axis=1)
    return Wasted(100 * float(mean[0]), 100 * float(mean[1]), float(mean[2]))


def frames(seconds: list[float]) -> Lengths:
    return np.array([round(FRAMES_PER_S * s) for s in seconds], dtype=np.int64)
