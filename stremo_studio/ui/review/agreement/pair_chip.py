"""Two annotators as a chip: their names are cut in the middle where there is little room."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

from stremo_studio.ui.theme import GRID
from stremo_studio.ui.widgets import give_role

_LEAST, _AROUND = 13 * GRID, 3 * GRID


class PairChip(QPushButton):
    """`names` in full are what a screen reader says."""

    def __init__(self, names: str) -> None:
        super().__init__()
        self._names = names
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(names)
        give_role(self, "chip")

    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.width() - _AROUND
        self.setText(self.fontMetrics().elidedText(self._names, Qt.TextElideMode.ElideMiddle, room))
