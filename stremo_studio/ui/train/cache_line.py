"""How much the decoded clips and features of this project take on the disk, and `Clear`."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from stremo_studio.errors import StudioError
from stremo_studio.project.training_cache import cached_bytes, clear_cached, training_cache
from stremo_studio.ui.page import Desk
from stremo_studio.ui.theme import GRID
from stremo_studio.ui.train.active_run import ActiveRun
from stremo_studio.ui.widgets import button, label
from trainer.contract.kept import size_words


class CacheLine(QWidget):
    """Not there while nothing is kept. Cannot be cleared while a run is at work."""

    def __init__(self, desk: Desk, active: ActiveRun) -> None:
        super().__init__()
        self._desk, self._active = desk, active
        self._folder = training_cache(desk.project)
        self._was_at_work = active.at_work
        self.words = label(role="quiet")
        self.words.setToolTip("Decoded clips and features, shared by all runs of this project")
        self.clear = button("Clear", "flat", name="Clear the cache")
        self.clear.setToolTip("The next run makes again what it needs")
        self.clear.clicked.connect(self._on_clear)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self.words)
        row.addWidget(self.clear)
        row.addStretch(1)
        self.hide()
        active.changed.connect(self._on_active)
        self.measure()

    def measure(self) -> None:
        """Look again, in the background."""
        folder = self._folder
        self._desk.background.run(lambda: cached_bytes(folder), self._on_measured)

    def _on_measured(self, size: int) -> None:
        self.words.setText(f"Cache {size_words(size)}")
        self.clear.setEnabled(not self._active.at_work)
        self.setVisible(size > 0)

    def _on_active(self) -> None:
        """It grows while a run is at work, and is measured when that is over."""
        at_work = self._active.at_work
        self.clear.setEnabled(not at_work)
        if self._was_at_work and not at_work:
            self.measure()
        self._was_at_work = at_work

    def _on_clear(self) -> None:
        if self._active.at_work:
            return
        self.clear.setEnabled(False)
        folder = self._folder
        self._desk.background.run(
            lambda: clear_cached(folder), self._on_cleared, self._on_not_cleared
        )

    def _on_cleared(self, free: int) -> None:
        self._desk.banners.show_note(f"{size_words(free)} of decoded clips and features cleared.")
        self.measure()

    def _on_not_cleared(self, error: Exception) -> None:
        if not isinstance(error, StudioError):
            raise error
        self._desk.banners.show_error(error)
        self.measure()
