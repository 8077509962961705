"""Linking a file of one's own to the recording in front: checked in the background, then asked
only where there is something to decide."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from stremo_studio.domain.source import Source
from stremo_studio.errors import StudioError
from stremo_studio.project.linking import FileCheck, check_file, link_file, wanted_of
from stremo_studio.ui.key_text import with_keys
from stremo_studio.ui.label.sources.link_card import LinkCard
from stremo_studio.ui.page import Desk
from trainer.contract.foreign_text import shown


class Linking(QObject):
    """`settled`: the file was linked, or left."""

    settled = Signal()

    def __init__(self, desk: Desk, card: LinkCard, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._card = card
        self._ticket = 0
        card.accepted.connect(self._link)
        card.declined.connect(self.leave)

    def start(self, source: Source, path: Path) -> None:
        """Look at the file, and compare it with the copy that is here if there is one."""
        wanted = wanted_of(self._desk.project, source)
        if wanted.copy is not None:
            self._card.show_busy(path.name, source.name)
        self._ticket = self._desk.background.run(
            partial(check_file, wanted, path), self._on_checked, self._on_failed
        )

    def leave(self) -> None:
        """Link nothing."""
        self._desk.background.forget(self._ticket)
        self._card.hide()
        self.settled.emit()

    def _on_checked(self, check: FileCheck) -> None:
        if check.offset or check.warnings:
            self._card.show_check(check)
        else:
            self._link(check, True)

    def _link(self, check: FileCheck, shifted: bool) -> None:
        self._card.hide()
        link_file(self._desk.project, check, shifted=shifted)
        name = shown(check.path.name)
        self._desk.banners.show_note(
            f"{name} is linked, and stays where it is. {with_keys('{window.undo} undoes it.')}"
        )
        self.settled.emit()

    def _on_failed(self, error: Exception) -> None:
        self._card.hide()
        self.settled.emit()
        if not isinstance(error, StudioError):
            raise error
        self._desk.banners.show_error(error)
