"""Roles, not colours: every colour, size and icon of the window comes from here.

A theme file names the roles; one style sheet is made from them. The scheme follows the system
and switches live, unless the user chose one.
"""

import tempfile
import tomllib
from pathlib import Path
from string import Template

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QIcon, QPalette
from PySide6.QtWidgets import QApplication

from stremo_studio.ui.icons import draw_icon, tinted_svg
from trainer.contract.resources import resource

SYSTEM, LIGHT, DARK = "system", "light", "dark"
CHOICES = (SYSTEM, LIGHT, DARK)
SMALL, NORMAL, BIG = 11.0, 13.0, 18.0
"""Points at 100 %: lists and controls; what is read or decided; titles."""
GRID = 8
"""Pixels; 4 inside controls."""
FONTS = ("Inter", "Segoe UI Variable Text", "Segoe UI", ".AppleSystemUIFont", "Cantarell",
         "Ubuntu", "Noto Sans", "DejaVu Sans")  # fmt: skip
_SHEET_ICONS = {"up": "quiet", "down": "quiet", "check": "on_accent", "tick": "text"}
_PALETTE = {
    QPalette.ColorRole.Window: "window",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.AlternateBase: "window",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.Button: "surface",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.Highlight: "selected",
    QPalette.ColorRole.HighlightedText: "selected_text",
    QPalette.ColorRole.PlaceholderText: "quiet",
    QPalette.ColorRole.ToolTipBase: "tooltip",
    QPalette.ColorRole.ToolTipText: "tooltip_text",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.Accent: "accent",
}


def load_roles(scheme: str) -> dict[str, str]:
    """Role to colour (`#RRGGBB`) of the scheme `light` or `dark`."""
    text = resource("themes", f"{scheme}.toml").read_text(encoding="utf-8")
    return dict(tomllib.loads(text)["roles"])


def text_font(points: float = SMALL, *, bold: bool = False) -> QFont:
    """The program's font, with figures of one width."""
    font = QFont()
    font.setFamilies(list(FONTS))
    font.setPointSizeF(points)
    font.setBold(bold)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


class Theme(QObject):
    """The scheme in force. `changed` tells widgets that paint themselves to take new colours."""

    changed = Signal()

    def __init__(self, app: QApplication, choice: str = SYSTEM) -> None:
        super().__init__(app)
        self._app = app
        self._choice = choice if choice in CHOICES else SYSTEM
        self._scheme = ""
        self._roles: dict[str, str] = {}
        self._icons: dict[tuple[str, str], QIcon] = {}
        self._folder = tempfile.TemporaryDirectory(prefix="stremo-theme-")
        app.setStyle("Fusion")
        app.setFont(text_font())
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._apply)
        self._apply()

    @property
    def choice(self) -> str:
        """`system`, `light` or `dark`, as the user chose."""
        return self._choice

    @property
    def dark(self) -> bool:
        return self._scheme == DARK

    def choose(self, choice: str) -> None:
        """Follow the system, or stay light or dark."""
        self._choice = choice
        self._apply()

    def color(self, role: str) -> QColor:
        """The colour of a role; KeyError for a role that no theme names."""
        return QColor(self._roles[role])

    def icon(self, name: str, role: str = "text") -> QIcon:
        """The stroke icon `resources/icons/<name>.svg`, tinted by a role."""
        key = (name, role)
        if key not in self._icons:
            self._icons[key] = draw_icon(name, self._roles[role], self._roles["border"])
        return self._icons[key]

    def _apply(self) -> None:
        scheme = self._wanted()
        if scheme == self._scheme:
            return
        self._scheme = scheme
        self._roles = load_roles(scheme)
        self._icons.clear()
        palette = QPalette()
        for part, role in _PALETTE.items():
            palette.setColor(part, self.color(role))
        self._app.setPalette(palette)
        self._app.setStyleSheet(self._sheet())
        self.changed.emit()

    def _wanted(self) -> str:
        if self._choice != SYSTEM:
            return self._choice
        scheme = QGuiApplication.styleHints().colorScheme()
        return DARK if scheme == Qt.ColorScheme.Dark else LIGHT

    def _sheet(self) -> str:
        """The style sheet with every `$role` replaced; it can name icons as files only."""
        values = dict(self._roles)
        for name, role in _SHEET_ICONS.items():
            file = Path(self._folder.name) / f"{name}-{self._scheme}.svg"
            file.write_text(tinted_svg("check" if name == "tick" else name, self._roles[role]))
            values[f"icon_{name}"] = file.as_posix()
        source = resource("themes", "studio.qss").read_text(encoding="utf-8")
        return Template(source).substitute(values)
