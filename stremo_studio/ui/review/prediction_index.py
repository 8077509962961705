"""A run's predictions, laid out so that a cell of the matrix is a look-up. Works on any thread."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from stremo_studio.domain.clip import ClipId
from stremo_studio.project.review import cell, confusion
from stremo_studio.project.review import misclassified as wrong_in
from trainer.contract.evaluation import Prediction
from trainer.contract.manifest import SPLITS

Key = tuple[str, str | None, str]


@dataclass(frozen=True, slots=True)
class PredictionIndex:
    """Counts and playlists come from the same groups, so they cannot disagree."""

    by_clip: dict[ClipId, Prediction]
    _groups: dict[Key, list[Prediction]]

    @property
    def splits(self) -> list[str]:
        """Splits with labelled clips, in the usual order."""
        found = {split for split, human, _ in self._groups if human is not None}
        return [split for split in SPLITS if split in found]

    def counts(self, split: str) -> list[list[int]]:
        """Rows human, columns model, in the order of the label scheme."""
        return confusion(self._of(split), split)

    def cell(self, human: str, model: str, split: str) -> list[ClipId]:
        """The clips behind one cell: mistakes with the most confident first."""
        return cell(self._groups.get((split, human, model), ()), human, model, split)

    def misclassified(self, split: str) -> list[ClipId]:
        return wrong_in(self._of(split), split)

    def clip_ids(self, split: str) -> list[ClipId]:
        """All labelled clips of a split."""
        return [ClipId(int(p.clip_id)) for p in self._of(split) if p.label is not None]

    def confidence(self, clip_id: ClipId) -> float:
        """Probability of the class that was predicted."""
        return max(self.by_clip[clip_id].probabilities)

    def _of(self, split: str) -> list[Prediction]:
        return [p for key, some in self._groups.items() if key[0] == split for p in some]


def index_predictions(found: Sequence[Prediction]) -> PredictionIndex:
    """Group the predictions of one run by split, human label and predicted class."""
    groups: defaultdict[Key, list[Prediction]] = defaultdict(list)
    for prediction in found:
        groups[prediction.split, prediction.label, prediction.predicted].append(prediction)
    return PredictionIndex({ClipId(int(p.clip_id)): p for p in found}, dict(groups))
