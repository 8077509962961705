"""A file that is about to be linked: what was found about it, and how it can be taken."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from stremo_studio.project.linking import FileCheck
from stremo_studio.ui.theme import GRID
from stremo_studio.ui.widgets import button, give_role, label
from trainer.contract.foreign_text import shown


class LinkCard(QFrame):
    """`accepted(FileCheck, bool)`: with its offset or without; `declined`."""

    accepted = Signal(object, bool)
    declined = Signal()

    def __init__(self) -> None:
        super().__init__()
        give_role(self, "card")
        self._check: FileCheck | None = None
        self._title = label(role="heading", wrap=True)
        self._offset = label(wrap=True)
        self._warnings = label(role="warning", wrap=True)
        self._link = button("", "primary")
        self._link.setAutoDefault(True)  # Enter presses it, too
        self._link.clicked.connect(self._on_link)
        self._plain = button("Link it as it is")
        self._plain.clicked.connect(self._on_plain)
        self._cancel = button("Cancel")
        self._cancel.clicked.connect(self.declined)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        for part in (self._link, self._plain, self._cancel):
            row.addWidget(part)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        column.setSpacing(GRID)
        for text in (self._title, self._offset, self._warnings):
            column.addWidget(text)
        column.addLayout(row)
        self.hide()

    @property
    def words(self) -> str:
        """Everything that it says."""
        return " ".join(text.text() for text in (self._title, self._offset, self._warnings))

    def show_busy(self, file: str, recording: str) -> None:
        """The file is being read and compared."""
        self._check = None
        self._title.setText(f"Comparing {shown(file)} with {shown(recording)}…")
        for part in (self._offset, self._warnings, self._link, self._plain):
            part.hide()
        self.show()

    def show_check(self, check: FileCheck) -> None:
        """What was found; the button that fits it is in front."""
        self._check = check
        self._title.setText(f"{shown(check.path.name)} for {shown(check.wanted.name)}")
        self._offset.setText(f"{check.offset} Your file is not changed." if check.offset else "")
        self._warnings.setText(" ".join(check.warnings))
        self._offset.setVisible(bool(check.offset))
        self._warnings.setVisible(bool(check.warnings))
        moved = "Link it with this offset" if check.offset else ""
        anyway = "Link it all the same" if check.warnings else "Link it"
        self._link.setText(moved or anyway)
        self._link.show()
        self._plain.setVisible(bool(check.offset))
        self.show()
        self._link.setFocus()

    def accept(self, *, shifted: bool = True) -> None:
        """Press the button."""
        (self._link if shifted else self._plain).click()

    def _on_link(self) -> None:
        self.accepted.emit(self._check, True)

    def _on_plain(self) -> None:
        self.accepted.emit(self._check, False)
