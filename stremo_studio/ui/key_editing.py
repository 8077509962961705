"""Choosing another key: joins the cheat sheet, the router that hears the new one, and the table."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from stremo_studio.ui.actions import Action, action, actions_in
from stremo_studio.ui.application import NAME
from stremo_studio.ui.cheat_sheet import HINT, CheatSheet
from stremo_studio.ui.key_choices import KeyChoices
from stremo_studio.ui.key_router import KeyRouter
from stremo_studio.ui.key_text import refresh_keys, shown_key

_ESC = "Esc"


class KeyEditing(QObject):
    """`changed`: some keys are others now; what was said with the old ones is said anew."""

    changed = Signal()

    def __init__(
        self,
        sheet: CheatSheet,
        router: KeyRouter,
        choices: KeyChoices,
        workspace: Callable[[], str],
    ) -> None:
        """`workspace()` names the one in front."""
        super().__init__(sheet)
        self._sheet, self._router, self._workspace = sheet, router, workspace
        self._asked: Action | None = None
        self._choices = choices
        sheet.key_pressed.connect(self._on_asked)
        sheet.reset_pressed.connect(self._on_reset)
        sheet.closed.connect(self._on_closed)

    def show_sheet(self, title: str) -> None:
        """Open the sheet for the workspace in front."""
        self._sheet.show_keys(self._workspace(), title or NAME, self._changed())

    def _changed(self) -> set[str]:
        here = actions_in(self._workspace())
        return {found.id for found in here if self._choices.is_changed(found)}

    def _on_asked(self, wanted: Action) -> None:
        self._sheet.say(HINT)
        self._asked = action(wanted.id)
        self._sheet.ask(self._asked, changed=self._choices.is_changed(self._asked))
        self._router.take_next(self._on_key)

    def _on_key(self, pressed: list[str]) -> None:
        wanted = self._asked
        if wanted is None or pressed[0] == _ESC:
            self._asked = None
            self._sheet.say(HINT)
            return
        refused = self._choices.choose(wanted, pressed[0])
        if refused:  # the next key is still for this action, not for the page below
            self._sheet.say(f"{refused} Press another, or Esc.", asking=True)
            self._router.take_next(self._on_key)
            return
        self._asked = None
        self._show(f"{wanted.text}: now {shown_key(action(wanted.id).key)}.")

    def _on_reset(self, action_id: str) -> None:
        self._on_closed()
        if not action_id:
            self._choices.reset_all()
        elif refused := self._choices.reset(action(action_id)):
            self._sheet.say(refused)
            return
        self._show("The keys are as they were at first." if not action_id else HINT)

    def _show(self, words: str) -> None:
        self._sheet.say(words)
        self._sheet.refresh(self._changed())
        refresh_keys()
        self.changed.emit()

    def _on_closed(self) -> None:
        self._asked = None
        self._router.take_next(None)
