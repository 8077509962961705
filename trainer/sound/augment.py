"""Clips as they never sounded: faster, noisier, louder, with a gap; other ones every epoch.

What happens to a clip follows from (seed, epoch, clip), never from what was drawn before: a
training that was killed hears the same on resuming. Through torchaudio's pure-Python part.
"""

import math
import zlib
from dataclasses import dataclass

import numpy as np
import torch

from trainer.contract.finetune import Augmentation
from trainer.contract.manifest import ManifestClip
from trainer.network.model import Hubert
from trainer.sound.audio_backend import torchaudio
from trainer.sound.decoding import to_pcm
from trainer.sound.waveforms import RATE, Waveform, Waveforms

_NOISE_RANGE = 20.0
"""dB from the loudest noise to the faintest."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is done to one clip in one epoch."""

    percent: int
    """Of its own speed; whole, because the resampling filter grows with the denominator."""
    noise_db: float | None
    """Ratio of the clip to the noise."""
    gain_db: float
    silence: tuple[float, float]
    """Start and length of the gap: the start as a part of the clip, the length in seconds."""
    noise_seed: int

    def samples(self, samples: int) -> int:
        """How many a clip of so many samples then has."""
        return math.ceil(samples * 100 / self.percent)

    def apply(self, waveform: Waveform) -> Waveform:
        """The changed clip, shape (`samples(len(waveform))`,)."""
        heard = torch.from_numpy(waveform.astype(np.float32) / 32768)[None]
        if self.percent != 100:
            heard = torchaudio.functional.resample(heard, self.percent, 100)
            missing = self.samples(len(waveform)) - heard.shape[1]
            heard = torch.nn.functional.pad(heard, (0, missing))
        if self.noise_db is not None and heard.any():
            random = torch.Generator().manual_seed(self.noise_seed)
            noise = torch.randn(heard.shape, generator=random)
            heard = torchaudio.functional.add_noise(heard, noise, torch.tensor([self.noise_db]))
        if self.gain_db:
            heard = torchaudio.functional.gain(heard, self.gain_db)
        first = round(self.silence[0] * heard.shape[1])
        heard[:, first : first + round(self.silence[1] * RATE)] = 0
        return to_pcm(heard[0].numpy())


def draw(options: Augmentation, seed: int, epoch: int, clip_id: str) -> Change:
    """What happens to this clip in this epoch."""
    rng = np.random.default_rng([seed, epoch, zlib.crc32(clip_id.encode())])
    speed, noise, gain, start, length = rng.random(5)
    return Change(
        round(100 * (1 + options.speed * (2 * speed - 1))),
        None if options.noise is None else options.noise + _NOISE_RANGE * noise,
        options.gain * (2 * gain - 1),
        (start, length * options.time_mask),
        int(rng.integers(2**62)),
    )


class ChangedFeatures:
    """Features of clips as one epoch hears them; computed anew, as none comes twice."""

    def __init__(
        self, waveforms: Waveforms, hubert: Hubert, options: Augmentation, seed: int, epoch: int
    ) -> None:
        self.hubert, self._waveforms = hubert, waveforms
        self._options, self._seed, self._epoch = options, seed, epoch

    def frames(self, clip: ManifestClip, longest: int) -> int:
        """How many there are of the clip's first `longest` samples, changed. Raises AudioError."""
        samples = min(self._waveforms.length(clip), longest)
        return self.hubert.frames(self._change(clip).samples(samples))

    def of(self, clip: ManifestClip, longest: int) -> torch.Tensor:
        """Features, (frames, channels), of the clip's first `longest` samples, changed."""
        waveform = self._change(clip).apply(self._waveforms.samples(clip)[:longest])
        with self.hubert.mixed_precision():
            return self.hubert.features(waveform).contiguous()

    def _change(self, clip: ManifestClip) -> Change:
        return draw(self._options, self._seed, self._epoch, clip.clip_id)
