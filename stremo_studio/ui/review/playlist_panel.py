"""The middle of the review workspace: the chip that names the playlist, its order, its rows."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from stremo_studio.domain.clip import ClipId
from stremo_studio.domain.wording import counted
from stremo_studio.project.project import Project
from stremo_studio.ui.label.filter_chips import FlowLayout
from stremo_studio.ui.review.playlist_table import PlaylistTable
from stremo_studio.ui.review.playlist_view import PlaylistView
from stremo_studio.ui.review.verdicts import Tally, Verdicts
from stremo_studio.ui.theme import GRID, Theme
from stremo_studio.ui.widgets import button, give_role, label
from trainer.contract.evaluation import Prediction

_LEAST, _WIDTH = 300, 440
CONFIDENCE, SPEAKER = "confidence", "speaker"


class PlaylistPanel(QFrame):
    """`closed`: the chip's × was pressed."""

    closed = Signal()

    def __init__(self, project: Project, verdicts: Verdicts, theme: Theme) -> None:
        super().__init__()
        give_role(self, "panel")
        self.setMinimumWidth(_LEAST)
        self.setMaximumWidth(_WIDTH)
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
        self._head, self._sort = QWidget(), button("", "flat")
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, 2 * GRID, 0, GRID)
        column.setSpacing(GRID)
        column.addLayout(self._build_head())
        column.addWidget(self.view, 1)
        for words in (self._empty, self._tally):
            words.setContentsMargins(2 * GRID, 0, 2 * GRID, 0)
            column.addWidget(words)
        self._below: QWidget | None = None
        column.addStretch(0)

    def sizeHint(self) -> QSize:
        """Narrower only where the window leaves no room."""
        return QSize(_WIDTH, super().sizeHint().height())

    def add_below(self, below: QWidget) -> None:
        """What stands here while no playlist is open."""
        self._below = below
        self._column.insertWidget(self._column.indexOf(self._tally), below, 1)

    def _build_head(self) -> QHBoxLayout:
        """Two rows where it is narrow."""
        flow = FlowLayout(self._head, GRID)
        flow.addWidget(self.chip)
        flow.addWidget(self._sort)
        self._sort.clicked.connect(self.toggle_sort)
        row = QHBoxLayout()
        row.setContentsMargins(2 * GRID, 0, 2 * GRID, 0)
        row.addWidget(self._head)
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
        self._sort.setText(f"By {self._order}")
        self._sort.setAccessibleName(f"Sorted by {self._order}: change the order")
        self.table.show(clip_ids, self._predictions)

    def _show_name(self, name: str, count: int) -> None:
        """Its number is the number of its rows."""
        self.chip.setText(f"{name} {count:,}  ×" if name else "")
        self.chip.setAccessibleName(f"{name}, {counted(count, 'clip')}: close this playlist")
        self._head.setVisible(bool(name))
        self.view.setVisible(bool(count))
        self._sort.setVisible(bool(count))
        if self._below is not None:
            self._below.setVisible(not name)

    def show_empty(self, sentence: str) -> None:
        """Why there is nothing to hear; an empty sentence when there is."""
        self._empty.setText(sentence)
        self._empty.setVisible(bool(sentence))

    def show_tally(self, tally: Tally) -> None:
        """How far it is."""
        self._tally.setText(tally.words if tally.clips else "")
        self._tally.setVisible(bool(tally.clips))

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
