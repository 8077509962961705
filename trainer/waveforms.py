"""Clips as 16 kHz mono int16, decoded once into a cache that all runs share.

One small `.npy` file a clip, named by the recording's identity (path, size, time of change) and
the span: a changed recording gets a new name, and a run that was killed leaves no half file.
"""

import hashlib
import os
import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from trainer.contract.manifest import ManifestClip
from trainer.decoding import AudioError, read_audio

RATE = 16_000
LONGEST = 30.0
"""Seconds of a clip that are kept: the most that evaluation hears."""

Waveform = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Waveforms:
    """The cache in `folder`, which may not exist yet."""

    folder: Path

    def length(self, clip: ManifestClip) -> int:
        """Samples of the clip, after decoding it when the cache lacks it. Raises AudioError."""
        file = self._file(clip)
        found = _read(file, in_memory=False)
        return len(self._decode(clip, file) if found is None else found)

    def samples(self, clip: ManifestClip) -> Waveform:
        """The clip's first 30 s, shape (samples,). Raises AudioError."""
        file = self._file(clip)
        found = _read(file, in_memory=True)
        return self._decode(clip, file) if found is None else found

    def _file(self, clip: ManifestClip) -> Path:
        path = Path(clip.path)
        try:
            facts = path.stat()
        except OSError as error:
            raise AudioError(f"{path.name} is not there.", "Link the file again.") from error
        identity = (str(path), facts.st_size, facts.st_mtime_ns, clip.start, clip.end, LONGEST)
        name = hashlib.sha256(repr(identity).encode()).hexdigest()[:32]
        return self.folder / name[:2] / f"{name}.npy"

    def _decode(self, clip: ManifestClip, file: Path) -> Waveform:
        end = clip.start + LONGEST if clip.end is None else min(clip.end, clip.start + LONGEST)
        heard, _ = read_audio(Path(clip.path), clip.start, end, RATE)
        samples = np.clip(np.rint(heard * 32767), -32768, 32767).astype(np.int16)
        file.parent.mkdir(parents=True, exist_ok=True)
        aside = file.with_name(f".{file.stem}.{os.getpid()}.{threading.get_ident()}.part")
        try:
            with aside.open("wb") as out:
                np.save(out, samples)
            aside.replace(file)
        finally:
            aside.unlink(missing_ok=True)
        return samples


def _read(file: Path, in_memory: bool) -> Waveform | None:
    """What the cache holds; None for nothing and for a damaged entry, which is then redone."""
    try:
        found = np.load(file, mmap_mode=None if in_memory else "r", allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    whole = isinstance(found, np.ndarray) and found.dtype == np.int16 and found.ndim == 1
    return found if whole and len(found) else None
