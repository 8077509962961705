"""What the program has to say, in a bar under the header: never a modal dialog.

A banner stays until it is dismissed or its cause is gone; notes leave by themselves.
"""

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from stremo_studio.errors import StudioError
from stremo_studio.ui.theme import GRID, Theme
from stremo_studio.ui.widgets import button, give_role, icon_button, label

INFO, WARNING, ERROR = "info", "warning", "error"
NOTE_MS = 6_000
_ICON_ROLES = {INFO: "accent", WARNING: "warning", ERROR: "error"}
Choice = tuple[str, Callable[[], None]]


class Banner(QFrame):
    """One sentence, its hint, perhaps one button."""

    closed = Signal()

    def __init__(self, theme: Theme, kind: str, text: str, hint: str, choice: Choice | None):
        super().__init__()
        self.setProperty("kind", kind)
        give_role(self, "banner")
        self._theme, self._kind = theme, kind
        self._icon = QLabel()
        self._text = label(text, "banner_text", wrap=True)
        self.setAccessibleName(f"{text} {hint}".strip())
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID, GRID // 2, GRID, GRID // 2)
        row.setSpacing(GRID)
        row.addWidget(self._icon)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._text)
        if hint:
            words.addWidget(label(hint, wrap=True))
        row.addLayout(words, 1)
        if choice is not None:
            act = button(choice[0])
            act.clicked.connect(choice[1])
            row.addWidget(act)
        self._close = icon_button(theme.icon("close", "quiet"), "Dismiss")
        self._close.clicked.connect(self.closed)
        row.addWidget(self._close)
        theme.changed.connect(self._tint)
        self._tint()

    @property
    def text(self) -> str:
        return self._text.text()

    def _tint(self) -> None:
        role = _ICON_ROLES[self._kind]
        self._icon.setPixmap(self._theme.icon(self._kind, role).pixmap(20, 20))
        self._close.setIcon(self._theme.icon("close", "quiet"))


class Banners(QWidget):
    """The stack of banners. A banner has a key, so that the same trouble is said once."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: dict[str, Banner] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.hide()

    def show_error(self, error: StudioError) -> None:
        """The world's fault, in its own words."""
        self.show_banner("error", ERROR, error.message, error.hint)

    def show_note(self, text: str) -> None:
        """A sentence that leaves by itself."""
        self.show_banner("note", INFO, text)
        QTimer.singleShot(NOTE_MS, self._shown["note"], self._shown["note"].closed.emit)

    def show_banner(
        self, key: str, kind: str, text: str, hint: str = "", choice: Choice | None = None
    ) -> None:
        """Show a banner, in place of the one with the same key."""
        self.dismiss(key)
        banner = Banner(self._theme, kind, text, hint, choice)
        banner.setObjectName(key)
        banner.closed.connect(self._on_closed)
        self._shown[key] = banner
        self._column.addWidget(banner)
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(banner, QAccessible.Event.Alert))

    def dismiss(self, key: str) -> None:
        """Take a banner away; nothing when it is not there."""
        banner = self._shown.pop(key, None)
        if banner is not None:
            self._column.removeWidget(banner)
            banner.hide()
            banner.deleteLater()
        self.setVisible(bool(self._shown))

    def clear(self) -> None:
        """Take all away, e.g. when the project closes."""
        for key in list(self._shown):
            self.dismiss(key)

    def texts(self) -> list[str]:
        """The sentences shown now, oldest first."""
        return [banner.text for banner in self._shown.values()]

    def _on_closed(self) -> None:
        banner = self.sender()
        if isinstance(banner, Banner) and self._shown.get(banner.objectName()) is banner:
            self.dismiss(banner.objectName())
