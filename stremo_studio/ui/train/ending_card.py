"""Why a run has no scores: a sentence, the end of its log, and what to do."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout

from stremo_studio.ui.run_ending import RunEnding
from stremo_studio.ui.theme import GRID, Theme
from stremo_studio.ui.widgets import button, give_role, label
from trainer.contract.run_folder import CANCELLED

_MOST_LINES = 14


class EndingCard(QFrame):
    """`run_again_asked`: the same run again, from where it was if it can be resumed."""

    run_again_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        give_role(self, "card")
        self._theme = theme
        self._icon = QLabel()
        self._name = label(role="heading")
        self._sentence = label(role="body", wrap=True)
        self._hint = label(role="quiet", wrap=True)
        self._log = QPlainTextEdit()
        self._log.setReadOnly(True)
        self._log.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._log.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._log.setAccessibleName("Last lines of the log")
        self.again = button("Run again", "primary")
        self.again.clicked.connect(self.run_again_asked)
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self._icon)
        head.addWidget(self._name, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        column.addLayout(head)
        for part in (self._sentence, self._hint, self._log):
            column.addWidget(part)
        column.addWidget(self.again, 0, Qt.AlignmentFlag.AlignLeft)
        theme.changed.connect(self._tint)
        self._tint()
        self.hide()

    @property
    def text(self) -> str:
        return f"{self._sentence.text()} {self._hint.text()}".strip()

    def show_ending(self, name: str, ending: RunEnding | None) -> None:
        """Show how a run ended without scores; hides for None and for a run that has some."""
        self.setVisible(ending is not None and not ending.has_scores)
        if ending is None:
            return
        self._name.setText(f"{name}: {ending.status}")
        self._sentence.setText(ending.sentence)
        self._hint.setText(ending.hint)
        self._hint.setVisible(bool(ending.hint))
        self.again.setText("Resume" if ending.resumable else "Run again")
        self._log.setPlainText("\n".join(ending.log))
        self._log.setVisible(bool(ending.log) and ending.status != CANCELLED)
        lines = min(max(len(ending.log), 2), _MOST_LINES)
        self._log.setFixedHeight((lines + 2) * self._log.fontMetrics().lineSpacing())
        bar = self._log.verticalScrollBar()
        bar.setValue(bar.maximum())
        self.setAccessibleName(f"{name}: {ending.sentence}")

    def _tint(self) -> None:
        self._icon.setPixmap(self._theme.icon("warning", "warning").pixmap(20, 20))
