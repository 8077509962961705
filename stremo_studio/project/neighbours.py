"""Which clips are alike to a model: the angle between what it makes of each before it answers.

The rows stay on the disk, mapped: of fifty thousand clips they would take a hundred megabytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from stremo_studio.domain.clip import ClipId
from trainer.contract.evaluation import Prediction
from trainer.contract.run_folder import RunFolder

_AT_ONCE = 4096


class Neighbour(NamedTuple):
    """`similarity` is the cosine, 1 for the same direction."""

    clip_id: ClipId
    similarity: float


@dataclass(frozen=True, slots=True)
class Embeddings:
    """One run's."""

    vectors: npt.NDArray[Any]
    """(clips, width), float16, as `RunFolder.embeddings_file` holds them."""
    rows: dict[ClipId, int]

    def nearest(self, clip: ClipId, among: Sequence[ClipId], count: int) -> list[Neighbour]:
        """The most alike of some clips, itself left out, the nearest first. Reads them all: not
        for the GUI thread."""
        others = [one for one in among if one != clip and one in self.rows]
        if clip not in self.rows or not others:
            return []
        wanted = _directions(self.vectors[self.rows[clip]][None])[0]
        rows = np.array([self.rows[one] for one in others])
        alike = np.concatenate(
            [
                _directions(self.vectors[rows[first : first + _AT_ONCE]]) @ wanted
                for first in range(0, len(rows), _AT_ONCE)
            ]
        )
        best = np.argsort(-alike, kind="stable")[:count]
        return [Neighbour(others[place], float(alike[place])) for place in best.tolist()]


def read_embeddings(folder: RunFolder, predictions: Sequence[Prediction]) -> Embeddings | None:
    """None for a run that kept none, or whose file does not fit its predictions."""
    try:
        vectors = np.load(folder.embeddings_file, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError):
        return None
    if vectors.ndim != 2 or len(vectors) != len(predictions):
        return None
    return Embeddings(vectors, {ClipId(int(p.clip_id)): n for n, p in enumerate(predictions)})


def _directions(vectors: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    """Of length 1 each; one without a length points nowhere."""
    rows = np.nan_to_num(np.asarray(vectors, dtype=np.float32), posinf=0.0, neginf=0.0)
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))[:, None]
    found: npt.NDArray[np.float32] = rows / np.maximum(lengths, 1e-9)
    return found
