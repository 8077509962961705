"""Export (Ctrl+E): all formats with what each carries, where it goes, and what came of it.

Writing runs off the GUI thread with a read-only connection of its own, so that labelling goes on.
Nothing is replaced but what an export wrote or what is one file; the button says so before.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QHBoxLayout,
    QProgressBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from stremo_studio.errors import StudioError
from stremo_studio.formats.catalogue import ALL, FORMATS, Format
from stremo_studio.project.export_place import require_free, would_replace
from stremo_studio.project.exporting import Exported, export_folder
from stremo_studio.project.exporting_runs import export_active
from stremo_studio.ui.export_row import ExportRow
from stremo_studio.ui.key_text import keyed
from stremo_studio.ui.page import Desk, Page
from stremo_studio.ui.theme import GRID
from stremo_studio.ui.widgets import button, label

_SOUND = (
    "This cuts other people's recordings into a folder. Do not publish it unless you hold the "
    "rights to every clip; the StrEmo sheet names videos and times instead."
)


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to export. `name` is that of its file or folder; `write` gets the project's folder
    and where to write."""

    title: str
    carries: str
    name: str
    write: Callable[[Path, Path], Exported]
    is_file: bool = False
    has_sound: bool = False


def _choice(one: Format) -> Choice:
    write = partial(export_folder, one.id)
    return Choice(one.title, one.carries, one.file or one.id, write, bool(one.file), one.has_sound)


CHOICES = (
    *map(_choice, FORMATS),
    Choice(
        "All of these, without sound",
        "One folder with everything but recordings, and a list of files with checksums.",
        ALL,
        partial(export_folder, ALL),
    ),
    Choice(
        "What the active model says",
        "The probabilities of each clip, and confusion matrices as tables and pictures.",
        "active model",
        export_active,
    ),
)


class ExportPage(Page):
    """`closed`: back to the clips."""

    closed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._place: Path | None = None
        """Where the user said, for all formats: a folder."""
        self._result: Exported | None = None
        self._busy = False
        self._rows = [ExportRow(one.title, one.carries) for one in CHOICES]
        self._group = QButtonGroup(self)
        for number, row in enumerate(self._rows):
            self._group.addButton(row, number)
        self._rows[0].setChecked(True)
        self._group.idToggled.connect(self._on_chosen)
        self._where = label(role="quiet", wrap=True)
        self._caution = label(role="warning", wrap=True)
        self._said = label(wrap=True)
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setAccessibleName("Export")
        self._go = button("Export", "primary")
        self._go.clicked.connect(self._on_go)
        self._elsewhere = keyed(button("Another folder…"), text="Another folder…  {export.place}")
        self._elsewhere.clicked.connect(self.choose_place)
        self._open = keyed(button("Open folder"), text="Open folder  {export.open}")
        self._open.clicked.connect(self.open_result)
        self._cancel = keyed(button("Close"), text="Close  {window.leave}")
        self._cancel.clicked.connect(self.leave_field)
        self._lay_out()

    @property
    def result(self) -> Exported | None:
        """What was written last, while the page shows it."""
        return self._result

    @property
    def target(self) -> Path:
        """The file or folder that would be written."""
        place = self._place or self.desk.project.folder / "exports"
        return place / self._chosen().name

    def enter(self) -> None:
        super().enter()
        self._show()

    def exit(self) -> None:
        """What was written is old news on return: clips may be labelled otherwise by then."""
        self._result = None

    def leave_field(self) -> None:
        """Esc: back; an export under way goes on, and a note tells of its end."""
        self.closed.emit()

    def step(self, way: str) -> None:
        """Choose the format above or below."""
        number = self._group.checkedId() + (-1 if way == "up" else 1)
        row = self._rows[max(0, min(len(self._rows) - 1, number))]
        row.setChecked(True)
        self._scroll.ensureWidgetVisible(row)

    def choose_place(self) -> None:
        """Another folder to write into."""
        name = QFileDialog.getExistingDirectory(self, "Export into a folder", str(self.target))
        if name:
            self._place = Path(name)
            self._show()

    def confirm(self) -> None:
        """Press Export; not again while it is shown what came of it."""
        if self._result is None:
            self._go.click()

    def open_result(self) -> None:
        """Show what was written in the system's file manager."""
        if self._result is not None:
            place = self._result.place
            folder = place if place.is_dir() else place.parent
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def _chosen(self) -> Choice:
        return CHOICES[self._group.checkedId()]

    def _on_chosen(self, _number: int, checked: bool) -> None:
        if checked:
            self._result = None
            self._show()

    def _on_go(self) -> None:
        if self._busy or not self._go.isEnabled():
            return
        self._busy, self._result = True, None
        work = partial(self._chosen().write, self.desk.project.folder, self.target)
        self.desk.background.run(work, self._on_done, self._on_failed)
        self._show()

    def _on_done(self, result: Exported) -> None:
        self._busy, self._result = False, result
        self._show()
        if not self.isVisible():
            self.desk.banners.show_note(f"Exported to {result.place}.")

    def _on_failed(self, error: Exception) -> None:
        self._busy = False
        self._show()
        if not isinstance(error, StudioError):
            raise error
        self.desk.banners.show_error(error)

    def _show(self) -> None:
        """Say what would be written where, or what was."""
        chosen, target = self._chosen(), self.target
        caution = _SOUND if chosen.has_sound else ""
        replaces, possible = would_replace(target), True
        try:
            require_free(target, overwrite=True, folder=not chosen.is_file)
        except StudioError as error:
            caution, possible = f"{error.message} Choose another folder.", False
        self._where.setText(f"Goes to {target}" + (", and replaces it." if replaces else "."))
        self._caution.setText(caution)
        self._caution.setVisible(bool(caution))
        verb = "Replace the export" if replaces else "Export"
        keyed(self._go, text="Exporting…" if self._busy else f"{verb}  {{export.confirm}}")
        self._go.setEnabled(possible and not self._busy)
        self._bar.setVisible(self._busy)
        done = self._result
        self._said.setText(_told(done) if done else "")
        self._said.setVisible(done is not None)
        self._where.setVisible(done is None)
        self._go.setVisible(done is None)
        self._elsewhere.setVisible(done is None)
        self._open.setVisible(done is not None)

    def _lay_out(self) -> None:
        rows = QVBoxLayout()
        rows.setContentsMargins(0, 0, GRID, 0)
        rows.setSpacing(0)
        for row in self._rows:
            rows.addWidget(row)
        rows.addStretch(1)
        listed = QWidget()
        listed.setLayout(rows)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(listed)
        foot = QHBoxLayout()
        foot.setSpacing(GRID)
        foot.addWidget(self._elsewhere)
        foot.addStretch(1)
        for part in (self._cancel, self._open, self._go):
            foot.addWidget(part)
        column = QVBoxLayout()
        column.setSpacing(GRID)
        column.addWidget(label("Export the project", "title"))
        about = "All clips with all answers. Nothing of the project changes."
        column.addWidget(label(about, "quiet"))
        column.addWidget(self._scroll, 1)
        for words in (self._caution, self._where, self._said):
            column.addWidget(words)
        column.addWidget(self._bar)
        column.addLayout(foot)
        inner = QWidget()
        inner.setMaximumWidth(880)
        inner.setLayout(column)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(4 * GRID, 4 * GRID, 4 * GRID, 3 * GRID)
        outer.addStretch(1)
        outer.addWidget(inner, 20)
        outer.addStretch(1)


def _told(done: Exported) -> str:
    return "\n".join([f"{done.sentence} to {done.place}.", *done.notes])
