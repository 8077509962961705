"""Vectors of clips, kept beside the project so that a relabelled retrain touches no audio.

A vector is known by the clip's sound (`Waveforms.name`) and by what it was made with:
the version of the acoustic features, or an encoder.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from trainer.sound.blob_store import BlobStore

VERSION: Final = 1
"""Counts up whenever `functionals` beside it gives other numbers, so that two kinds never mix."""

Vector = npt.NDArray[np.float32]


class FeatureCache:
    """Vectors by clip in a cache folder; several trainers may share it.

    Of one `kind`: what else they depend on beside the sound. Kept as `dtype`, little-endian.
    """

    def __init__(self, store: BlobStore, kind: str = str(VERSION), dtype: str = "<f4") -> None:
        self._store, self._kind, self._dtype = store, kind, dtype

    def get(self, name: str) -> npt.NDArray[Any] | None:
        """Not copied. None for a sound that is not known, and for a damaged vector."""
        found = self._store.get(self._key(name))
        return None if found is None else found.view(self._dtype)

    def put(self, name: str, vector: npt.NDArray[Any]) -> None:
        """Only while `writing`. Raises OSError, e.g. when the disk is full."""
        self._store.put(self._key(name), vector.astype(self._dtype).view(np.uint8))

    def writing(self, waiting: Callable[[], object]) -> AbstractContextManager[bool]:
        """See `BlobStore.writing`."""
        return self._store.writing(waiting)

    def _key(self, name: str) -> str:
        return f"{self._kind} {name}"
