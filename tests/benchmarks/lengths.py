"""Clip lengths with the spread of a corpus, for benchmarks that have none."""

import numpy as np


def seconds_like_mosei(count: int) -> list[float]:
    """Median 6.5 s, up to 30 s, as the durations of CMU-MOSEI's clips are spread."""
    rng = np.random.default_rng(1)
    return [float(x) for x in rng.lognormal(np.log(6.5), 0.6, count).clip(0.5, 30)]
