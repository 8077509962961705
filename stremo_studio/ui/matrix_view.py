"""A confusion matrix that is read, walked through by keyboard, and clicked.

Every cell is a button of its own: it has a name for screen readers, a focus ring and a hand
under the mouse. Numbers first, colour second: errors by their share of the row in one hue, the
diagonal dimmed.
"""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QWidget

from stremo_studio.domain.wording import counted
from stremo_studio.ui.theme import GRID, NORMAL, SMALL, Theme, text_font
from stremo_studio.ui.widgets import label
from trainer.contract.labels import paper_scheme

_DEEPEST = 0.5
"""Share of the accent in a cell that takes the whole row; text stays readable on it."""
_ARROWS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class MatrixCell(QAbstractButton):
    """Clips with one human label and one predicted class."""

    def __init__(self, row: int, column: int, names: tuple[str, str], theme: Theme) -> None:
        super().__init__()
        self.row, self.column = row, column
        self._names, self._theme = names, theme
        self._axes = ("human", "model")
        self._count = self._row_total = 0
        self.chosen = False
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def count(self) -> int:
        return self._count

    @property
    def holds_focus(self) -> bool:
        """Keys come here while its window is in front; the ring stays when it is not."""
        return self.window().focusWidget() is self

    def show_count(self, count: int, row_total: int) -> None:
        """The cell's clips, of `row_total` with its human label."""
        self._count, self._row_total = count, row_total
        (human, model), (rows, columns) = self._names, self._axes
        clips = "clip" if count == 1 else "clips"
        share = f", {self._percent} of {rows} {human}" if row_total else ""
        self.setAccessibleName(f"{rows} {human}, {columns} {model}: {count} {clips}{share}")
        self.setToolTip(f"{human} → {model}: {count:,} {clips}{share}")
        self.update()

    def name_axes(self, rows: str, columns: str) -> None:
        """Whose labels are the row's and the column's."""
        self._axes = (rows, columns)
        self.show_count(self._count, self._row_total)

    def choose(self, chosen: bool) -> None:
        """Mark the cell whose clips are the playlist."""
        self.chosen = chosen
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows are the matrix's; a button would look for its nearest neighbour itself."""
        if event.key() in _ARROWS:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(12 * GRID, 9 * GRID)

    def minimumSizeHint(self) -> QSize:
        return QSize(8 * GRID, 7 * GRID)

    @property
    def _percent(self) -> str:
        return f"{100 * self._count / self._row_total:.0f} %" if self._row_total else ""

    def _fill(self) -> QColor:
        if self.row == self.column:
            return self._theme.color("sunken")
        share = self._count / self._row_total if self._row_total else 0.0
        return _mixed(
            self._theme.color("surface"), self._theme.color("accent"), _DEEPEST * share**0.7
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        painter.setPen(self._outline())
        painter.setBrush(self._fill())
        painter.drawRoundedRect(box, 6, 6)
        dimmed = self.row == self.column or not self._count
        painter.setPen(self._theme.color("quiet" if dimmed else "text"))
        painter.setFont(text_font(NORMAL, bold=not dimmed))
        half = box.height() / 2
        upper = QRectF(box.left(), box.top(), box.width(), half + 4)
        lower = QRectF(box.left(), box.top() + half + 4, box.width(), half - 4)
        centre = Qt.AlignmentFlag.AlignHCenter
        painter.drawText(upper, centre | Qt.AlignmentFlag.AlignBottom, f"{self._count:,}")
        painter.setFont(text_font(SMALL))
        painter.drawText(lower, centre | Qt.AlignmentFlag.AlignTop, self._percent)

    def _outline(self) -> QPen:
        if self.holds_focus:
            return QPen(self._theme.color("focus"), 3)
        if self.chosen:
            return QPen(self._theme.color("text"), 2)
        hovered = self.underMouse() and self.isEnabled()
        return QPen(self._theme.color("border" if hovered else "line"), 1)


class MatrixView(QWidget):
    """Rows human, columns model, in the order of the label scheme.

    `cell_opened(human, model)` carries class ids; it comes from Enter, Space or a click.
    """

    cell_opened = Signal(str, str)

    def __init__(self, theme: Theme, *, readable_only: bool = False) -> None:
        super().__init__()
        self._axes = (label("human ↓", "quiet"), label("model →", "quiet"))
        self._classes = paper_scheme().classes
        self._cursor = (0, 1)
        self._cells: dict[tuple[int, int], MatrixCell] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GRID // 4)
        self._totals = [label(role="quiet") for _ in self._classes]
        self._build_heads()
        for row, human in enumerate(self._classes):
            for column, model in enumerate(self._classes):
                cell = MatrixCell(row, column, (human.id, model.id), theme)
                cell.setDisabled(readable_only)
                cell.clicked.connect(self._on_clicked)
                self._cells[row, column] = cell
                self._grid.addWidget(cell, row + 2, column + 1)
        theme.changed.connect(self.update)
        self.setAccessibleName("Confusion matrix, rows human, columns model")
        self._readable_only = readable_only
        self.show_counts([[0] * len(self._classes) for _ in self._classes])

    def _build_heads(self) -> None:
        centre = Qt.AlignmentFlag.AlignCenter
        human, model = self._axes
        self._grid.addWidget(model, 0, 1, 1, len(self._classes), centre)
        self._grid.addWidget(human, 1, 0, Qt.AlignmentFlag.AlignBottom)
        for number, one in enumerate(self._classes):
            head = label(f"{one.sign} {one.id}", wrap=True)  # the sign above where it is narrow
            head.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom)
            head.setProperty("class_id", one.id)
            self._grid.addWidget(head, 1, number + 1)
            side = QWidget()
            column = QGridLayout(side)
            column.setContentsMargins(0, 0, GRID, 0)
            column.setSpacing(0)
            column.addWidget(label(f"{one.sign} {one.id}"), 0, 0, Qt.AlignmentFlag.AlignBottom)
            column.addWidget(self._totals[number], 1, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(side, number + 2, 0)
            self._grid.setColumnStretch(number + 1, 1)
            self._grid.setRowStretch(number + 2, 1)

    def show_counts(self, confusion: Sequence[Sequence[int]]) -> None:
        """Counts of clips: rows human, columns model."""
        for (row, column), cell in self._cells.items():
            cell.show_count(confusion[row][column], sum(confusion[row]))
        for total, row_counts in zip(self._totals, confusion, strict=True):
            total.setText(counted(sum(row_counts), "clip"))
        self._place_cursor(self._cursor)

    def name_axes(self, rows: str, columns: str) -> None:
        """Say who is compared, where it is not people with a model."""
        for axis, name, arrow in zip(self._axes, (rows, columns), "↓→", strict=True):
            axis.setText(f"{name} {arrow}")
        for cell in self._cells.values():
            cell.name_axes(rows, columns)
        self.setAccessibleName(f"Confusion matrix, rows {rows}, columns {columns}")

    def cell(self, human: str, model: str) -> MatrixCell:
        """The cell of two class ids."""
        ids = [c.id for c in self._classes]
        return self._cells[ids.index(human), ids.index(model)]

    @property
    def cursor_cell(self) -> tuple[str, str]:
        """Human and predicted class id under the cursor."""
        row, column = self._cursor
        return self._classes[row].id, self._classes[column].id

    @property
    def has_cursor(self) -> bool:
        """Whether the keys go to the matrix."""
        return self._cells[self._cursor].holds_focus

    def focus_cursor(self) -> None:
        """Give the keys to the cell under the cursor."""
        self._cells[self._cursor].setFocus(Qt.FocusReason.OtherFocusReason)

    def move_cursor(self, rows: int, columns: int) -> None:
        """Move the cursor; it stops at the edges."""
        last = len(self._classes) - 1
        row, column = self._cursor
        self._place_cursor((min(max(row + rows, 0), last), min(max(column + columns, 0), last)))
        self.focus_cursor()

    def open_cursor(self) -> None:
        """Open the cell under the cursor."""
        self._cells[self._cursor].click()

    def mark(self, human: str, model: str) -> None:
        """Mark a cell as the one whose clips are listed; unknown class ids mark none."""
        for cell in self._cells.values():
            names = self._classes[cell.row].id, self._classes[cell.column].id
            cell.choose(names == (human, model))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _ARROWS.get(Qt.Key(event.key()))
        if step is not None:
            self.move_cursor(*step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_cursor()
        else:
            super().keyPressEvent(event)

    def _place_cursor(self, cursor: tuple[int, int]) -> None:
        """One cell at a time takes the focus from Tab: the matrix is one stop, not nine."""
        self._cursor = cursor
        for place, cell in self._cells.items():
            takes = place == cursor and not self._readable_only
            cell.setFocusPolicy(Qt.FocusPolicy.StrongFocus if takes else Qt.FocusPolicy.NoFocus)

    def _on_clicked(self) -> None:
        cell = self.sender()
        if isinstance(cell, MatrixCell):
            self._place_cursor((cell.row, cell.column))
            self.cell_opened.emit(self._classes[cell.row].id, self._classes[cell.column].id)


def _mixed(under: QColor, over: QColor, share: float) -> QColor:
    keep = 1 - share
    return QColor.fromRgbF(
        under.redF() * keep + over.redF() * share,
        under.greenF() * keep + over.greenF() * share,
        under.blueF() * keep + over.blueF() * share,
    )
