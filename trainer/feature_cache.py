"""Vectors of clips, kept beside the project so that a relabelled retrain touches no audio.

A vector is known by the clip's sound (`Waveforms.name`) and the version of the features.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from trainer.blob_store import BlobStore
from trainer.contract.kept import FEATURES

VERSION: Final = 1
"""Counts up whenever `trainer.features` gives other numbers, so that two kinds never mix."""

Vector = npt.NDArray[np.float32]


class FeatureCache:
    """Vectors by clip in a cache folder; several trainers may share it."""

    def __init__(self, cache: Path) -> None:
        self._store = BlobStore(cache / FEATURES)

    def get(self, name: str) -> Vector | None:
        """None for a sound that is not known, and for a damaged vector."""
        found = self._store.get(_key(name))
        return None if found is None else found.view("<f4")

    def put(self, name: str, vector: Vector) -> None:
        """Only while `writing`. Raises OSError, e.g. when the disk is full."""
        self._store.put(_key(name), vector.astype("<f4").view(np.uint8))

    def writing(self, waiting: Callable[[], object]) -> AbstractContextManager[bool]:
        """See `BlobStore.writing`."""
        return self._store.writing(waiting)


def _key(name: str) -> str:
    return f"{VERSION} {name}"
