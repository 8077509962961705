"""Composition root: the only place that builds objects and hands them to each other.

The window paints before anything of a project is imported: the database, the sound and the pages
would double the time to the first picture. Hence the imports inside functions.
"""

import base64
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from stremo_studio.domain.worklist import Counts
from stremo_studio.errors import StudioError
from stremo_studio.ui.actions import (
    ANYWHERE,
    EXPORT,
    IMPORT,
    LABEL,
    PARTS,
    TRAIN,
    WORKSPACES,
    Action,
)
from stremo_studio.ui.application import NAME, Memory, load_memory, make_application
from stremo_studio.ui.background import Background
from stremo_studio.ui.banners import WARNING
from stremo_studio.ui.bug_dialog import catch_exceptions
from stremo_studio.ui.garbage import GuiCollector, spare_what_is_loaded
from stremo_studio.ui.import_flow import ImportFlow
from stremo_studio.ui.key_choices import KeyChoices
from stremo_studio.ui.key_editing import KeyEditing
from stremo_studio.ui.key_router import KeyRouter
from stremo_studio.ui.main_window import START, MainWindow
from stremo_studio.ui.notifier import Notifier
from stremo_studio.ui.page import Desk, Page
from stremo_studio.ui.start_page import StartPage
from stremo_studio.ui.theme import Theme
from stremo_studio.ui.window_actions import WindowActions

if TYPE_CHECKING:
    from stremo_studio.media.player import Player
    from stremo_studio.project.project import Project
    from stremo_studio.ui.downloads import Downloads
    from stremo_studio.ui.sound_state import SoundState
    from stremo_studio.ui.train.training import Training


def run(folder: Path | None = None) -> int:
    """Show the window, with the project of `folder` if given, until it is closed."""
    app = make_application([])
    memory = load_memory()
    studio = Studio(Theme(app, memory.theme), memory)
    catch_exceptions(studio.window, studio.show_error)
    GuiCollector(app)
    if folder is not None:
        studio.window.first_painted.connect(
            partial(studio.open, folder), Qt.ConnectionType.QueuedConnection
        )
    studio.window.show()
    return app.exec()


