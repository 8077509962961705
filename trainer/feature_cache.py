"""Vectors of clips, kept beside the project so that a relabelled retrain touches no audio.

One small file a clip, named by what it was made from: the recording's path, size and time of
change, the clip's times and the version of the features. A damaged file counts as none.
"""

import hashlib
import zlib
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from trainer.contract.files import written_aside
from trainer.contract.manifest import ManifestClip

VERSION: Final = 1
"""Counts up whenever `trainer.features` gives other numbers, so that two kinds never mix."""

Vector = npt.NDArray[np.float32]


class FeatureCache:
    """Vectors by clip under one folder; several trainers may share it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, clip: ManifestClip) -> Vector | None:
        """None for a clip that is not known, was changed, or whose file is damaged."""
        try:
            content = self._file(clip).read_bytes()
        except OSError:
            return None
        check, body = content[:4], content[4:]
        if len(body) % 4 or not body or zlib.crc32(body).to_bytes(4, "little") != check:
            return None
        return np.frombuffer(body, dtype="<f4")

    def put(self, clip: ManifestClip, vector: Vector) -> None:
        """Raises OSError, e.g. when the disk is full."""
        body = vector.astype("<f4").tobytes()
        check = zlib.crc32(body).to_bytes(4, "little")
        with written_aside(self._file(clip), durable=False) as file:
            file.write(check + body)

    def _file(self, clip: ManifestClip) -> Path:
        """Raises OSError for a recording that is not there."""
        facts = Path(clip.path).stat()
        identity = (VERSION, clip.path, facts.st_size, facts.st_mtime_ns)
        name = hashlib.sha256(repr((*identity, clip.start, clip.end)).encode()).hexdigest()
        return self._folder / name[:2] / name[2:40]
