"""The player bar: play, replay, loop, autoplay, and the time."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from stremo_studio.ui.theme import GRID, Theme
from stremo_studio.ui.widgets import icon_button, label

_BUTTONS = (
    ("previous", "previous", "Previous clip  ←", False),
    ("play", "play", "Play / pause  Space", False),
    ("next", "next", "Next clip  →", False),
    ("replay", "replay", "Replay from the start  R", False),
    ("loop", "loop", "Loop  L", True),
    ("autoplay", "sound", "Autoplay the next clip  A", True),
)


class PlayerBar(QWidget):
    """`pressed(str)`: previous, play, next, replay, loop or autoplay."""

    pressed = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._playing = False
        self._buttons: dict[str, QToolButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID // 2)
        for name, icon, text, checkable in _BUTTONS:
            made = icon_button(theme.icon(icon), text, checkable=checkable)
            made.setObjectName(name)
            made.clicked.connect(self._on_clicked)
            self._buttons[name] = made
            row.addWidget(made)
        row.addSpacing(GRID)
        self._time = label(role="quiet")
        self._time.setAccessibleName("Time")
        row.addWidget(self._time)
        row.addStretch(1)
        theme.changed.connect(self._tint)

    def show_playing(self, playing: bool) -> None:
        """Play or pause sign."""
        if playing != self._playing:
            self._playing = playing
            self._tint()

    def show_latches(self, *, loop: bool, autoplay: bool) -> None:
        """Which latches are on."""
        self._buttons["loop"].setChecked(loop)
        self._buttons["autoplay"].setChecked(autoplay)

    def show_time(self, at: float, length: float) -> None:
        """Seconds within the clip."""
        self._time.setText(f"{max(0.0, at):.1f} / {length:.1f} s" if length else "")

    def _on_clicked(self) -> None:
        sender = self.sender()
        if isinstance(sender, QToolButton):
            self.pressed.emit(sender.objectName())

    def _tint(self) -> None:
        for name, icon, *_ in _BUTTONS:
            drawn = "pause" if name == "play" and self._playing else icon
            self._buttons[name].setIcon(self._theme.icon(drawn))
