"""The Qt application: made once, named, with what it remembers between two starts."""

import json
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path

from platformdirs import user_config_path
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

NAME = "StrEmo Studio"
_RECENT = 8
_SWITCH_SECONDS = 0.0005
"""How long a busy background thread may keep the interpreter. The window's thread lets go of it at
every query, and at Python's 5 ms would wait that long to get it back, twenty times a label."""


@dataclass(slots=True)
class Memory:
    """What the program remembers of the user, in one small JSON file."""

    recent: list[str] = field(default_factory=list)
    theme: str = "system"
    geometry: str = ""
    autoplay: bool = True
    keys: dict[str, list[str]] = field(default_factory=dict)
    """Keys that the user chose, by the id of the action."""

    def remember(self, folder: Path) -> None:
        """Put a project at the top of the recent ones."""
        name = str(folder)
        self.recent = [name, *(r for r in self.recent if r != name)][:_RECENT]

    def forget(self, folder: Path) -> None:
        """Take a project off the recent ones."""
        self.recent = [r for r in self.recent if r != str(folder)]

    def recent_projects(self) -> list[Path]:
        """Recent projects that are still there."""
        return [Path(r) for r in self.recent if (Path(r) / "project.db").exists()]

    def save(self) -> None:
        """Write it down; a home that cannot be written forgets, and that is no error."""
        try:
            _file().parent.mkdir(parents=True, exist_ok=True)
            _file().write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")
        except OSError:
            return


def load_memory() -> Memory:
    """What the last start left; a fresh one when it is missing or damaged."""
    try:
        known = json.loads(_file().read_text(encoding="utf-8"))
        return Memory(**{k: v for k, v in known.items() if k in Memory.__slots__})
    except (OSError, ValueError, TypeError, AttributeError):
        return Memory()


def make_application(arguments: list[str]) -> QApplication:
    """The one QApplication of this process, made or found."""
    sys.setswitchinterval(_SWITCH_SECONDS)
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication([NAME, *arguments])
    app.setApplicationName(NAME)
    QGuiApplication.setDesktopFileName("stremo-studio")
    return app


def _file() -> Path:
    return user_config_path("stremo-studio") / "memory.json"
