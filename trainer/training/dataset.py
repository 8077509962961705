"""Clips to batches: as many as fit into so many padded seconds, out of clips of like length.

Batches of random clips spend half and more of the work on padding; these spend a few percent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import torch
from torch.nn.utils.rnn import pad_sequence

from trainer.contract.labels import CLASSES
from trainer.contract.manifest import ManifestClip
from trainer.granted import free_memory
from trainer.network.model import Hubert, draw_masks
from trainer.sound.waveforms import RATE, Waveforms
from trainer.training.residence import Residence, free_on, residence

Lengths = npt.NDArray[np.int64]
"""Frames of each clip, shape (clips,)."""
LENGTH_NOISE = 0.05
"""How far, as a part of its length, a clip may stray from its like when batches are drawn: enough
for other company every epoch, too little for much padding."""
UNLABELLED = -1


@dataclass(frozen=True, slots=True)
class Batch:
    """One step's input, on the device where it is computed."""

    features: torch.Tensor
    """(clips, frames, channels)."""
    real: torch.Tensor | None
    """bool, (clips, frames): no padding. None when nothing is padded."""
    labels: torch.Tensor
    """int64, (clips,), in the order of CLASSES."""
    masked: torch.Tensor | None
    """bool, (clips, frames): what SpecAugment hides."""


class Source(Protocol):
    """Where features come from: `Features`, or `trainer.sound.augment.ChangedFeatures`."""

    hubert: Hubert

    def frames(self, clip: ManifestClip, longest: int) -> int: ...

    def of(self, clip: ManifestClip, longest: int) -> torch.Tensor: ...


class Features:
    """What the frozen convolutions make of clips: computed once while there is room to keep it.

    Where, is decided with the first clip, by all that was counted until then (`residence`);
    `room`, in bytes, decides it at once. Tensors come on the device of the network."""

    def __init__(self, waveforms: Waveforms, hubert: Hubert, room: int | None = None) -> None:
        self.hubert, self._waveforms = hubert, waveforms
        self._kept: dict[tuple[ManifestClip, int], torch.Tensor] = {}
        self._sizes: dict[tuple[ManifestClip, int], int] = {}
        self._counted: dict[tuple[ManifestClip, int], int] = {}
        self._place = None if room is None else Residence(on_device=False, room=room)
        self._taken = 0

    def frames(self, clip: ManifestClip, longest: int) -> int:
        """How many there are of the clip's first `longest` samples. Raises AudioError."""
        size = self._size(clip, longest)
        count = self._counted[clip, size] = self.hubert.frames(size)
        return count

    def of(self, clip: ManifestClip, longest: int) -> torch.Tensor:
        """Features, (frames, channels), of the clip's first `longest` samples."""
        device, size = self.hubert.network.device, self._size(clip, longest)
        kept = self._kept.get((clip, size))
        if kept is not None:
            return kept.to(device)
        with self.hubert.mixed_precision():
            found = self.hubert.features(self._waveforms.samples(clip)[:size]).contiguous()
        place = self._place = self._place or self._choose(found)
        if self._taken + found.nbytes <= place.room:
            self._taken += found.nbytes
            self._kept[clip, size] = found if place.on_device else found.cpu()
        return found

    def _size(self, clip: ManifestClip, longest: int) -> int:
        """Samples that are heard: a clip shorter than two limits is the same under both."""
        size = self._sizes.get((clip, longest))
        if size is None:
            size = self._sizes[clip, longest] = min(self._waveforms.length(clip), longest)
        return size

    def _choose(self, first: torch.Tensor) -> Residence:
        a_frame = first.nbytes // len(first)
        needed = a_frame * sum(self._counted.values())
        return residence(needed, free_on(first.device), free_memory())


class Examples:
    """Clips that a network can be shown, each up to so many seconds. Raises AudioError."""

    def __init__(self, clips: Sequence[ManifestClip], features: Source, seconds: float) -> None:
        self.clips = tuple(clips)
        self._features, self._longest = features, round(seconds * RATE)
        self.lengths: Lengths = np.array(
            [features.frames(clip, self._longest) for clip in clips], dtype=np.int64
        )
        self.labels = np.array(
            [CLASSES.index(c.label) if c.label else UNLABELLED for c in clips], dtype=np.int64
        )

    def __len__(self) -> int:
        return len(self.clips)

    def plan(self, seconds: float, rng: np.random.Generator | None = None) -> list[list[int]]:
        """Batches of clip numbers, each of at most so many padded seconds: see `plan_batches`."""
        return plan_batches(self.lengths, round(seconds * self._hubert.frames_per_s), rng)

    def batch(
        self,
        numbers: Sequence[int],
        rng: np.random.Generator | None = None,
        part: slice = slice(None),
    ) -> Batch:
        """The clips of these numbers, or a `part` of them; with `rng`, SpecAugment as the
        checkpoint asks for it, the same for a clip whoever computes it."""
        mine = list(numbers)[part]
        lengths, masked = self.lengths[mine], None
        rows = [self._features.of(self.clips[n], self._longest) for n in mine]
        device = rows[0].device
        if rng is not None and self._hubert.masks_time:
            every = self.lengths[list(numbers)].tolist()
            drawn = draw_masks(every, self._hubert.network.config, rng)
            masked = torch.from_numpy(drawn[part, : lengths.max()]).to(device)
        is_real = np.arange(lengths.max()) < lengths[:, None]
        return Batch(
            pad_sequence(rows, batch_first=True),
            None if is_real.all() else torch.from_numpy(is_real).to(device),
            torch.from_numpy(self.labels[mine]).to(device),
            masked,
        )

    @property
    def _hubert(self) -> Hubert:
        return self._features.hubert


def plan_batches(
    lengths: Lengths, most: int, rng: np.random.Generator | None = None
) -> list[list[int]]:
    """Divide clips into batches of at most `most` padded frames (or one clip, if it is longer).

    Without `rng` from the longest clip to the shortest, so that what does not fit into memory
    shows at once; with it, neighbours and the order of batches change from call to call.
    """
    stray = rng.uniform(1 - LENGTH_NOISE, 1 + LENGTH_NOISE, len(lengths)) if rng else 1.0
    batches: list[list[int]] = []
    longest = 0
    for number in np.argsort(-lengths * stray, kind="stable").tolist():
        longest = max(longest, int(lengths[number]))
        if batches and longest * (len(batches[-1]) + 1) <= most:
            batches[-1].append(number)
        else:
            batches.append([number])
            longest = int(lengths[number])
    return [batches[i] for i in rng.permutation(len(batches))] if rng else batches


def padding_waste(lengths: Lengths, batches: Sequence[Sequence[int]]) -> float:
    """Which part of the frames computed on is padding, 0..1."""
    padded = sum(int(lengths[list(b)].max()) * len(b) for b in batches)
    return 1 - int(lengths[[n for b in batches for n in b]].sum()) / padded if padded else 0.0
