"""What becomes of an exception nobody expected: a dialog with a report to copy.

`StudioError` is no bug: it becomes a banner.
"""

import platform
import sys
import traceback
from collections.abc import Callable
from types import TracebackType

import PySide6
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from stremo_studio.errors import StudioError
from stremo_studio.ui.theme import GRID
from stremo_studio.ui.widgets import button, label


def report_of(error: BaseException) -> str:
    """Everything a developer needs: versions and the traceback."""
    trace = "".join(traceback.format_exception(error))
    return (
        f"StrEmo Studio on {platform.platform()}, Python {platform.python_version()}, "
        f"PySide6 {PySide6.__version__}\n\n{trace}"
    )


class BugDialog(QDialog):
    """Says that this is our fault, and gives the report."""

    def __init__(self, error: BaseException, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Something went wrong")
        self.resize(720, 440)
        self._report = report_of(error)
        text = QPlainTextEdit(self._report)
        text.setReadOnly(True)
        text.setAccessibleName("Report")
        copy = button("Copy report")
        copy.clicked.connect(self._on_copy)
        close = button("Close", "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        column.addWidget(label("Something went wrong in the program.", "heading"))
        column.addWidget(
            label("Your answers are saved. Please send this report to the developers.", wrap=True)
        )
        column.addWidget(text, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(copy)
        row.addWidget(close)
        column.addLayout(row)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._report)


def catch_exceptions(parent: QWidget, show_error: Callable[[StudioError], None]) -> None:
    """Install the last stop of every exception on the GUI thread."""

    def hook(kind: type[BaseException], error: BaseException, _: TracebackType | None) -> None:
        if isinstance(error, StudioError):
            show_error(error)
            return
        if not issubclass(kind, Exception):  # Ctrl+C in the terminal
            sys.__excepthook__(kind, error, error.__traceback__)
            return
        sys.stderr.write(report_of(error))
        if not any(d.isVisible() for d in parent.findChildren(BugDialog)):
            BugDialog(error, parent).open()

    sys.excepthook = hook
