"""The player bar: play, replay, loop, autoplay, the speed, and the time."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from stremo_studio.ui.actions import AGREEMENT, REVIEW
from stremo_studio.ui.key_text import keyed
from stremo_studio.ui.speed import SPEEDS, speed_words
from stremo_studio.ui.theme import GRID, Theme
from stremo_studio.ui.widgets import give_role, icon_button, label

_BUTTONS = (
    ("previous", "previous", "Previous clip", False),
    ("play", "play", "Play / pause", False),
    ("next", "next", "Next clip", False),
    ("replay", "replay", "Replay from the start", False),
    ("loop", "loop", "Loop", True),
    ("autoplay", "sound", "Autoplay the next clip", True),
)
_STEPS = {"previous": "step_left", "next": "step_right"}
_KEYS_OF = {REVIEW: _STEPS, AGREEMENT: _STEPS}
_SPEED = (
    "Speed, pitch kept: slower  {{{0}.slower}}   faster  {{{0}.faster}}"
    "   as recorded  {{{0}.as_recorded}}"
)


class PlayerBar(QWidget):
    """`pressed(str)`: previous, play, next, replay, loop or autoplay. `speed_chosen(float)`."""

    pressed = Signal(str)
    speed_chosen = Signal(float)

    def __init__(self, theme: Theme, workspace: str) -> None:
        super().__init__()
        self._theme = theme
        self._playing = False
        self._buttons: dict[str, QToolButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID // 2)
        for name, icon, text, checkable in _BUTTONS:
            made = icon_button(theme.icon(icon), text, checkable=checkable)
            keyed(
                made, tip=f"{text}  {{{workspace}.{_KEYS_OF.get(workspace, {}).get(name, name)}}}"
            )
            made.setObjectName(name)
            made.clicked.connect(self._on_clicked)
            self._buttons[name] = made
            row.addWidget(made)
        self._speed = keyed(icon_button(QIcon(), "Speed"), tip=_SPEED.format(workspace))
        self._speed.setObjectName("speed")
        self._speed.setText(speed_words(1.0))
        self._speed.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._speed.setMenu(self._speeds())
        row.addWidget(self._speed)
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

    def show_speed(self, speed: float) -> None:
        """How fast it plays; marked while it is not as recorded."""
        self._speed.setText(speed_words(speed))
        self._speed.setAccessibleName(f"Speed {speed_words(speed)}")
        give_role(self._speed, "" if speed == 1 else "latched")
        for choice in self._speed.menu().actions():
            choice.setChecked(choice.data() == speed)

    def show_time(self, at: float, length: float) -> None:
        """Seconds within the clip."""
        self._time.setText(f"{max(0.0, at):.1f} / {length:.1f} s" if length else "")

    def _speeds(self) -> QMenu:
        menu = QMenu(self)
        for speed in SPEEDS:
            choice = menu.addAction(speed_words(speed))
            choice.setCheckable(True)
            choice.setData(speed)
        menu.triggered.connect(self._on_speed)
        return menu

    def _on_speed(self, choice: QAction) -> None:
        self.speed_chosen.emit(choice.data())

    def _on_clicked(self) -> None:
        sender = self.sender()
        if isinstance(sender, QToolButton):
            self.pressed.emit(sender.objectName())

    def _tint(self) -> None:
        for name, icon, *_ in _BUTTONS:
            drawn = "pause" if name == "play" and self._playing else icon
            self._buttons[name].setIcon(self._theme.icon(drawn))
