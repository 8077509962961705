"""Fundamental frequency by normalised autocorrelation (Boersma 1993), all frames at once.

torchaudio's `detect_pitch_frequency` takes the first peak over a threshold and loops over lags in
Python; this is quicker and also says how periodic each frame is.
"""

from typing import Final

import torch
from torch import Tensor

LOWEST_HZ: Final = 60.0
HIGHEST_HZ: Final = 600.0
_WINDOW_S = 0.04
_FFT = 1024
_OCTAVE_COST = 0.02
"""Taken off an octave, so that of two equally good periods the shorter is chosen."""


def track_pitch(samples: Tensor, rate: int, hop: int, frames: int) -> tuple[Tensor, Tensor]:
    """Hertz and periodicity (0..1) of `frames` frames, frame i centred on sample i * `hop`.

    Both have the shape (frames,). The frequency means little where the periodicity is low.
    """
    size = round(_WINDOW_S * rate)
    short, long = int(rate / HIGHEST_HZ), int(rate / LOWEST_HZ) + 1
    padded = torch.nn.functional.pad(samples, (size // 2, size // 2 + hop))
    windows = padded.unfold(0, size, hop)[:frames]
    windows = windows - windows.mean(dim=1, keepdim=True)
    window = torch.hann_window(size)
    correlation = _autocorrelation(windows * window)[:, : long + 2]
    correlation = correlation / _autocorrelation(window)[: long + 2]
    lags = torch.arange(short, long + 1)
    cost = _OCTAVE_COST * torch.log2(lags / short)
    best = (correlation[:, short : long + 1] - cost).argmax(dim=1) + short
    before, peak, after = (
        correlation.gather(1, (best + step).unsqueeze(1)).squeeze(1) for step in (-1, 0, 1)
    )
    bend = before - 2 * peak + after
    shift = torch.where(bend < 0, 0.5 * (before - after) / bend, torch.zeros_like(bend))
    hertz = rate / (best + shift.clamp(-0.5, 0.5))
    return hertz, peak.clamp(0, 1)


def _autocorrelation(rows: Tensor) -> Tensor:
    """Along the last axis, divided by its value at lag 0."""
    spectrum = torch.fft.rfft(rows, n=_FFT)
    correlation = torch.fft.irfft(spectrum.real**2 + spectrum.imag**2, n=_FFT)
    scaled: Tensor = correlation / correlation[..., :1].clamp(min=1e-10)
    return scaled
