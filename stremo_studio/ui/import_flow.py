"""The way of an import through the window: into the open project, or into one made for it.

Everything of the import itself is imported when one starts; the start page needs none of it.
"""

import shutil
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from stremo_studio.domain.wording import counted
from stremo_studio.ui.actions import IMPORT, LABEL, SOURCES
from stremo_studio.ui.key_text import with_keys
from stremo_studio.ui.window_actions import Program, projects_folder


class ImportFlow(QObject):
    """Shows the report page, and what comes after it."""

    def __init__(self, program: Program, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._program = program
        self._window = program.window
        self._made: Path | None = None

    def start(self, source: Path, corpus: str | None, *, straight: bool = False) -> None:
        """Report on `source`; `straight` imports without asking."""
        if self._program.desk is None:
            self._made = _free_folder(source)
            self._program.create(self._made)
        desk = self._program.desk
        if desk is None:
            return
        from stremo_studio.ui.import_page import ImportPage  # noqa: PLC0415 - start-up

        self._window.drop_page(IMPORT)
        page = ImportPage(desk)
        page.finished.connect(self._on_finished)
        page.cancelled.connect(self._on_cancelled)
        self._window.add_page(IMPORT, page)
        self._window.show_page(IMPORT)
        page.start(source, corpus, straight=straight)

    def start_pasting(self) -> None:
        """The sources of the open project, or of a new one, with the links in the clipboard."""
        if self._program.desk is None:
            self._program.create(_free_folder(Path("YouTube")))
        page = self._program.bring(SOURCES)
        from stremo_studio.ui.label.sources.page import SourcesPage  # noqa: PLC0415 - start-up

        if isinstance(page, SourcesPage):
            page.write_links()

    def start_practice(self) -> None:
        """Make the synthetic clips where they are not yet, and open their project."""
        folder = projects_folder() / "Practice set"
        if (folder / "project.db").exists():
            self._program.open(folder)
            return
        from stremo_studio.practice import make_practice_set  # noqa: PLC0415 - start-up

        self._program.create(folder)
        desk = self._program.desk
        if desk is not None:
            desk.banners.show_note("Making the practice set: synthetic voices, no download.")
            make = partial(make_practice_set, folder / "recordings")
            desk.background.run(make, self._on_practice_made)

    def _on_practice_made(self, table: Path) -> None:
        self.start(table, None, straight=True)

    def _on_finished(self, count: int) -> None:
        self._made = None
        self._program.bring(LABEL)
        self._window.drop_page(IMPORT)
        self._window.banners.show_note(
            f"{counted(count, 'clip')} imported. "
            f"{with_keys('{window.undo}')} takes the import back."
        )

    def _on_cancelled(self) -> None:
        """Back to the clips; a project made for this import only goes with it."""
        made, self._made = self._made, None
        self._program.bring(LABEL)
        self._window.drop_page(IMPORT)
        desk = self._program.desk
        if made is not None and desk is not None and not desk.project.counts().all:
            self._program.close_project()
            self._program.memory.forget(made)
            shutil.rmtree(made, ignore_errors=True)


def _free_folder(source: Path) -> Path:
    """A folder for a new project, named after what it will hold."""
    wanted = projects_folder() / (source.stem or "Project")
    number = 2
    folder = wanted
    while folder.exists():
        folder = wanted.with_name(f"{wanted.name} {number}")
        number += 1
    return folder
