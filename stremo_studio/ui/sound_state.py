"""Whether there is anything to hear with: the status bar's right end, and a banner without a card.

The player finds out in the background; asking it once a second is cheaper than a thread of ours.
"""

from PySide6.QtCore import QObject, QTimer

from stremo_studio.media.player import Player
from stremo_studio.media.stream import OFF, OPENING
from stremo_studio.ui.banners import WARNING, Banners
from stremo_studio.ui.status_bar import StatusBar

_EVERY_MS = 1_000
_KEY = "sound"


class SoundState(QObject):
    """Watches one player while a project is open."""

    def __init__(self, player: Player, status: StatusBar, banners: Banners, parent: QObject):
        super().__init__(parent)
        self._player, self._status, self._banners = player, status, banners
        self._said = ""
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        self.look()

    def look(self) -> None:
        """Ask the player, and say what is new."""
        silent = self._player.silent
        reason = self._player.reason
        if silent:
            self._status.show_sound("Opening the sound card…" if reason == OPENING else "No sound")
        else:
            latency = f"{self._player.latency * 1000:.0f} ms"
            self._status.show_sound(f"{self._player.device}  ·  {latency}")
        if reason != self._said:
            self._said = reason
            self._say(reason)

    def stop(self) -> None:
        """The project closes."""
        self._timer.stop()
        self._banners.dismiss(_KEY)

    def _say(self, reason: str) -> None:
        if reason in ("", OPENING, OFF):
            self._banners.dismiss(_KEY)
            return
        hint = "Clips can be seen but not heard: plug headphones in, then try again."
        self._banners.show_banner(_KEY, WARNING, reason, hint, ("Try again", self._player.reopen))
