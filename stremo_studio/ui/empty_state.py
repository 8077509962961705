"""What stands where there is nothing yet: a heading, a sentence, and the button that ends it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from stremo_studio.ui.key_text import keyed
from stremo_studio.ui.theme import GRID
from stremo_studio.ui.widgets import button, label

_WIDTH = 56 * GRID


class EmptyState(QWidget):
    """Centred in its place; `button` is there to be connected, and so is `other` if it is named."""

    def __init__(self, heading: str, sentence: str, offer: str, other: str = "") -> None:
        super().__init__()
        self.button: QPushButton = keyed(button(offer.partition("  ")[0]), text=offer)
        self.other: QPushButton = keyed(button(other.partition("  ")[0], "flat"), text=other)
        self.other.setVisible(bool(other))
        title = label(heading, "heading")
        words = keyed(label("", "quiet", wrap=True), text=sentence)
        words.setFixedWidth(_WIDTH)
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column = QVBoxLayout(self)
        column.setSpacing(GRID)
        column.addStretch(2)
        column.addWidget(title, 0, Qt.AlignmentFlag.AlignHCenter)
        middle = QHBoxLayout()  # an aligned label would get the height of one line
        middle.addStretch(1)
        middle.addWidget(words)
        middle.addStretch(1)
        column.addLayout(middle)
        column.addSpacing(GRID)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.other, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
