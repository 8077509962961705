"""Sends every key press to the action it stands for in the workspace in front.

One event filter on the application, so that a key works wherever the focus is. Text fields keep
their keys; of ours only Esc, an undo the field has no use for, and Ctrl chords pass.
"""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from stremo_studio.ui.actions import ANYWHERE, Action, actions_in
from stremo_studio.ui.keys import chords

_TEXT = (QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox)
_FIELD_KEYS = {
    *("Ctrl+A", "Ctrl+C", "Ctrl+X", "Ctrl+V", "Ctrl+Y", "Ctrl+Shift+Z", "Ctrl+Backspace"),
    *("Ctrl+Delete", "Ctrl+Left", "Ctrl+Right", "Ctrl+Home", "Ctrl+End"),
}
"""What every text field does; a person may have chosen one of them for the window."""
_OWN_KEYS: dict[type[QWidget], set[str]] = {
    QAbstractButton: {"Space", "Enter"},
    QAbstractSlider: {"Left", "Right", "Up", "Down", "Home", "End"},
}


@dataclass(frozen=True, slots=True)
class _Held:
    """An action that lasts as long as its key is down, and where it was begun."""

    action: Action
    workspace: str
    key: int
    scan: int

    def is_let_go_by(self, event: QKeyEvent) -> bool:
        """Whether it is the key that comes up, with whatever modifiers are down by now."""
        scan = event.nativeScanCode()
        return event.key() == self.key or (scan != 0 and scan == self.scan)


class KeyRouter(QObject):
    """Looks up chords in the action table. `chosen(Action)` before an action is performed;
    `prefix_changed(str)` when the first of two keys was pressed, "" when it is over."""

    chosen = Signal(object)
    prefix_changed = Signal(str)

    def __init__(
        self,
        window: QWidget,
        workspace: Callable[[], str],
        perform: Callable[[Action, bool], None],
    ) -> None:
        """`perform(action, released)` does it; `workspace()` names the one in front."""
        super().__init__(window)
        self._window = window
        self._workspace = workspace
        self._perform = perform
        self._prefix = ""
        self._held: _Held | None = None
        self._taker: Callable[[list[str]], None] | None = None
        self._app = QApplication.instance()
        assert self._app is not None
        self._app.installEventFilter(self)

    def take_next(self, taker: Callable[[list[str]], None] | None) -> None:
        """Hand the next key press over instead of acting on it; None takes the wish back."""
        self._taker = taker

    def stop(self) -> None:
        """Hear no more keys."""
        if self._app is not None:
            self._app.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.WindowDeactivate and watched is self._window:
            self._let_go()  # the key will come up where we do not hear it
        if kind not in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            return False
        if not isinstance(event, QKeyEvent) or not self._concerns(watched):
            return False
        if kind == QEvent.Type.KeyRelease:
            return self._on_release(event)
        return self._on_press(event)

    def _concerns(self, watched: QObject) -> bool:
        """Keys of the main window, while no menu and no dialog is open above it."""
        return (
            isinstance(watched, QWidget)
            and watched.window() is self._window
            and QApplication.activeModalWidget() is None
            and QApplication.activePopupWidget() is None
        )

    def _on_press(self, event: QKeyEvent) -> bool:
        pressed = chords(event)
        if not pressed:
            return False
        if self._taker is not None:
            if not event.isAutoRepeat():
                taker, self._taker = self._taker, None
                taker(pressed)
            return True
        if self._prefix:
            pressed = [f"{self._prefix} {chord}" for chord in pressed]
        elif not self._passes_focus(pressed[0]):
            return False
        if not event.isAutoRepeat():
            found = self._find(pressed)
        else:  # a held key does nothing, and must not reach a table's type-ahead either
            return self._find(pressed) is not None or self._starts_pair(pressed)
        if self._prefix or self._starts_pair(pressed):
            self._set_prefix("" if self._prefix else pressed[0])
            if found is None:
                return True
        if found is None:
            return False
        if found.release:
            self._let_go()
            place = self._workspace()
            self._held = _Held(found, place, event.key(), event.nativeScanCode())
        self.chosen.emit(found)
        self._perform(found, False)
        return True

    def _on_release(self, event: QKeyEvent) -> bool:
        if self._held is None or event.isAutoRepeat() or not self._held.is_let_go_by(event):
            return False
        self._let_go()
        return True

    def _let_go(self) -> None:
        """End what a held key does; a page that was left meanwhile has ended it itself."""
        held, self._held = self._held, None
        if held is not None and held.workspace == self._workspace():
            self._perform(held.action, True)

    def _find(self, pressed: list[str]) -> Action | None:
        """The action of the first chord that has one; the workspace's own win."""
        actions = actions_in(self._workspace())
        for chord in pressed:
            for action in actions:
                if chord in action.keys:
                    return action
        return None

    def _starts_pair(self, pressed: list[str]) -> bool:
        start = f"{pressed[0]} "
        return any(k.startswith(start) for a in actions_in(self._workspace()) for k in a.keys)

    def _set_prefix(self, prefix: str) -> None:
        self._prefix = prefix
        self.prefix_changed.emit(prefix)

    def _passes_focus(self, chord: str) -> bool:
        """Whether the widget with the focus leaves this chord to us."""
        focus = self._window.focusWidget()
        for kind, own in _OWN_KEYS.items():
            if isinstance(focus, kind) and chord in own:
                return False
        if not isinstance(focus, _TEXT):
            return True
        if chord == "Ctrl+Z":
            return not _can_undo(focus)
        if chord == "Esc":
            return True
        action = self._find([chord])
        anywhere = action is not None and action.workspace == ANYWHERE
        return anywhere and chord.startswith(("Ctrl+", "Alt+")) and chord not in _FIELD_KEYS


def _can_undo(field: QWidget) -> bool:
    if isinstance(field, QLineEdit):
        return field.isUndoAvailable()
    if isinstance(field, QPlainTextEdit | QTextEdit):
        return field.document().isUndoAvailable()
    return False
