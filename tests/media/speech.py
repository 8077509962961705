"""Sound with the ups and downs of speech, and no two seconds alike."""

import numpy as np
import numpy.typing as npt


def speech(seconds: float, rate: int, seed: int) -> npt.NDArray[np.float32]:
    """Syllables of changing pitch and loudness between pauses, of shape (frames,)."""
    random = np.random.default_rng(seed)
    wave = random.normal(0, 0.002, round(seconds * rate))
    at = 0.2
    while at < seconds - 0.6:
        length = random.uniform(0.08, 0.35)
        times = np.arange(round(length * rate)) / rate
        pitch = random.uniform(90, 260) * (1 + random.uniform(-0.3, 0.3) * times)
        tone = sum(np.sin(2 * np.pi * n * pitch * times) / n for n in range(1, 9))
        first = round(at * rate)
        wave[first : first + len(times)] += (
            random.uniform(0.05, 0.25) * tone * np.hanning(len(times))
        )
        at += length + random.choice([0.03, 0.1, 0.5])
    return np.clip(wave, -1, 1).astype(np.float32)
