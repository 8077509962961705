"""The start page: five ways in, and the projects of before."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from stremo_studio.ui.actions import action
from stremo_studio.ui.application import Memory
from stremo_studio.ui.key_text import keyed
from stremo_studio.ui.theme import GRID, Theme
from stremo_studio.ui.widgets import button, label

_WIDTH = 880
_TILES = (
    ("import_sheet", "sheet", "Import StrEmo sheet", "StrEmo.csv or its like"),
    ("paste_links", "link", "Paste YouTube links", "With or without times"),
    ("import_corpus", "corpus", "Import a corpus", "A folder such as RAVDESS"),
    ("import_folder", "folder", "Open folder of audio", "Labels from sub-folders"),
    ("practice", "practice", "Practice set", "Synthetic voices, no download"),
)


class StartPage(QWidget):
    """`picked(Action)` for a tile, `project_chosen(str)` for a recent project's folder."""

    picked = Signal(object)
    project_chosen = Signal(str)

    def __init__(self, theme: Theme, memory: Memory) -> None:
        super().__init__()
        self.setObjectName("page")
        self._theme = theme
        self._memory = memory
        self._tiles: list[tuple[QLabel, str]] = []
        self._recent = QVBoxLayout()
        self._recent.setSpacing(GRID // 2)
        column = QVBoxLayout()
        column.setSpacing(GRID)
        column.addWidget(label("StrEmo Studio", "title"))
        column.addWidget(
            label("Label, train and audition speech emotion. Start with some recordings.", "quiet")
        )
        column.addSpacing(2 * GRID)
        column.addLayout(self._tile_grid())
        column.addSpacing(3 * GRID)
        column.addLayout(self._projects_row())
        column.addLayout(self._recent)
        column.addStretch(1)
        inner = QWidget()
        inner.setMaximumWidth(_WIDTH)
        inner.setLayout(column)
        row = QHBoxLayout(self)
        row.setContentsMargins(4 * GRID, 7 * GRID, 4 * GRID, 4 * GRID)
        row.addStretch(1)
        row.addWidget(inner, 20)
        row.addStretch(1)
        theme.changed.connect(self._tint)
        self._tint()
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def refresh(self) -> None:
        """List the recent projects again."""
        while (item := self._recent.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()  # it goes only with the next event, and would be seen until then
                old.deleteLater()
        for folder in self._memory.recent_projects():
            self._recent.addWidget(self._recent_button(folder))
        if self._recent.count() == 0:
            self._recent.addWidget(label("Projects that you open are listed here.", "quiet"))

    def _tile_grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(2 * GRID)
        for place, (name, icon, title, hint) in enumerate(_TILES):
            entry = action(f"window.{name}")
            tile = button("", "tile", name=f"{title}: {hint}")
            tile.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            tile.clicked.connect(partial(self.picked.emit, entry))
            mark = QLabel()
            words = QVBoxLayout()
            words.setSpacing(0)
            words.addWidget(label(title, "heading"))
            words.addWidget(label(hint, "quiet"))
            row = QHBoxLayout(tile)
            row.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
            row.setSpacing(2 * GRID)
            row.addWidget(mark)
            row.addLayout(words, 1)
            row.addWidget(keyed(label("", "quiet"), text=f"{{{entry.id}}}"))
            self._tiles.append((mark, icon))
            last_alone = place == len(_TILES) - 1 and place % 2 == 0
            grid.addWidget(tile, place // 2, place % 2, 1, 2 if last_alone else 1)
        return grid

    def _projects_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(label("Projects", "heading"), 1)
        for name, text in (("new", "New project…"), ("open", "Open project…")):
            entry = action(f"window.{name}")
            choose = button(text)
            keyed(choose, tip=f"{{{entry.id}}}")
            choose.clicked.connect(partial(self.picked.emit, entry))
            row.addWidget(choose)
        return row

    def _recent_button(self, folder: Path) -> QPushButton:
        entry = button(f"  {folder.name}    {_short(folder.parent)}", "row",
                       name=f"Open {folder.name} in {folder.parent}")  # fmt: skip
        entry.setIcon(self._theme.icon("open", "quiet"))
        entry.clicked.connect(partial(self.project_chosen.emit, str(folder)))
        return entry

    def _tint(self) -> None:
        for tile, icon in self._tiles:
            tile.setPixmap(self._theme.icon(icon, "accent").pixmap(28, 28))
        self.refresh()


def _short(folder: Path) -> str:
    """The folder with the home as `~`."""
    home = Path.home()
    return f"~/{folder.relative_to(home)}" if folder.is_relative_to(home) else str(folder)
