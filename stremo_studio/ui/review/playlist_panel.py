"""The middle of the review workspace: the chip that names the playlist, its order, its rows."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from stremo_studio.domain.clip import ClipId
from stremo_studio.project.project import Project
from stremo_studio.ui.review.playlist_table import PlaylistTable
from stremo_studio.ui.review.playlist_view import PlaylistView
from stremo_studio.ui.review.verdicts import Tally, Verdicts
from stremo_studio.ui.theme import GRID, Theme
from stremo_studio.ui.widgets import button, give_role, label
from trainer.contract.evaluation import Prediction

CONFIDENCE, SPEAKER = "confidence", "speaker"


class PlaylistPanel(QFrame):
    """`closed`: the chip's × was pressed."""

    closed = Signal()

    def __init__(self, project: Project, verdicts: Verdicts, theme: Theme) -> None:
        super().__init__()
        give_role(self, "panel")
        self._project = project
        self._clips: list[ClipId] = []
        self._predictions: dict[ClipId, Prediction] = {}
        self._order = CONFIDENCE
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
            sort.clicked.connect(partial(self.sort, name))
            group.addButton(sort)
            self._sorts[name] = sort
            row.addWidget(sort)
        self._sorts[CONFIDENCE].setChecked(True)
        return row

    def open(
        self, name: str, clip_ids: list[ClipId], predictions: dict[ClipId, Prediction]
    ) -> None:
        """List exactly these clips; no row is in front then. Without a name nothing is open."""
        self._clips, self._predictions = clip_ids, predictions
        self._list()
        self._show_name(name, len(clip_ids))
        self.show_empty("")

    def sort(self, order: str) -> None:
        """By confidence, or every speaker once before anybody's second; the row in front stays."""
        self._order = order
        current = self.table.clip(self.view.row)
        self._list()
        self.view.go_to(self.table.row_of(current.id) if current else 0)

    def toggle_sort(self) -> None:
        self.sort(SPEAKER if self._order == CONFIDENCE else CONFIDENCE)

    def _list(self) -> None:
        clip_ids = self._clips
        if self._order == SPEAKER:
            clips = self._project.clips(clip_ids)
            clip_ids = [ClipId(i) for i in speaker_order([(c.id, c.group) for c in clips])]
        self._sorts[self._order].setChecked(True)
        self.table.show(clip_ids, self._predictions)

    def _show_name(self, name: str, count: int) -> None:
        """Its number is the number of its rows."""
        self.chip.setText(f"{name} {count:,}  ×" if name else "")
        self.chip.setAccessibleName(f"{name}, {count} clips: close this playlist")
        self.chip.setVisible(bool(name))
        self.view.setVisible(bool(count))
        for sort in self._sorts.values():
            sort.setVisible(bool(count))

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
