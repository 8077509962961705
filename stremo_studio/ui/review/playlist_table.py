"""The playlist of a cell as a table model: exactly its clips, and what the model said of each."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt

from stremo_studio.domain.clip import Clip, ClipId
from stremo_studio.domain.recording import READY
from stremo_studio.project.changes import Changes
from stremo_studio.project.project import Project
from stremo_studio.ui.clip_rows import ClipRows
from stremo_studio.ui.review.verdicts import Verdicts
from stremo_studio.ui.rows import WHOLE, Index
from stremo_studio.ui.theme import Theme
from stremo_studio.ui.words import label_name
from trainer.contract.evaluation import Prediction

COLUMNS = ("Label", "Clip", "Speaker", "Length", "Model")
PREDICTION = WHOLE + 1
"""Role under which a row gives its `Prediction`."""


class PlaylistTable(ClipRows):
    """Exactly the clips given, in that order; none is dropped, whatever became of it."""

    def __init__(self, project: Project, verdicts: Verdicts, theme: Theme) -> None:
        super().__init__(project, theme, COLUMNS)
        self._verdicts = verdicts
        self._predictions: dict[ClipId, Prediction] = {}

    def show(self, clip_ids: Sequence[ClipId], predictions: dict[ClipId, Prediction]) -> None:
        """List these clips; `predictions` of the run by clip id."""
        self._predictions = predictions
        self.list_clips(clip_ids)

    def take(self, changes: Changes) -> None:
        """Read changed rows again; the list itself stays."""
        if changes.worklist:
            self.read_all_again()
        else:
            self.read_again(changes.clips)

    def prediction(self, row: int) -> Prediction | None:
        return self._predictions.get(self.clip_ids[row]) if 0 <= row < self.rowCount() else None

    def next_heard(self, row: int) -> int:
        """The next row with audio after `row`; -1 when there is none."""
        for candidate in range(row + 1, self.rowCount()):
            clip = self.clip(candidate)
            if clip is not None and clip.audio == READY:
                return candidate
        return -1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if index.isValid() and role == PREDICTION:
            return self.prediction(index.row())
        is_name = index.isValid() and self.columns[index.column()] == "Clip"
        if is_name and role == Qt.ItemDataRole.DisplayRole and self.clip(index.row()) is None:
            return "gone"
        return super().data(index, role)

    def text(self, clip: Clip, column: str) -> str:
        return self._verdicts.word(clip.id) if column == "Label" else super().text(clip, column)

    def sentence(self, clip: Clip) -> str:
        parts = [super().sentence(clip)]
        prediction = self._predictions.get(clip.id)
        if prediction is not None:
            sure = max(prediction.probabilities)
            parts.append(f"model {label_name(prediction.predicted)} {sure:.0%}")
        return ", ".join(filter(None, [*parts, self._verdicts.word(clip.id)]))
