"""The slices of the split in front: where the model is worse than its score says.

Choosing one narrows the matrix and every playlist to it; choosing it again widens them.
"""

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
)

from stremo_studio.project.prediction_index import EVERY
from stremo_studio.project.slices import FEWEST_CLIPS, FEWEST_GROUPS, ScoredSlice, Slice
from stremo_studio.ui.review.slice_table import BELOW, COLUMNS, Index, SliceTable
from stremo_studio.ui.theme import GRID, SMALL, Theme, text_font
from stremo_studio.ui.widgets import label

ROW = 44
_WIDTHS = {"UAR": 112, "Macro F1": 112}
_EDGE = 12
_ROUGH = f"Grey is rough: under {FEWEST_CLIPS} clips, or {FEWEST_GROUPS} speakers or videos."
_ALIKE = "Nothing known of these clips tells them apart: they make no slices."
_FLAGS = QItemSelectionModel.SelectionFlag


class SlicePanel(QFrame):
    """`chosen(Slice)` by Enter or a click."""

    chosen = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.table = SliceTable(theme)
        self.view = _view(self.table, theme)
        self.view.clicked.connect(self._on_clicked)
        self._head = label(role="heading")
        self._note = label(role="quiet", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GRID, 0, 0)
        column.setSpacing(GRID)
        for words in (self._head, self._note):
            words.setContentsMargins(2 * GRID, 0, 2 * GRID, 0)
        column.addWidget(self._head)
        column.addWidget(self.view, 1)
        column.addWidget(self._note)
        self.show_waiting("test")

    def show_waiting(self, split: str) -> None:
        """Until the scores of a split are there."""
        self._show(split, [], "Scoring the slices …")

    def show_slices(self, split: str, rows: Sequence[ScoredSlice]) -> None:
        rough = any(one.is_rough for one in rows)
        self._show(split, rows, _ROUGH * rough if rows else _ALIKE)

    def mark(self, part: Slice | None) -> None:
        """Select the slice that is looked at; None selects none, and leaves the cursor."""
        row = self.table.row_of(part)
        if row >= 0:
            self._go_to(row)
        else:
            self.view.selectionModel().clearSelection()

    def choose(self) -> None:
        """Enter: the slice under the cursor."""
        self._choose(self.view.currentIndex().row())

    def step(self, rows: int) -> None:
        """Move the cursor; it stops at the ends."""
        last = len(self.table.rows) - 1
        if last >= 0:
            self._go_to(min(max(self.view.currentIndex().row() + rows, 0), last))

    @property
    def has_keys(self) -> bool:
        """Also while another window is in front."""
        return self.window().focusWidget() is self.view

    @property
    def note_words(self) -> str:
        return self._note.text()

    def _show(self, split: str, rows: Sequence[ScoredSlice], note: str) -> None:
        of = "all clips" if split == EVERY else f"the {split} set"
        self._head.setText(f"Slices of {of}, worst first")
        self.table.show(rows)
        self.view.setVisible(bool(rows))
        self._note.setText(note)
        self._note.setVisible(bool(note))

    def _go_to(self, row: int) -> None:
        index = self.table.index(row, 0)
        self.view.selectionModel().setCurrentIndex(index, _FLAGS.ClearAndSelect | _FLAGS.Rows)
        self.view.scrollTo(index)

    def _on_clicked(self, index: QModelIndex) -> None:
        self._choose(index.row())

    def _choose(self, row: int) -> None:
        if 0 <= row < len(self.table.rows):
            self.chosen.emit(self.table.rows[row].part)


class _TwoLines(QStyledItemDelegate):
    """A cell's words, and small below them what they rest on."""

    def __init__(self, theme: Theme, parent: QTableView) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        room = QRectF(option.rect).adjusted(_EDGE, 4, -_EDGE, -4)
        super().paint(painter, option, index)
        painter.save()
        quiet = self._theme.color("quiet")
        ink = index.data(Qt.ItemDataRole.ForegroundRole) or self._theme.color("text")
        side = index.data(Qt.ItemDataRole.TextAlignmentRole) or Qt.AlignmentFlag.AlignLeft
        below = (index.data(BELOW), quiet, Qt.AlignmentFlag.AlignBottom)
        above = (index.data(), ink, Qt.AlignmentFlag.AlignTop)
        painter.setFont(text_font(SMALL))
        for text, colour, edge in (above, below):
            painter.setPen(colour)
            shown = painter.fontMetrics().elidedText(
                text, Qt.TextElideMode.ElideMiddle, int(room.width())
            )
            painter.drawText(room, edge | side, shown)
        painter.restore()

    def displayText(self, value: object, locale: object) -> str:
        """The base class paints the row and its selection, no words."""
        return ""


def _view(table: SliceTable, theme: Theme) -> QTableView:
    view = QTableView()
    view.setModel(table)
    view.setItemDelegate(_TwoLines(theme, view))
    view.setAccessibleName("Slices")
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setTabKeyNavigation(False)
    view.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.verticalHeader().hide()
    view.verticalHeader().setDefaultSectionSize(ROW)
    header = view.horizontalHeader()
    header.setHighlightSections(False)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    for column, name in enumerate(COLUMNS):
        if name in _WIDTHS:
            view.setColumnWidth(column, _WIDTHS[name])
    return view
