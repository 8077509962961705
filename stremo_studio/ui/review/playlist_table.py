"""The playlist of a cell as a table model: ids in order, rows read as they are looked at."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from stremo_studio.domain.clip import Clip, ClipId
from stremo_studio.domain.recording import READY
from stremo_studio.project.changes import Changes
from stremo_studio.project.project import Project
from stremo_studio.ui.review.verdicts import Verdicts
from stremo_studio.ui.theme import Theme
from stremo_studio.ui.words import clip_sentence, label_name, seconds_words
from trainer.contract.evaluation import Prediction

Index = QModelIndex | QPersistentModelIndex
COLUMNS = ("Label", "Clip", "Speaker", "Length", "Model")
CLIP, PREDICTION = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
"""Roles under which a row gives its whole `Clip` and its `Prediction`."""
_NOWHERE = QModelIndex()
_CACHED, _READ_AHEAD = 2_000, 64
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class PlaylistTable(QAbstractTableModel):
    """Exactly the clips given, in that order; none is dropped, whatever became of it."""

    def __init__(self, project: Project, verdicts: Verdicts, theme: Theme) -> None:
        super().__init__()
        self._project, self._verdicts, self._theme = project, verdicts, theme
        self._ids: list[ClipId] = []
        self._rows: dict[ClipId, int] = {}
        self._predictions: dict[ClipId, Prediction] = {}
        self._cache: OrderedDict[ClipId, Clip] = OrderedDict()
        theme.changed.connect(self._repaint)

    def show(self, clip_ids: Sequence[ClipId], predictions: dict[ClipId, Prediction]) -> None:
        """List these clips; `predictions` of the run by clip id."""
        self.beginResetModel()
        self._ids = list(clip_ids)
        self._rows = {clip_id: row for row, clip_id in enumerate(self._ids)}
        self._predictions = predictions
        self._cache.clear()
        self.endResetModel()

    def take(self, changes: Changes) -> None:
        """Read changed rows again; the list itself stays."""
        changed = self._rows.keys() if changes.worklist else changes.clips
        for clip_id in changed:
            self._cache.pop(clip_id, None)
        if changes.worklist or not changes.clips.isdisjoint(self._rows.keys()):
            self._repaint()

    @property
    def clip_ids(self) -> list[ClipId]:
        return self._ids

    def row_of(self, clip_id: ClipId) -> int:
        """The row of a clip, -1 when it is not listed."""
        return self._rows.get(clip_id, -1)

    def clip(self, row: int) -> Clip | None:
        """The clip of a row, read together with its neighbours; None for a clip that is gone."""
        if not 0 <= row < len(self._ids):
            return None
        clip_id = self._ids[row]
        if clip_id not in self._cache:
            first = max(0, row - _READ_AHEAD // 4)
            wanted = self._ids[first : first + _READ_AHEAD]
            for clip in self._project.clips([i for i in wanted if i not in self._cache]):
                self._cache[clip.id] = clip
            while len(self._cache) > _CACHED:
                self._cache.popitem(last=False)
        return self._cache.get(clip_id)

    def prediction(self, row: int) -> Prediction | None:
        return self._predictions.get(self._ids[row]) if 0 <= row < len(self._ids) else None

    def next_heard(self, row: int) -> int:
        """The next row with audio after `row`; -1 when there is none."""
        for candidate in range(row + 1, len(self._ids)):
            clip = self.clip(candidate)
            if clip is not None and clip.audio == READY:
                return candidate
        return -1

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Vertical or not 0 <= section < len(COLUMNS):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        return _RIGHT if role == Qt.ItemDataRole.TextAlignmentRole and section == 3 else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        clip, prediction = self.clip(index.row()), self.prediction(index.row())
        if role == PREDICTION:
            return prediction
        if clip is None:
            return "gone" if role == Qt.ItemDataRole.DisplayRole and index.column() == 1 else None
        column = COLUMNS[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(clip, column)
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._sentence(clip, prediction)
            case Qt.ItemDataRole.TextAlignmentRole if column == "Length":
                return _RIGHT
            case Qt.ItemDataRole.ForegroundRole if clip.audio != READY:
                return self._theme.color("quiet")
            case _ if role == CLIP:
                return clip
        return None

    def _text(self, clip: Clip, column: str) -> str:
        match column:
            case "Label":
                return self._verdicts.word(clip.id)
            case "Clip":
                return clip.name
            case "Speaker":
                return clip.speaker or ""
            case "Length":
                return seconds_words(clip.duration)
        return ""  # the model's bars are drawn

    def _sentence(self, clip: Clip, prediction: Prediction | None) -> str:
        parts = [clip_sentence(clip)]
        if prediction is not None:
            sure = max(prediction.probabilities)
            parts.append(f"model {label_name(prediction.predicted)} {sure:.0%}")
        return ", ".join(filter(None, [*parts, self._verdicts.word(clip.id)]))

    def _repaint(self) -> None:
        if self._ids:
            last = self.index(len(self._ids) - 1, len(COLUMNS) - 1)
            self.dataChanged.emit(self.index(0, 0), last)
