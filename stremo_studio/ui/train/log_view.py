"""The end of a run's log, folded away until it is wanted."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from stremo_studio.ui.run_ending import last_lines
from stremo_studio.ui.theme import GRID
from stremo_studio.ui.widgets import button
from trainer.contract.run_folder import RunFolder

_LOOK_EVERY_MS = 700


class LogView(QWidget):
    """Follows `run.log` while it is open; only its end is ever read."""

    def __init__(self) -> None:
        super().__init__()
        self._folder: RunFolder | None = None
        self._lines: tuple[str, ...] = ()
        self._toggle = button("Show log", "flat", checkable=True)
        self._toggle.toggled.connect(self._on_toggled)
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._text.setAccessibleName("Log of the run")
        self._text.setFixedHeight(20 * GRID)
        self._text.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(self._toggle, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._text)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)

    @property
    def text(self) -> str:
        return self._text.toPlainText()

    def follow(self, folder: RunFolder | None) -> None:
        """Show the log of this run."""
        self._folder = folder
        self._lines = ()
        self._text.clear()
        self._look()

    def open(self) -> None:
        """Unfold it, e.g. because the run failed."""
        self._toggle.setChecked(True)

    def _on_toggled(self, shown: bool) -> None:
        self._text.setVisible(shown)
        self._toggle.setText("Hide log" if shown else "Show log")
        if shown:
            self._look()
            self._timer.start()
        else:
            self._timer.stop()

    def _look(self) -> None:
        if self._folder is None or self._text.isHidden():
            return
        lines = last_lines(self._folder)
        if lines != self._lines:
            self._lines = lines
            self._text.setPlainText("\n".join(lines))
            bar = self._text.verticalScrollBar()
            bar.setValue(bar.maximum())
