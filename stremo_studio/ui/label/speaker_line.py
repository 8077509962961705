"""Whose voice it is in one line, with a ring for how much is known of them."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QWidget

from stremo_studio.domain.speaker import FIELDS, KnownSpeaker
from stremo_studio.ui.key_text import keyed
from stremo_studio.ui.theme import GRID, Theme
from stremo_studio.ui.widgets import button

_ALL = len(FIELDS)
_NAME = 9 * GRID
"""Pixels of the name: with Flag beside it, a longer one would widen the panel."""


class Ring(QWidget):
    """A circle that closes as the facts of a speaker are given."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._described = 0
        self.setFixedSize(2 * GRID, 2 * GRID)
        theme.changed.connect(self.update)
        self.show_described(0)

    def show_described(self, described: int) -> None:
        """How many facts are given."""
        self._described = described
        self.setToolTip(f"{described} of {_ALL} are said of this speaker")
        self.setAccessibleName(self.toolTip())
        self.update()

    def sizeHint(self) -> QSize:
        return self.size()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        circle = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        painter.setPen(QPen(self._theme.color("border"), 1))
        painter.drawEllipse(circle)
        pen = QPen(self._theme.color("good" if self._described == _ALL else "accent"), 3)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.drawArc(circle, 90 * 16, round(-360 * 16 * self._described / _ALL))


class SpeakerLine(QWidget):
    """A button that opens the speaker's card, and the ring."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.ring = Ring(theme)
        self.button = button("Speaker", "choice")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self.ring)
        row.addWidget(self.button)

    def show_speaker(self, speaker: KnownSpeaker | None) -> None:
        """None: nobody has said whose voice it is."""
        name = speaker.facts.name if speaker else "not stated"
        metrics = self.button.fontMetrics()
        short = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, _NAME)
        keyed(self.button, text=f"Speaker {short}  {{label.speaker}}")
        self.button.setToolTip(f"Speaker {name}: what is known of them")
        self.button.setAccessibleName(f"Speaker {name}")
        self.ring.show_described(speaker.facts.described if speaker else 0)
