"""The runs of a project, newest first: name, how it stands, its test score."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from stremo_studio.domain.run import RunId
from stremo_studio.project.review import ListedRun

Index = QModelIndex | QPersistentModelIndex
COLUMNS = ("Run", "Status", "Macro F1")
ROW = 28
_NOWHERE = QModelIndex()


class RunTable(QAbstractTableModel):
    """Rows are `ListedRun` values; a table of dozens, kept whole."""

    def __init__(self) -> None:
        super().__init__()
        self.listed: list[ListedRun] = []

    def show(self, listed: Sequence[ListedRun]) -> None:
        self.beginResetModel()
        self.listed = list(listed)
        self.endResetModel()

    def row_of(self, run_id: RunId) -> int:
        """The row of a run, -1 when it is not listed."""
        return next((i for i, one in enumerate(self.listed) if one.run.id == run_id), -1)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.listed)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        shown = orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return COLUMNS[section] if shown and 0 <= section < len(COLUMNS) else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        listed = self.listed[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            status = "active" if listed.active else listed.status
            return (listed.run.name, status, score(listed))[index.column()]
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return run_sentence(listed)
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == 2:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None


class RunView(QTableView):
    """`run_chosen(ListedRun)` when another row is chosen, by a click or the arrows."""

    run_chosen = Signal(object)

    def __init__(self, model: RunTable) -> None:
        super().__init__()
        self._model = model
        self.setModel(model)
        self.setAccessibleName("Runs")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.setColumnWidth(1, 108)
        self.setColumnWidth(2, 88)
        self.selectionModel().currentRowChanged.connect(self._on_row)

    def show_runs(self, listed: Sequence[ListedRun], wanted: RunId | None = None) -> None:
        """List runs and choose `wanted`, else the one chosen before, else the newest."""
        row = self.currentIndex().row()
        before = self._model.listed[row].run.id if 0 <= row < len(self._model.listed) else None
        self._model.show(listed)
        rows = [self._model.row_of(one) for one in (wanted, before) if one is not None]
        found = next((r for r in rows if r >= 0), 0)
        if listed:
            self.selectRow(found)

    @property
    def chosen(self) -> ListedRun | None:
        row = self.currentIndex().row()
        return self._model.listed[row] if 0 <= row < len(self._model.listed) else None

    def _on_row(self, current: QModelIndex, _: QModelIndex) -> None:
        if current.isValid():
            self.run_chosen.emit(self._model.listed[current.row()])


def score(listed: ListedRun) -> str:
    """Test macro F1, empty while there is none."""
    evaluation = listed.evaluation()
    return f"{evaluation.macro_f1:.2f}" if evaluation else ""


def run_sentence(listed: ListedRun) -> str:
    """A run as a screen reader says it."""
    told = [listed.run.name, listed.status, *["the active model"] * listed.active]
    if score(listed):
        told.append(f"macro F1 {score(listed)}")
    return ", ".join([*told, *filter(None, (listed.error, listed.note))])
