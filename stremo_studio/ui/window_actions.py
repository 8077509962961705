"""What the window's own actions do: one method for each slot that the action table names."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from platformdirs import user_documents_path
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from stremo_studio.errors import StudioError
from stremo_studio.project.changes import Changes
from stremo_studio.ui.actions import PARTS, WORKSPACES
from stremo_studio.ui.application import NAME, Memory
from stremo_studio.ui.banners import INFO
from stremo_studio.ui.key_editing import KeyEditing
from stremo_studio.ui.main_window import START, MainWindow
from stremo_studio.ui.page import Desk, Page
from stremo_studio.ui.theme import CHOICES, Theme

SHEETS = "Sheets (*.csv *.tsv *.xlsx *.ods);;All files (*)"
ANNOTATIONS = "Annotations (*.TextGrid *.eaf *.txt *.json *.jsonl);;All files (*)"


class Program(Protocol):
    """What the actions ask of the program around them."""

    window: MainWindow
    theme: Theme
    memory: Memory
    keys: KeyEditing

    @property
    def desk(self) -> Desk | None: ...
    def open(self, folder: Path) -> None: ...
    def create(self, folder: Path) -> None: ...
    def close_project(self) -> None: ...
    def bring(self, workspace: str) -> Page | None: ...


class Imports(Protocol):
    """What the actions ask of the import."""

    def start(self, source: Path, corpus: str | None) -> None: ...
    def start_practice(self) -> None: ...
    def start_pasting(self) -> None: ...


class WindowActions(QObject):
    """Slots of the actions that work anywhere. What is asked of a run is heard by `Training`."""

    retrain_asked = Signal()
    stop_asked = Signal()
    cancel_asked = Signal()

    def __init__(self, program: Program, imports: Imports, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._program = program
        self._imports = imports
        self._window = program.window
        self._window.header.annotator_pressed.connect(self.choose_annotator)
        self._window.annotator_panel.chosen.connect(self._on_annotator)
        self._window.annotator_panel.blind_chosen.connect(self._on_blind)

    # Go

    def show_workspace(self, workspace: str) -> None:
        if self._program.bring(workspace) is None:
            self._window.banners.show_banner(
                "no project", INFO, "No project is open.", "Open one, or import recordings."
            )

    def show_start(self) -> None:
        self._window.show_page(START)

    def retrain(self) -> None:
        self.retrain_asked.emit()

    def stop_run(self) -> None:
        self.stop_asked.emit()

    def cancel_run(self) -> None:
        self.cancel_asked.emit()

    # Project

    def new_project(self) -> None:
        """The name typed becomes the folder."""
        name, _ = QFileDialog.getSaveFileName(
            self._window, "New project: name its folder", str(projects_folder() / "My project")
        )
        if name:
            self._program.create(Path(name))

    def open_project(self) -> None:
        self._with_folder("Open a project: choose its folder", self._program.open)

    def import_sheet(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self._window, "Import a StrEmo sheet", "", SHEETS)
        if name:
            self._imports.start(Path(name), None)

    def import_annotations(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self._window, "Import annotations of another program", "", ANNOTATIONS
        )
        if name:
            self._imports.start(Path(name), None)

    def import_corpus(self) -> None:
        self._with_folder("Import a corpus: choose its folder", self._import_corpus)

    def import_folder(self) -> None:
        self._with_folder("Open a folder of audio", self._import_folder)

    def paste_links(self) -> None:
        self._imports.start_pasting()

    def open_practice(self) -> None:
        self._imports.start_practice()

    def quit(self) -> None:
        self._window.close()

    def _import_corpus(self, folder: Path) -> None:
        self._imports.start(folder, None)

    def _import_folder(self, folder: Path) -> None:
        self._imports.start(folder, "folder")

    def _with_folder(self, title: str, use: Callable[[Path], None]) -> None:
        name = QFileDialog.getExistingDirectory(self._window, title, str(projects_folder()))
        if name:
            use(Path(name))

    # Edit

    def undo(self) -> None:
        desk = self._program.desk
        if desk is not None:
            self._say(desk.project.undo(), "Nothing to undo.")

    def redo(self) -> None:
        desk = self._program.desk
        if desk is not None:
            self._say(desk.project.redo(), "Nothing to redo.")

    def _say(self, changes: Changes | None, nothing: str) -> None:
        page = self._window.page(self._window.workspace)
        if changes is None:
            self._window.banners.show_note(nothing)
        elif isinstance(page, Page):
            page.show_undone(changes)

    # Annotator

    def choose_annotator(self) -> None:
        from stremo_studio.project import annotators  # noqa: PLC0415 - start-up

        desk = self._program.desk
        if desk is not None:
            project = desk.project
            self._window.annotator_panel.show_annotators(
                annotators.known_annotators(project),
                project.annotator,
                blind=annotators.is_blind(project),
            )

    def toggle_blind(self) -> None:
        from stremo_studio.project import annotators  # noqa: PLC0415 - start-up

        desk = self._program.desk
        if desk is not None:
            annotators.set_blind(desk.project, not annotators.is_blind(desk.project))
            shown = "hidden" if annotators.is_blind(desk.project) else "shown"
            self._window.banners.show_note(f"Others' answers are {shown}.")

    def _on_annotator(self, name: str) -> None:
        from stremo_studio.project import annotators  # noqa: PLC0415 - start-up

        desk = self._program.desk
        if desk is None:
            return
        try:
            annotators.choose_annotator(desk.project, name)
        except StudioError as error:
            self._window.banners.show_error(error)
            return
        self._window.annotator_panel.close_over()
        self._window.banners.show_note(f"You answer as {desk.project.annotator} now.")

    def _on_blind(self) -> None:
        try:
            self.toggle_blind()
        except StudioError as error:
            self._window.banners.show_error(error)

    # Help

    def show_palette(self) -> None:
        self._window.palette_panel.show_actions(self._window.workspace)

    def show_cheat_sheet(self) -> None:
        sheet = self._window.cheat_sheet
        if sheet.isVisible():
            sheet.close_over()
        else:
            name = self._window.workspace
            named = name in (*WORKSPACES, *PARTS)
            self._program.keys.show_sheet(name.capitalize() if named else NAME)

    def switch_theme(self) -> None:
        """System, then light, then dark, then system again."""
        theme = self._program.theme
        theme.choose(CHOICES[(CHOICES.index(theme.choice) + 1) % len(CHOICES)])
        self._program.memory.theme = theme.choice
        self._window.banners.show_note(f"Colours: {theme.choice}.")

    def leave(self) -> None:
        """Esc: close what is open above the page, else give the keys back to the page."""
        page = self._window.page(self._window.workspace)
        if not self._window.close_overlays() and isinstance(page, Page):
            page.leave_field()


def projects_folder() -> Path:
    """Where new projects go unless the user says otherwise."""
    return user_documents_path() / NAME
