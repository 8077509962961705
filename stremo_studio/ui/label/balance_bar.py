"""How the labels are spread over the three classes, as one bar with its numbers."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from stremo_studio.domain.worklist import Counts
from stremo_studio.ui.class_marks import pattern
from stremo_studio.ui.theme import SMALL, Theme, text_font
from stremo_studio.ui.words import SIGNS
from trainer.contract.labels import CLASSES

_BAR, _HEIGHT = 8, 36


class BalanceBar(QWidget):
    """Counts of the three classes; nothing is drawn while there are none."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._counts: dict[str, int] = dict.fromkeys(CLASSES, 0)
        self.setFixedHeight(_HEIGHT)
        theme.changed.connect(self.update)

    def show_counts(self, counts: Counts) -> None:
        """Take the numbers by label."""
        self._counts = {name: counts.by_label.get(name, 0) for name in CLASSES}
        said = ", ".join(f"{count:,} {name}" for name, count in self._counts.items())
        self.setAccessibleName(f"Labels so far: {said}")
        self.setToolTip(said)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(text_font(SMALL))
        total = sum(self._counts.values())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("sunken"))
        painter.drawRoundedRect(QRectF(0, 0, self.width(), _BAR), 4, 4)
        left, third = 0.0, self.width() / 3
        for place, (name, count) in enumerate(self._counts.items()):
            width = self.width() * count / total if total else 0.0
            room = QRectF(left, 0, max(0.0, width - 2), _BAR)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.fillRect(room, self._theme.color(f"{name}_tint"))
            painter.fillRect(room, pattern(name, self._theme.color(name)))
            left += width
            painter.setPen(self._theme.color(f"{name}_ink"))
            side = (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter,
                    Qt.AlignmentFlag.AlignRight)[place]  # fmt: skip
            text = QRectF(place * third, _BAR + 4, third, _HEIGHT - _BAR - 4)
            painter.drawText(text, side | Qt.AlignmentFlag.AlignVCenter, f"{SIGNS[name]} {count:,}")
