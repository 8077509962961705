"""The clips behind a cell or behind all disagreements: a list that stands still while it is
settled."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHBoxLayout, QVBoxLayout

from stremo_studio.domain.clip import Clip, ClipId
from stremo_studio.domain.recording import READY
from stremo_studio.domain.wording import counted
from stremo_studio.project.agreement import settled_among
from stremo_studio.project.annotators import eye
from stremo_studio.project.project import Project
from stremo_studio.ui.clip_rows import ClipRows
from stremo_studio.ui.clip_rows_view import ClipDelegate, ClipRowsView
from stremo_studio.ui.theme import GRID, Theme
from stremo_studio.ui.widgets import button, give_role, label
from stremo_studio.ui.words import label_words

_COLUMNS = ("Label", "Clip", "State")
_WIDTHS = {"Label": 140, "State": 72}


class DisputedRows(ClipRows):
    """Whoever works blind sees their own label of each clip, others the consensus."""

    def __init__(self, project: Project, theme: Theme) -> None:
        super().__init__(project, theme, _COLUMNS)
        self.settled: frozenset[ClipId] = frozenset()

    def show(self, clip_ids: Sequence[ClipId]) -> None:
        self.eye = eye(self.project)
        self.settled = settled_among(self.project, clip_ids)
        self.list_clips(clip_ids)

    def look_again(self) -> None:
        """Answers, or who may see them, have changed; the list stays."""
        self.eye = eye(self.project)
        self.settled = settled_among(self.project, self.clip_ids)
        self.read_all_again()

    def next_heard(self, row: int) -> int:
        """The next row after `row` that can be heard and is not settled; -1 when there is none."""
        for candidate in range(row + 1, self.rowCount()):
            clip = self.clip(candidate)
            if clip is not None and clip.audio == READY and clip.id not in self.settled:
                return candidate
        return -1

    def text(self, clip: Clip, column: str) -> str:
        if column == "State":
            return "settled" if clip.id in self.settled else ""
        return label_words(clip) if column == "Label" else super().text(clip, column)


class DisputedClips(QFrame):
    """`closed`: the chip's × was pressed."""

    closed = Signal()

    def __init__(self, project: Project, theme: Theme) -> None:
        super().__init__()
        give_role(self, "panel")
        self.table = DisputedRows(project, theme)
        self.view = ClipRowsView("Disagreements")
        self.view.setItemDelegate(ClipDelegate(theme, self.view))
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.show_table(self.table, _WIDTHS)
        self.chip = button("", "chip")
        self.chip.clicked.connect(self.closed)
        self._words = label(role="quiet", wrap=True)
        self._words.setContentsMargins(2 * GRID, 0, 2 * GRID, 0)
        top = QHBoxLayout()
        top.setContentsMargins(2 * GRID, 0, 2 * GRID, 0)
        top.addWidget(self.chip)
        top.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2 * GRID, 0, GRID)
        column.setSpacing(GRID)
        column.addLayout(top)
        column.addWidget(self.view, 1)
        column.addWidget(self._words)
        column.addStretch(0)

    @property
    def words(self) -> str:
        return self._words.text()

    def open(self, name: str, clip_ids: Sequence[ClipId], otherwise: str) -> None:
        """List exactly these clips; `otherwise` is said where there are none."""
        self.table.show(clip_ids)
        count = len(clip_ids)
        self.chip.setText(f"{name} {count:,}  ×")
        self.chip.setAccessibleName(f"{name}, {counted(count, 'clip')}: close this playlist")
        self.chip.setVisible(bool(name))
        self.view.setVisible(bool(count))
        self._words.setText(otherwise)
        if count:
            self.tally()

    def tally(self) -> None:
        """Say how far it is."""
        clips = len(self.table.clip_ids)
        if clips:
            self._words.setText(f"{len(self.table.settled):,} of {clips:,} settled")
