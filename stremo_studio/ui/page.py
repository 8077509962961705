"""What every workspace page is: built when first shown, given one desk, driven by the router."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from stremo_studio.project.changes import Changes
from stremo_studio.ui.background import Background
from stremo_studio.ui.banners import Banners
from stremo_studio.ui.notifier import Notifier
from stremo_studio.ui.theme import Theme

if TYPE_CHECKING:  # numpy and the sound card's library are not needed for the first picture
    from stremo_studio.media.player import Player
    from stremo_studio.project.project import Project
    from stremo_studio.ui.downloads import Downloads
    from stremo_studio.ui.recordings import Recordings


@dataclass(frozen=True, slots=True)
class Desk:
    """What a page works with while a project is open."""

    project: "Project"
    player: "Player"
    """The one player of the program; pages load a clip into it when they come to the front."""
    recordings: "Recordings"
    downloads: "Downloads"
    notifier: Notifier
    background: Background
    theme: Theme
    banners: Banners


class Page(QWidget):
    """A workspace. Slots named in the action table are methods of the page."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("page")
        self.desk = desk

    def enter(self) -> None:
        """The page comes to the front: take the focus, the player, what changed meanwhile."""
        self.setFocus()

    def exit(self) -> None:
        """Another page comes to the front, or the project closes."""

    def leave(self) -> None:
        """The project closes: end what the page has started."""

    def leave_field(self) -> None:
        """Esc: give the keys back to the page."""
        self.setFocus()

    def show_prefix(self, prefix: str) -> None:
        """The first of two keys was pressed; "" when the pair is over."""

    def show_undone(self, changes: Changes) -> None:
        """A command was undone or redone: go to what it concerned."""
