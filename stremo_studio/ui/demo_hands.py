"""Fingers and eyes of the demo: key events to the window, conditions waited for, screenshots."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCompleter, QFileDialog, QLineEdit, QWidget

from stremo_studio.ui.main_window import MainWindow

CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
SOON_MS = 20
_DIALOG_S = 20.0
P = TypeVar("P", bound=QWidget)


class DemoFailed(Exception):  # noqa: N818 - says which step failed; no error of the program
    """A step did not do what it must; the message says which."""


class Hands:
    """What a person does, one method each."""

    def __init__(self, window: MainWindow, folder: Path) -> None:
        self._window, self._folder = window, folder
        self._began = time.monotonic()
        self._dialog_until = 0.0
        self._to_type = ""

    def press(
        self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        """One key down and up, sent to the widget that has the keys."""
        QTest.keyClick(self._window.focusWidget() or self._window, key, modifiers)
        self.pause(SOON_MS)

    def answer_dialog(self, text: str) -> None:
        """Before a key that opens a file dialog: type `text` into it and press Enter."""
        self._to_type = text
        self._dialog_until = time.monotonic() + _DIALOG_S
        QTimer.singleShot(SOON_MS, self._window, self._type_into_dialog)

    def pause(self, milliseconds: int) -> None:
        """Let the program work."""
        QTest.qWait(milliseconds)

    def wait(self, condition: Callable[[], bool], what: str, seconds: float) -> None:
        """Let the program work until `condition`; fails after that many seconds."""
        until = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > until:
                raise DemoFailed(f"waited {seconds:.0f} s in vain for {what}")
            self.pause(SOON_MS)

    def check(self, condition: bool, what: str) -> None:
        """Fail unless it is so."""
        if not condition:
            raise DemoFailed(f"expected {what}")

    def front(self, kind: type[P]) -> P:
        """The page in front, which must be of that kind."""
        page = self._window.page(self._window.workspace)
        if not isinstance(page, kind):
            raise DemoFailed(f"expected the {kind.__name__} in front")
        return page

    def shoot(self, name: str) -> None:
        """Save what the window shows as `name.png`."""
        file = self._folder / f"{name}.png"
        self.check(self._window.grab().save(str(file)), f"to write {file}")

    def say(self, sentence: str) -> None:
        """One line for whoever watches the terminal."""
        print(f"[{time.monotonic() - self._began:5.1f} s] {sentence}", flush=True)

    def _type_into_dialog(self) -> None:
        """Runs inside the dialog's own event loop. Enter counts only once the dialog has read
        its folder, so it is pressed again; the dialog must never be left open."""
        dialog = QApplication.activeModalWidget()
        late = time.monotonic() > self._dialog_until
        if isinstance(dialog, QFileDialog):
            field = dialog.findChild(QLineEdit, "fileNameEdit")
            if late or field is None:
                dialog.reject()
                return
            if field.text() != self._to_type:
                field.setCompleter(QCompleter())  # an empty one: a list would take the Enter
                field.selectAll()
                QTest.keyClicks(field, self._to_type)
            QTest.keyClick(field, Qt.Key.Key_Return)
            if not dialog.isVisible():
                return
        if not late:
            QTimer.singleShot(5 * SOON_MS, self._window, self._type_into_dialog)
