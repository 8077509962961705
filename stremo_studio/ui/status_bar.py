"""The bar at the bottom: saved when, how many decisions, the active model, the sound device."""

from datetime import datetime

from PySide6.QtWidgets import QFrame, QHBoxLayout

from stremo_studio.ui.theme import GRID
from stremo_studio.ui.widgets import give_role, label


class StatusBar(QFrame):
    """Always visible, so that nobody has to wonder whether it was saved."""

    def __init__(self) -> None:
        super().__init__()
        give_role(self, "foot")
        self.setFixedHeight(4 * GRID)
        self._saved = label(role="quiet")
        self._saved.setAccessibleName("Saved")
        self._model = label(role="quiet")
        self._model.setAccessibleName("Active model")
        self._sound = label(role="quiet")
        self._sound.setAccessibleName("Sound")
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID, 0, 2 * GRID, 0)
        row.addWidget(self._saved)
        row.addStretch(1)
        row.addWidget(self._model)
        row.addStretch(1)
        row.addWidget(self._sound)

    def show_saved(self, at: datetime | None, decisions: int) -> None:
        """`at` in any time zone; shown in the machine's own."""
        if at is None:
            self._saved.setText("Nothing to save yet")
            return
        self._saved.setText(f"Saved {at.astimezone():%H:%M:%S}  ·  {decisions:,} decisions")

    def show_text(self, text: str) -> None:
        """Say something in place of the saved time, e.g. that the project is read-only."""
        self._saved.setText(text)

    def show_model(self, text: str) -> None:
        """The active model and the first digits of its hash."""
        self._model.setText(text)

    def show_sound(self, text: str) -> None:
        """The sound device and its latency, or that there is none."""
        self._sound.setText(text)

    def clear(self) -> None:
        """Say nothing, while no project is open."""
        for part in (self._saved, self._model, self._sound):
            part.setText("")

    @property
    def text(self) -> str:
        return self._saved.text()

    def all_text(self) -> str:
        """Everything that stands in the bar."""
        return "  ".join(part.text() for part in (self._saved, self._model, self._sound))
