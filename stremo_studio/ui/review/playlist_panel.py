"""The middle of the review workspace: the chip that names the playlist, its order, its rows."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from stremo_studio.project.project import Project
from stremo_studio.ui.review.playlist_table import PlaylistTable
from stremo_studio.ui.review.playlist_view import PlaylistView
from stremo_studio.ui.review.verdicts import Tally, Verdicts
from stremo_studio.ui.theme import GRID, Theme
from stremo_studio.ui.widgets import button, give_role, label

CONFIDENCE, SPEAKER = "confidence", "speaker"


class PlaylistPanel(QFrame):
    """`closed`: the chip's × was pressed; `sort_chosen(str)`."""

    closed = Signal()
    sort_chosen = Signal(str)

    def __init__(self, project: Project, verdicts: Verdicts, theme: Theme) -> None:
        super().__init__()
        give_role(self, "panel")
        self.table = PlaylistTable(project, verdicts, theme)
        self.view = PlaylistView(self.table, theme)
        self.chip = button("", "chip")
        self.chip.clicked.connect(self.closed)
        self._empty = label(role="quiet", wrap=True)
        self._tally = label(role="quiet", wrap=True)
        self._sorts: dict[str, QPushButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2 * GRID, 0, GRID)
        column.setSpacing(GRID)
        column.addLayout(self._build_head())
        column.addWidget(self.view, 1)
        for words in (self._empty, self._tally):
            words.setContentsMargins(2 * GRID, 0, 2 * GRID, 0)
            column.addWidget(words)
        column.addStretch(0)

    def _build_head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(2 * GRID, 0, 2 * GRID, 0)
        row.setSpacing(GRID)
        row.addWidget(self.chip)
        row.addStretch(1)
        group = QButtonGroup(self)
        for name in (CONFIDENCE, SPEAKER):
            sort = button(name.capitalize(), "flat", name=f"By {name}", checkable=True)
            sort.clicked.connect(partial(self.sort_chosen.emit, name))
            group.addButton(sort)
            self._sorts[name] = sort
            row.addWidget(sort)
        self._sorts[CONFIDENCE].setChecked(True)
        return row

    def show_name(self, name: str, count: int) -> None:
        """Name the playlist; its number is the number of its rows."""
        self.chip.setText(f"{name} {count:,}  ×" if name else "")
        self.chip.setAccessibleName(f"{name}, {count} clips: close this playlist")
        self.chip.setVisible(bool(name))
        self.view.setVisible(bool(count))
        for sort in self._sorts.values():
            sort.setVisible(bool(count))

    def show_sort(self, name: str) -> None:
        self._sorts[name].setChecked(True)

    def show_empty(self, sentence: str) -> None:
        """Why there is nothing to hear; an empty sentence when there is."""
        self._empty.setText(sentence)
        self._empty.setVisible(bool(sentence))

    def show_tally(self, tally: Tally) -> None:
        """How far it is."""
        self._tally.setText(tally.words if tally.clips else "")

    @property
    def tally_words(self) -> str:
        return self._tally.text()

    @property
    def empty_words(self) -> str:
        return self._empty.text()


def speaker_order(clips: Sequence[tuple[int, str]]) -> list[int]:
    """Clip ids by speaker, the first of every speaker before anybody's second: one loud voice
    must not bury the rest. Within a speaker the order given stays."""
    seen: dict[str, int] = {}
    turns: list[tuple[int, str, int]] = []
    for place, (_, speaker) in enumerate(clips):
        seen[speaker] = seen.get(speaker, 0) + 1
        turns.append((seen[speaker], speaker, place))
    return [clips[place][0] for _, _, place in sorted(turns)]
