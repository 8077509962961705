"""The filters of the worklist as chips, each with its count."""

from functools import partial

from PySide6.QtCore import QMargins, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QLayout, QLayoutItem, QWidget

from stremo_studio.domain.worklist import FILTERS, Counts
from stremo_studio.ui.key_text import keyed
from stremo_studio.ui.theme import GRID
from stremo_studio.ui.widgets import button

_NAMES = {"missing": "Audio missing"}


class FilterChips(QWidget):
    """Exactly one is chosen. `chosen(str)` by hand; the page may choose too."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Filter")
        self._group = QButtonGroup(self)
        self._flow = FlowLayout(self, GRID // 2)
        for number, name in enumerate(FILTERS):
            chip = button(_chip_text(name, 0), "chip", checkable=True)
            keyed(chip, tip=f"{{label.show_{name}}}")
            chip.clicked.connect(partial(self._on_clicked, name))
            self._group.addButton(chip, number)
            self._flow.addWidget(chip)
        self.choose(FILTERS[0])

    def choose(self, name: str) -> None:
        """Mark a filter as the one in force."""
        self._group.button(FILTERS.index(name)).setChecked(True)

    def show_counts(self, counts: Counts) -> None:
        """Write the number of clips on each chip."""
        for number, name in enumerate(FILTERS):
            count: int = getattr(counts, name)
            chip = self._group.button(number)
            chip.setText(_chip_text(name, count))
            chip.setAccessibleName(f"Show {_chip_text(name, count)}")
        self._flow.activate()  # else the longer words are painted once in the old room

    def _on_clicked(self, name: str) -> None:
        self.chosen.emit(name)


def _chip_text(name: str, count: int) -> str:
    return f"{_NAMES.get(name, name.capitalize())}  {count:,}"


class FlowLayout(QLayout):
    """Left to right, then the next row: what Qt has no layout for."""

    def __init__(self, parent: QWidget, spacing: int) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(QMargins())
        self.setSpacing(spacing)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._flow(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, room: QRect) -> None:
        super().setGeometry(room)
        self._flow(room, move=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _flow(self, room: QRect, *, move: bool) -> int:
        """Place the items in rows; returns the height that they take."""
        x, y, row_height = room.x(), room.y(), 0
        for item in self._items:
            size = item.sizeHint()
            if x + size.width() > room.right() + 1 and row_height:
                x, y, row_height = room.x(), y + row_height + self.spacing(), 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), size))
            x += size.width() + self.spacing()
            row_height = max(row_height, size.height())
        return y + row_height - room.y()
