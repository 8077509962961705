"""A format to choose: its name, and one sentence on what it carries."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy

from stremo_studio.ui.theme import GRID
from stremo_studio.ui.widgets import give_role, label

_NAME_WIDTH = 27 * GRID


class ExportRow(QPushButton):
    """One of several; the whole row can be clicked."""

    def __init__(self, title: str, carries: str) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # arrows choose; Enter stays with the page
        self.setAccessibleName(title)
        self.setAccessibleDescription(carries)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        name, sentence = label(title), label(carries, "quiet", wrap=True)
        name.setMinimumWidth(_NAME_WIDTH)
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID, GRID // 2, GRID, GRID // 2)
        row.setSpacing(2 * GRID)
        row.addWidget(name)
        row.addWidget(sentence, 1)
        for part in (name, sentence):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        give_role(self, "option")
