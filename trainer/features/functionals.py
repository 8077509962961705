"""Sound to numbers: what a voice does in a clip, as one vector.

Frames every 10 ms: MFCC, log-mel bands, their rates of change, pitch in semitones, voicing,
energy and the shape of the spectrum; then functionals over time. The silence before and after
speech is cut away first, or the room would be learnt instead of the voice.
Whoever changes a number here counts `VERSION` in `cache` up.
"""

from functools import cache
from typing import Final, NamedTuple

import numpy as np
import torch
from torch import Tensor

from trainer.features.cache import Vector
from trainer.features.pitch import LOWEST_HZ, track_pitch
from trainer.sound.audio_backend import torchaudio
from trainer.sound.decoding import Samples

RATE: Final = 16_000
_HOP, _WINDOW, _FFT = 160, 400, 512
_MELS, _CEPSTRA = 40, 20
_SPEECH_DB = 40.0
"""Frames this far below the loudest are silence."""
_VOICED = 0.5
_FUNCTIONALS = 8


class _Frames(NamedTuple):
    """Descriptors of the speech of a clip, each (descriptors, frames)."""

    all: Tensor
    voiced: Tensor
    """Descriptors that mean something only where the voice sounds."""
    voicing: Tensor
    """Of every frame, 1 or 0, shape (frames,)."""


def features(samples: Samples) -> Vector:
    """The vector of one clip, mono at `RATE`; always of the same length, always finite."""
    frames = _describe(torch.from_numpy(samples))
    vector = torch.cat([_functionals(frames.all), _functionals(frames.voiced), _rhythm(frames)])
    return np.asarray(torch.nan_to_num(vector, 0.0, 0.0, 0.0).numpy(), dtype=np.float32)


@torch.inference_mode()
def _describe(samples: Tensor) -> _Frames:
    short = max(0, _FFT + 1 - len(samples))
    samples = torch.nn.functional.pad(torch.nan_to_num(samples, 0.0, 1.0, -1.0), (0, short))
    tables = _tables()
    power = (
        torch.stft(
            samples, _FFT, _HOP, _WINDOW, tables.window, return_complex=True, pad_mode="constant"
        )
        .abs()
        .square()
    )  # (bins, frames)
    energy_db = 10 * torch.log10(power.sum(dim=0) + 1e-10)
    heard = (energy_db > energy_db.max() - _SPEECH_DB).nonzero()
    first, last = int(heard[0]), int(heard[-1]) + 1
    power, energy_db = power[:, first:last], energy_db[first:last]
    spoken = samples[first * _HOP : last * _HOP]
    hertz, periodicity = track_pitch(spoken, RATE, _HOP, last - first)

    mel = 10 * torch.log10(tables.mel.T @ power + 1e-10)
    cepstra = tables.dct.T @ mel
    spectrum = _spectral_shape(power)
    moving = torch.cat([cepstra, energy_db[None], spectrum])
    rate_of_change = torchaudio.functional.compute_deltas(moving[None])[0]
    loud = energy_db - energy_db.max()
    voiced = (periodicity > _VOICED) & (loud > -30)
    semitones = _smooth(12 * torch.log2(hertz / LOWEST_HZ))
    pitch = torch.stack([semitones, _change(semitones, voiced), periodicity, loud])
    return _Frames(
        torch.cat([moving, rate_of_change, mel - mel.mean(dim=0), loud[None], periodicity[None]]),
        torch.cat([pitch, spectrum, cepstra[1:13]])[:, voiced],
        voiced.float(),
    )


def _spectral_shape(power: Tensor) -> Tensor:
    """Centroid, spread, roll-off, flatness, tilt, alpha ratio and flux: (7, frames)."""
    hertz = _tables().hertz[:, None]
    share = power / power.sum(dim=0).clamp(min=1e-10)
    centroid = (share * hertz).sum(dim=0)
    spread = ((hertz - centroid) ** 2 * share).sum(dim=0).sqrt()
    rolloff = (share.cumsum(dim=0) < 0.85).sum(dim=0) * (RATE / _FFT)
    db = 10 * torch.log10(power + 1e-10)
    flatness = db.mean(dim=0) - 10 * torch.log10(power.mean(dim=0) + 1e-10)
    octaves = torch.log2(hertz[2:] / hertz[2])
    centred = octaves - octaves.mean()
    tilt = (centred * db[2:]).sum(dim=0) / centred.square().sum()
    low, high = power[2:32].sum(dim=0), power[32:160].sum(dim=0)
    alpha = 10 * torch.log10((high + 1e-10) / (low + 1e-10))
    flux = torch.nn.functional.pad((share[:, 1:] - share[:, :-1]).abs().sum(dim=0), (1, 0))
    return torch.stack([centroid, spread, rolloff, flatness, tilt, alpha, flux])


def _functionals(rows: Tensor) -> Tensor:
    """Mean, deviation, 5th, 50th and 95th percentile, two ranges and slope of each row."""
    count = rows.shape[1]
    if count < 2:
        return torch.zeros(len(rows) * _FUNCTIONALS)
    ordered = rows.sort(dim=1).values
    at = torch.tensor([0.05, 0.25, 0.5, 0.75, 0.95]) * (count - 1)
    low, quarter, middle, three, high = ordered[:, at.round().long()].T
    time = torch.linspace(-1, 1, count)
    slope = (rows * time).sum(dim=1) / time.square().sum()
    return torch.cat(
        [rows.mean(1), rows.std(1), low, middle, high, high - low, three - quarter, slope]
    )


def _rhythm(frames: _Frames) -> Tensor:
    """How long, how much of it voiced, and how often the voice sets in, per second."""
    seconds = len(frames.voicing) * _HOP / RATE
    onsets = (frames.voicing.diff() > 0).sum()
    voiced_s = float(frames.voicing.sum()) * _HOP / RATE
    return torch.tensor(
        [
            np.log(seconds),
            voiced_s / seconds,
            float(onsets) / seconds,
            voiced_s / (float(onsets) + 1),
        ]
    )


def _smooth(row: Tensor) -> Tensor:
    """Median of five: an octave error lasts a frame or two."""
    padded = torch.nn.functional.pad(row[None, None], (2, 2), mode="replicate")[0, 0]
    return padded.unfold(0, 5, 1).median(dim=1).values


def _change(row: Tensor, voiced: Tensor) -> Tensor:
    """Absolute difference from the frame before, where both are voiced."""
    change = torch.nn.functional.pad(row.diff().abs(), (1, 0))
    both = voiced & torch.nn.functional.pad(voiced[:-1], (1, 0))
    return change * both


class _Tables(NamedTuple):
    window: Tensor
    mel: Tensor
    dct: Tensor
    hertz: Tensor


@cache
def _tables() -> _Tables:
    bins = _FFT // 2 + 1
    return _Tables(
        torch.hann_window(_WINDOW),
        torchaudio.functional.melscale_fbanks(bins, 50.0, RATE / 2, _MELS, RATE, mel_scale="htk"),
        torchaudio.functional.create_dct(_CEPSTRA, _MELS, "ortho"),
        torch.linspace(0, RATE / 2, bins),
    )
