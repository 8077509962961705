"""The right panel: the label card, the flag, whose voice it is, the note."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from stremo_studio.domain.clip import Clip, ClipId
from stremo_studio.ui.key_text import keyed
from stremo_studio.ui.label.label_card import LabelCard
from stremo_studio.ui.label.speaker_line import SpeakerLine
from stremo_studio.ui.theme import GRID, Theme
from stremo_studio.ui.widgets import button, give_role, label

WIDTH = 356


class ClipPanel(QWidget):
    """`flag_pressed`, and `note_written(int, str)` when a note was changed and left."""

    flag_pressed = Signal()
    note_written = Signal(int, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        give_role(self, "panel")
        self.setFixedWidth(WIDTH)
        self._theme = theme
        self._clip_id: ClipId | None = None
        self._written = ""
        self.card = LabelCard(theme)
        self.flag = keyed(button("Flag", "choice", checkable=True), text="Flag  {label.flag}")
        self.flag.clicked.connect(self.flag_pressed)
        self.speaker = SpeakerLine(theme)
        self.note = QPlainTextEdit()
        keyed(self.note, hint="Note  {label.note}")
        self.note.setAccessibleName("Note")
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(72)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        column.addWidget(label("What do you hear?", "heading"))
        column.addWidget(self.card)
        column.addSpacing(GRID)
        row = QHBoxLayout()
        row.addWidget(self.flag)
        row.addStretch(1)
        row.addWidget(self.speaker)
        column.addLayout(row)
        column.addWidget(self.note)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
        theme.changed.connect(self._tint)
        self._tint()

    def show_clip(self, clip: Clip | None) -> None:
        """Show a clip. A note that is being written goes on for the same clip, e.g. one that was
        flagged meanwhile, and is kept when another comes."""
        is_same = clip is not None and clip.id == self._clip_id
        is_writing = is_same and self.note.toPlainText().strip() != self._written
        if not is_same:
            self.keep_note()
        self._clip_id = clip.id if clip else None
        self._written = clip.note if clip else ""
        self.card.show_clip(clip)
        self.flag.setChecked(clip is not None and clip.flagged)
        self.flag.setEnabled(clip is not None)
        self.note.setEnabled(clip is not None)
        if not is_writing and self.note.toPlainText() != self._written:
            self.note.setPlainText(self._written)

    def keep_note(self) -> None:
        """Hand over the note if it was changed."""
        text = self.note.toPlainText().strip()
        if self._clip_id is not None and text != self._written:
            self._written = text
            self.note_written.emit(self._clip_id, text)

    def _tint(self) -> None:
        self.flag.setIcon(self._theme.icon("flag"))