class Studio(QObject):
    """The program: its window, and the desk of the project that is open."""

    def __init__(self, theme: Theme, memory: Memory, player: "Player | None" = None) -> None:
        """`player` is made when the first project opens, unless one is given."""
        super().__init__()
        self._desk: Desk | None = None
        self._training: Training | None = None
        self._sound_state: SoundState | None = None
        self._player = player
        self.theme = theme
        self.memory = memory
        self.background = Background(self)
        self.background.failed.connect(self.show_error)
        choices = KeyChoices(memory)  # before the first word that names a key
        self.window = MainWindow(theme)
        self.window.restore(base64.b64decode(memory.geometry or ""))
        self.window.closing.connect(self._on_closing)
        self.importing = ImportFlow(self, self)
        self.actions = WindowActions(self, self.importing, self)
        self.router = KeyRouter(self.window, self._in_front, self.perform)
        self.router.prefix_changed.connect(self._on_prefix)
        self.keys = KeyEditing(self.window.cheat_sheet, self.router, choices, self._in_front)
        self.keys.changed.connect(self._on_keys_changed)
        if choices.ignored:
            self.window.banners.show_note(choices.ignored)
        self.window.menus.picked.connect(self.perform)
        self.window.palette_panel.picked.connect(self.perform)
        self.window.header.workspace_chosen.connect(self.actions.show_workspace)
        self.window.may_close = self._may_close
        start = StartPage(theme, memory)
        start.picked.connect(self.perform)
        start.project_chosen.connect(self._on_project_chosen)
        self.window.add_page(START, start)
        self.window.show_page(START)

    @property
    def training(self) -> "Training | None":
        """What trains in the open project."""
        return self._training

    @property
    def desk(self) -> Desk | None:
        """What pages work with; None while no project is open."""
        return self._desk

    def open(self, folder: Path) -> None:
        """Open a project and show its clips; read-only while another studio holds it."""
        if self._desk is not None and self._desk.project.folder == folder.resolve():
            self.bring(LABEL)
            return
        from stremo_studio.project.folder import ProjectLockedError  # noqa: PLC0415 - start-up
        from stremo_studio.project.project import Project  # noqa: PLC0415 - start-up

        try:
            self._use(Project.open(folder))
        except ProjectLockedError as error:
            self._use(Project.open(folder, read_only=True))
            hint = "You can look and listen. To label, close it there and open it here again."
            self.window.banners.show_banner("read-only", WARNING, error.message, hint)
        except StudioError as error:
            self.show_error(error)

    def create(self, folder: Path) -> None:
        """Start a project in a new folder and show it."""
        from stremo_studio.project.project import Project  # noqa: PLC0415 - start-up

        try:
            self._use(Project.create(folder))
        except StudioError as error:
            self.show_error(error)

    def close_project(self) -> None:
        """Put everything of the project away; what was done is saved already."""
        if self._desk is None:
            return
        desk, self._desk = self._desk, None
        if self._training is not None:
            self._training.leave()
            self._training = None
        self.window.show_page(START)
        for name in (*WORKSPACES, IMPORT, EXPORT, *PARTS):
            self.window.drop_page(name)
        if self._sound_state is not None:
            self._sound_state.stop()
        self.background.forget_all()
        desk.notifier.stop()
        desk.recordings.close()
        desk.downloads.leave()
        desk.project.close()
        self.window.banners.clear()
        self.window.status.clear()
        self.window.header.show_project("", "")
        self.window.menus.name_undo(None, None)

    def bring(self, workspace: str) -> Page | None:
        """Bring a workspace to the front, building it if need be; None without a project."""
        if self._desk is None:
            return None
        page = self.window.page(workspace)
        if page is None:
            page = self._build(workspace, self._desk)
            self.window.add_page(workspace, page)
        self.window.show_page(workspace)
        return page if isinstance(page, Page) else None

    def perform(self, action: Action, released: bool = False) -> None:
        """Do what an action says, where it says; the world's faults become a banner."""
        anywhere = action.workspace == ANYWHERE
        if self.window.cheat_sheet.isVisible() and not (anywhere or released):
            return  # nobody sees the page that it would be done on
        front = self.window.page(self.window.workspace)
        target: QObject | None = self.actions if anywhere else front
        slot = getattr(target, action.release if released else action.slot)
        try:
            slot(*([action.argument] if action.argument else []))
        except StudioError as error:
            self.show_error(error)

    def show_error(self, error: Exception) -> None:
        """A fault of the world in a banner; a bug travels on."""
        if not isinstance(error, StudioError):
            raise error
        self.window.banners.show_error(error)

    def _use(self, project: "Project") -> None:
        from stremo_studio.ui.model_line import ModelLine  # noqa: PLC0415 - start-up
        from stremo_studio.ui.recordings import Recordings  # noqa: PLC0415 - start-up
        from stremo_studio.ui.sound_state import SoundState  # noqa: PLC0415 - start-up

        self.close_project()
        notifier = Notifier(project.changes, self, partial(_count, project))
        notifier.changed.connect(self._on_changes)
        notifier.counted.connect(self._on_counted)
        self._desk = Desk(
            project,
            self._sound(),
            Recordings(project.cache, self),
            self._downloads(project),
            notifier,
            self.background,
            self.theme,
            self.window.banners,
        )
        self._training = self._train(self._desk)
        self.memory.remember(project.folder)
        self.memory.save()
        self.window.setWindowTitle(f"{project.name} · {NAME}")
        self._sound_state = SoundState(
            self._desk.player, self.window.status, self.window.banners, self
        )
        ModelLine(project, notifier, self.background, self.window.status, notifier)
        self._on_changes()
        self.bring(LABEL)
        notifier.count()

    def _build(self, workspace: str, desk: Desk) -> Page:
        """A page, imported when it is first asked for: pyqtgraph alone takes longer than the
        rest of the start."""
        from stremo_studio.ui.workspaces import build_page  # noqa: PLC0415 - start-up

        spare_what_is_loaded()
        assert self._training is not None
        return build_page(workspace, desk, self._training, self.bring, self.importing.start)

    def _on_changes(self) -> None:
        """Say what can be undone, and who annotates."""
        from stremo_studio.project.annotators import is_blind  # noqa: PLC0415 - start-up

        if self._desk is not None:
            project = self._desk.project
            blind = is_blind(project)
            self.window.header.show_project(project.name, project.annotator, blind=blind)
            self.window.menus.name_undo(project.undo_sentence, project.redo_sentence)

    def _on_counted(self, counts: Counts) -> None:
        """Say what is saved."""
        if self._desk is None:
            return
        project = self._desk.project
        if project.read_only:
            self.window.status.show_text("Read-only")
        else:
            self.window.status.show_saved(project.last_saved, counts.decisions)

    def _train(self, desk: Desk) -> "Training":
        """What trains in this project, with its button and its bar in every workspace."""
        from stremo_studio.ui.train.training import Training  # noqa: PLC0415 - start-up

        training = Training(desk)
        self.window.header.set_action_widget(training.button)
        self.window.add_job_bar(training.paper_bar)
        self.window.add_job_bar(training.bar)
        self.actions.retrain_asked.connect(training.button.press)
        self.actions.stop_asked.connect(training.active.stop_and_keep_best)
        self.actions.cancel_asked.connect(training.active.cancel)
        training.page_asked.connect(partial(self.bring, TRAIN))
        return training

    def _downloads(self, project: "Project") -> "Downloads":
        """What fetches recordings for this project; it does nothing until a person says so."""
        from stremo_studio.ui.downloads import Downloads  # noqa: PLC0415 - start-up

        downloads = Downloads(project, self)
        downloads.failed.connect(self.show_error)
        return downloads

    def _may_close(self) -> bool:
        return self._training is None or self._training.may_leave(self.window)

    def _sound(self) -> "Player":
        """The one player of the program, made when the first project opens."""
        if self._player is None:
            from stremo_studio.media.player import Player  # noqa: PLC0415 - start-up

            self._player = Player()
        return self._player

    def _in_front(self) -> str:
        return self.window.workspace

    def _on_prefix(self, prefix: str) -> None:
        page = self.window.page(self.window.workspace)
        if isinstance(page, Page):
            page.show_prefix(prefix)

    def _on_keys_changed(self) -> None:
        """Say with the new keys what widgets cannot say by themselves."""
        self.window.menus.show_keys()
        self._on_changes()
        if self._desk is not None:
            self._desk.notifier.count()

    def _on_project_chosen(self, folder: str) -> None:
        self.open(Path(folder))

    def _on_closing(self) -> None:
        """Remember the window, put the project away, let running work end."""
        self.memory.geometry = base64.b64encode(self.window.saveGeometry().data()).decode()
        self.close_project()
        self.router.stop()
        self.background.finish()
        if self._player is not None:
            self._player.close()
        self.memory.save()


def _count(project: "Project") -> Counts:
    """What whoever sits here may see."""
    from stremo_studio.project.annotators import eye  # noqa: PLC0415 - start-up

    return project.counts(eye(project))
