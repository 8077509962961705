"""The stage: the clip in front, seen and heard, and the last answers below it."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from stremo_studio.domain.clip import Clip
from stremo_studio.ui.actions import LABEL
from stremo_studio.ui.clip_title import ClipTitle
from stremo_studio.ui.label.balance_bar import BalanceBar
from stremo_studio.ui.label.history_rail import HistoryRail
from stremo_studio.ui.label.player_bar import PlayerBar
from stremo_studio.ui.page import Desk
from stremo_studio.ui.theme import GRID
from stremo_studio.ui.widgets import label
from stremo_studio.ui.words import seconds_words


class Stage(QWidget):
    """Shows; the page acts."""

    def __init__(self, desk: Desk, picture: QWidget) -> None:
        super().__init__()
        self._theme = desk.theme
        self._name = ClipTitle()
        self._facts = label(role="quiet", wrap=True)
        self.player = PlayerBar(desk.theme, LABEL)
        self.history = HistoryRail(desk.theme)
        self.balance = BalanceBar(desk.theme)
        self._remaining = label(role="quiet")
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        column.addWidget(self._name)
        column.addWidget(self._facts)
        column.addWidget(picture, 1)
        column.addWidget(self.player)
        column.addSpacing(GRID)
        heads = QHBoxLayout()
        heads.addWidget(label("Last answers", "heading"), 1)
        heads.addWidget(self._remaining)
        column.addLayout(heads)
        column.addWidget(self.history)
        column.addWidget(self.balance)

    def show_clip(self, clip: Clip | None) -> None:
        """Name the clip and say what is known of it."""
        self._name.show_name(clip.name if clip else "")
        self._facts.setText(_facts(clip) if clip else "")

    def show_remaining(self, unlabelled: int, pace: float) -> None:
        """Clips to go, and clips a minute over the last five."""
        text = f"{unlabelled:,} to label" if unlabelled else ""
        per_minute = f"{pace:.0f} clips/min" if pace >= 1 else ""
        self._remaining.setText("  ·  ".join(part for part in (per_minute, text) if part))


def _facts(clip: Clip) -> str:
    parts = [clip.corpus, f"speaker {clip.speaker}" if clip.speaker else "speaker not stated"]
    parts.append(seconds_words(clip.duration))
    if clip.start > 0:
        parts.append(f"from {seconds_words(clip.start)}")
    if clip.annotator:
        parts.append(f"by {clip.annotator}")
    return "  ·  ".join(parts)
