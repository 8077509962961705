"""A run's predictions, laid out once so that a cell of the matrix is a look-up in the GUI thread.

Making it takes its time with many clips, and works on any thread.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from stremo_studio.domain.clip import ClipId
from stremo_studio.project import review
from trainer.contract.evaluation import Prediction
from trainer.contract.labels import CLASSES
from trainer.contract.manifest import SPLITS

Key = tuple[str, str, str]
"""Split, human label, predicted class."""


@dataclass(frozen=True, slots=True)
class PredictionIndex:
    """Counts are the lengths of the playlists, so the two cannot disagree."""

    by_clip: dict[ClipId, Prediction]
    cells: dict[Key, list[ClipId]]
    """The clips behind each cell that has any, in playlist order."""
    errors: dict[str, list[ClipId]]
    """All misclassified clips of each split, the most confident mistakes first."""

    def counts(self, split: str) -> list[list[int]]:
        """Rows human, columns model, in the order of the label scheme."""
        return [[len(self.cell(human, model, split)) for model in CLASSES] for human in CLASSES]

    def cell(self, human: str, model: str, split: str) -> list[ClipId]:
        """The clips behind one cell: mistakes with the most confident first."""
        return self.cells.get((split, human, model), [])

    def misclassified(self, split: str) -> list[ClipId]:
        return self.errors.get(split, [])

    def clip_ids(self, split: str) -> list[ClipId]:
        """All labelled clips of a split."""
        return [clip for key, some in self.cells.items() if key[0] == split for clip in some]

    def confidence(self, clip_id: ClipId) -> float:
        """Probability of the class that was predicted."""
        return max(self.by_clip[clip_id].probabilities)


def index_predictions(found: Sequence[Prediction]) -> PredictionIndex:
    """Group the predictions of one run by split, human label and predicted class."""
    groups: defaultdict[Key, list[Prediction]] = defaultdict(list)
    for prediction in found:
        if prediction.label is not None:
            groups[prediction.split, prediction.label, prediction.predicted].append(prediction)
    return PredictionIndex(
        {ClipId(int(p.clip_id)): p for p in found},
        {key: review.cell(some, key[1], key[2], key[0]) for key, some in groups.items()},
        {split: review.misclassified(found, split) for split in SPLITS},
    )
