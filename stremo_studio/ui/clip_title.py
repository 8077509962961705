"""The name of the clip in front as a title, cut in the middle where there is little room: names
often differ in their ends."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from stremo_studio.ui.widgets import give_role


class ClipTitle(QLabel):
    """`text` stays whole, also for screen readers; so does the tool tip."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        give_role(self, "title")

    def show_name(self, name: str) -> None:
        """The whole name."""
        self.setText(name)
        self.setToolTip(name)

    @property
    def shown(self) -> str:
        """As much of it as there is room for."""
        mode = Qt.TextElideMode.ElideMiddle
        return self.fontMetrics().elidedText(self.text(), mode, self.contentsRect().width())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawText(self.contentsRect(), self.alignment(), self.shown)
