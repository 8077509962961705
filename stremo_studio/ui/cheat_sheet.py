"""The cheat sheet (`?`): the keys of the workspace in front, from the action table, and the place
where another key is chosen: press one on the sheet, then the new one."""

from functools import partial
from itertools import groupby

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from stremo_studio.ui.actions import Action, action, actions_in
from stremo_studio.ui.key_text import shown_key
from stremo_studio.ui.overlay import Overlay
from stremo_studio.ui.theme import GRID
from stremo_studio.ui.widgets import button, give_role, label

_COLUMNS = 3
_COLUMN = 48 * GRID
HINT = "Press a key on this sheet to choose another."


class CheatSheet(Overlay):
    """All keys of one workspace, in groups. `key_pressed(Action)`: another key is wanted for it;
    `reset_pressed(str)`: the id of an action, empty for all; `closed`."""

    key_pressed = Signal(object)
    reset_pressed = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("Keys of this workspace")
        self._asked = ""
        self._keys: dict[str, QPushButton] = {}
        self._words: dict[str, QLabel] = {}
        self._title = label(role="title")
        self._said = label(HINT, "quiet")
        self._said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._reset = button("Put it back")
        self._reset.clicked.connect(self._on_reset)
        self._reset_all = button("Put all keys back", "flat")
        self._reset_all.clicked.connect(self._on_reset_all)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        top = QHBoxLayout()
        top.setSpacing(2 * GRID)
        top.addWidget(self._title)
        top.addWidget(self._said, 1)
        for part in (self._reset, self._reset_all, label("Esc closes", "quiet")):
            top.addWidget(part)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(3 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        outer.setSpacing(GRID)
        outer.addLayout(top)
        outer.addWidget(self._area, 1)

    def show_keys(self, workspace: str, title: str, changed: set[str]) -> None:
        """Fill the sheet for a workspace and open it; `changed` are ids of actions whose key a
        person chose."""
        self._title.setText(f"Keys: {title}")
        old = self._area.takeWidget()
        if old is not None:
            old.deleteLater()
        self._keys, self._words = {}, {}
        self._area.setWidget(self._sheet(workspace))
        self.refresh(changed)
        self.say(HINT)
        self.open_over()
        next(iter(self._keys.values())).setFocus()  # so that Tab walks the sheet

    def refresh(self, changed: set[str]) -> None:
        """Show the keys of now."""
        for name, made in self._keys.items():
            found = action(name)
            made.setText(" or ".join(shown_key(key) for key in found.keys))
            made.setAccessibleName(f"{found.text}: {made.text()}")
            give_role(self._words[name], "changed" if name in changed else "")
        self._reset_all.setVisible(bool(changed))

    def ask(self, wanted: Action, *, changed: bool) -> None:
        """The next key press is for this action."""
        self._asked = wanted.id
        pair = wanted.key.split()[:-1]
        first = f"after {pair[0]}, " if pair else ""
        self.say(f"{wanted.text}: {first}press the new key. Esc keeps {shown_key(wanted.key)}.",
                 asking=True)  # fmt: skip
        self._reset.setVisible(changed)
        give_role(self._keys[wanted.id], "key_asked")

    def say(self, words: str, *, asking: bool = False) -> None:
        """One sentence at the top: what to do, or why a key is refused."""
        if not asking:
            self._reset.hide()
            if self._asked in self._keys:
                give_role(self._keys[self._asked], "key")
            self._asked = ""
        self._said.setText(words)
        self._said.setToolTip(words)
        give_role(self._said, "quiet" if words == HINT else "awaiting")

    def sizeHint(self) -> QSize:
        sheet = self._area.widget()
        height = sheet.sizeHint().height() if sheet else 0
        return QSize(_COLUMNS * _COLUMN, height + 9 * GRID)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.closed.emit()

    @property
    def said(self) -> str:
        """The sentence at the top."""
        return self._said.text()

    def key_button(self, action_id: str) -> QPushButton:
        """The button that shows the keys of an action."""
        return self._keys[action_id]

    def _on_reset(self) -> None:
        self.reset_pressed.emit(self._asked)

    def _on_reset_all(self) -> None:
        self.reset_pressed.emit("")

    def _sheet(self, workspace: str) -> QWidget:
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, GRID, 0)
        row.setSpacing(3 * GRID)
        for groups in _balanced(_groups(workspace)):
            stack = QVBoxLayout()
            stack.setSpacing(2 * GRID)
            for name, actions in groups:
                stack.addLayout(self._group(name, actions))
            stack.addStretch(1)
            row.addLayout(stack, 1)
        return body

    def _group(self, name: str, actions: list[Action]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(GRID)
        grid.setVerticalSpacing(GRID // 2)
        grid.addWidget(label(name, "heading"), 0, 0, 1, 4)
        across = _across(actions)
        for place, found in enumerate(actions):
            made = self._keys[found.id] = button("", "key")
            made.clicked.connect(partial(self.key_pressed.emit, found))
            words = self._words[found.id] = label(found.text, wrap=True)
            row, column = 1 + place // across, 2 * (place % across)
            grid.addWidget(made, row, column, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(words, row, column + 1)
        for column in range(across):
            grid.setColumnStretch(2 * column + 1, 1)
        return grid


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
