"""The action table: everything a key does, in one place, a file for each page in `action_table`.

The key router, the cheat sheet, the command palette, the menus and every word that names a key
read this table; a person may choose other keys (`key_choices.py`).
"""

from collections.abc import Mapping
from dataclasses import replace

from stremo_studio.ui.action_table.action import AGREEMENT as AGREEMENT
from stremo_studio.ui.action_table.action import ANYWHERE as ANYWHERE
from stremo_studio.ui.action_table.action import EXPORT as EXPORT
from stremo_studio.ui.action_table.action import IMPORT as IMPORT
from stremo_studio.ui.action_table.action import LABEL as LABEL
from stremo_studio.ui.action_table.action import PARTS as PARTS
from stremo_studio.ui.action_table.action import REVIEW as REVIEW
from stremo_studio.ui.action_table.action import SOURCES as SOURCES
from stremo_studio.ui.action_table.action import TRAIN as TRAIN
from stremo_studio.ui.action_table.action import WORKSPACES as WORKSPACES
from stremo_studio.ui.action_table.action import Action as Action
from stremo_studio.ui.action_table.label import label
from stremo_studio.ui.action_table.moving import exporting, importing
from stremo_studio.ui.action_table.review import agreement, review
from stremo_studio.ui.action_table.sources import sources
from stremo_studio.ui.action_table.train import train
from stremo_studio.ui.action_table.window import window

ACTIONS: tuple[Action, ...] = (
    *window(),
    *label(),
    *review(),
    *agreement(),
    *train(),
    *sources(),
    *importing(),
    *exporting(),
)


_current: dict[str, Action] = {}
"""The table as it is now: one for the program, as there is one keyboard."""


def choose_keys(chosen: Mapping[str, tuple[str, ...]]) -> None:
    """Let these actions have other keys; all the others have their own again."""
    _current.clear()
    _current.update({a.id: replace(a, keys=chosen.get(a.id, a.keys)) for a in ACTIONS})


choose_keys({})


def current_actions() -> list[Action]:
    """Everything that can be done, with the keys of now."""
    return list(_current.values())


def actions_in(workspace: str) -> list[Action]:
    """What can be done in a workspace: its own actions, then those of the window."""
    own = [a for a in _current.values() if a.workspace == workspace]
    return own + [a for a in _current.values() if a.workspace == ANYWHERE]


def action(action_id: str) -> Action:
    """The action of that id; KeyError when there is none."""
    return _current[action_id]
