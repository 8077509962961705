"""The cheat sheet (`?`): the keys of the workspace in front, from the action table."""

from itertools import groupby

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from stremo_studio.ui.actions import Action, actions_in
from stremo_studio.ui.key_router import shown_key
from stremo_studio.ui.overlay import Overlay
from stremo_studio.ui.theme import GRID
from stremo_studio.ui.widgets import label

_COLUMNS = 3


class CheatSheet(Overlay):
    """All keys of one workspace, in groups, on one panel."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("Keys of this workspace")
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, 3 * GRID)
        self._outer.setSpacing(2 * GRID)
        self._body: QWidget | None = None

    def show_keys(self, workspace: str, title: str) -> None:
        """Fill the sheet for a workspace and open it."""
        if self._body is not None:
            self._outer.removeWidget(self._body)
            self._body.setParent(None)
            self._body.deleteLater()
        self._body = _sheet(workspace, title)
        self._outer.addWidget(self._body)
        self.open_over()


def _sheet(workspace: str, title: str) -> QWidget:
    body = QWidget()
    column = QVBoxLayout(body)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2 * GRID)
    top = QHBoxLayout()
    top.addWidget(label(f"Keys: {title}", "title"), 1)
    top.addWidget(label("Esc closes", "quiet"))
    column.addLayout(top)
    grid = QHBoxLayout()
    grid.setSpacing(4 * GRID)
    for groups in _balanced(_groups(workspace)):
        stack = QVBoxLayout()
        stack.setSpacing(2 * GRID)
        for name, actions in groups:
            stack.addLayout(_group(name, actions))
        stack.addStretch(1)
        grid.addLayout(stack)
    column.addLayout(grid)
    return body


def _groups(workspace: str) -> list[tuple[str, list[Action]]]:
    actions = sorted((a for a in actions_in(workspace) if a.keys), key=_order)
    return [(name, list(found)) for name, found in groupby(actions, key=_group_of)]


def _order(action: Action) -> int:
    names = list(dict.fromkeys(a.group for a in actions_in(action.workspace)))
    return names.index(action.group) + (100 if action.workspace == "anywhere" else 0)


def _group_of(action: Action) -> str:
    return action.group


def _balanced(groups: list[tuple[str, list[Action]]]) -> list[list[tuple[str, list[Action]]]]:
    """The groups in columns of about the same height."""
    total = sum(_height(actions) for _, actions in groups)
    columns: list[list[tuple[str, list[Action]]]] = [[]]
    height = 0
    for name, actions in groups:
        full = height + _height(actions) / 2 > total / _COLUMNS
        if height and full and len(columns) < _COLUMNS:
            columns.append([])
            height = 0
        columns[-1].append((name, actions))
        height += _height(actions)
    return columns


def _across(actions: list[Action]) -> int:
    """Pairs of keys have short names: two stand beside each other."""
    return 2 if all(" " in action.key for action in actions) else 1


def _height(actions: list[Action]) -> int:
    """Rows that a group takes, with its heading and the space below."""
    return -(-len(actions) // _across(actions)) + 2


def _group(name: str, actions: list[Action]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(2 * GRID)
    grid.setVerticalSpacing(GRID // 2)
    grid.addWidget(label(name, "heading"), 0, 0, 1, 4)
    across = _across(actions)
    for place, action in enumerate(actions):
        keys = " or ".join(shown_key(key) for key in action.keys)
        row, column = 1 + place // across, 2 * (place % across)
        grid.addWidget(label(keys, "key"), row, column, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(label(action.text), row, column + 1)
    grid.setColumnStretch(2 * across - 1, 1)
    return grid
