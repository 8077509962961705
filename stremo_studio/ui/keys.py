"""What a key press means, whatever the keyboard layout: a chord such as `Shift+1` or `Ctrl+R`.

Digits and, on layouts without Latin letters, letters are read from where the key lies, so that
1 2 3 work on AZERTY and A works on a Cyrillic keyboard.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent

_ROW = dict(zip(range(2, 12), "1234567890", strict=True))
_LETTERS = {
    **dict(zip(range(16, 26), "QWERTYUIOP", strict=True)),
    **dict(zip(range(30, 39), "ASDFGHJKL", strict=True)),
    **dict(zip(range(44, 51), "ZXCVBNM", strict=True)),
}
"""Set-1 scan codes of the main block; X11 and Wayland report them plus 8."""
_MAC_ROW = dict(zip((18, 19, 20, 21, 23, 22, 26, 28, 25, 29), "1234567890", strict=True))
_SHIFTED_ROW = dict(zip("!@#$%^&*()", "1234567890", strict=True))
"""Where no scan code is reported: the shifted digits of a US keyboard."""
NAMES = {
    Qt.Key.Key_Space: "Space",
    Qt.Key.Key_Backspace: "Backspace",
    Qt.Key.Key_Return: "Enter",
    Qt.Key.Key_Enter: "Enter",
    Qt.Key.Key_Escape: "Esc",
    Qt.Key.Key_Left: "Left",
    Qt.Key.Key_Right: "Right",
    Qt.Key.Key_Up: "Up",
    Qt.Key.Key_Down: "Down",
    Qt.Key.Key_Home: "Home",
    Qt.Key.Key_End: "End",
    Qt.Key.Key_PageUp: "PageUp",
    Qt.Key.Key_PageDown: "PageDown",
    Qt.Key.Key_Delete: "Delete",
}


def chords(event: QKeyEvent) -> list[str]:
    """The chords that a key event may mean, the likeliest first; empty for a bare modifier."""
    keys = [k for k in (_named(event), _digit(event), _letter(event)) if k]
    found = [_modifiers(event, shift=True) + key for key in keys[:1]]
    text = event.text()
    if len(text) == 1 and text.isprintable() and not text.isalnum() and text != " ":
        found.append(_modifiers(event, shift=False) + text)
    return found


def _modifiers(event: QKeyEvent, *, shift: bool) -> str:
    held = event.modifiers()
    names = {
        "Ctrl+": Qt.KeyboardModifier.ControlModifier,
        "Alt+": Qt.KeyboardModifier.AltModifier,
        **({"Shift+": Qt.KeyboardModifier.ShiftModifier} if shift else {}),
    }
    return "".join(name for name, flag in names.items() if held & flag)


def _named(event: QKeyEvent) -> str:
    return NAMES.get(Qt.Key(event.key()), "")


def _digit(event: QKeyEvent) -> str:
    if event.modifiers() & Qt.KeyboardModifier.KeypadModifier:
        return chr(event.key()) if Qt.Key.Key_0 <= event.key() <= Qt.Key.Key_9 else ""
    if QGuiApplication.platformName() == "cocoa":
        return _MAC_ROW.get(event.nativeVirtualKey(), "")
    scan = _scan_code(event)
    if scan:
        return _ROW.get(scan, "")
    if Qt.Key.Key_0 <= event.key() <= Qt.Key.Key_9:
        return chr(event.key())
    return _SHIFTED_ROW.get(event.text(), "")


def _letter(event: QKeyEvent) -> str:
    if Qt.Key.Key_A <= event.key() <= Qt.Key.Key_Z:
        return chr(event.key())
    latin = not event.text() or event.text().isascii()
    return "" if latin else _LETTERS.get(_scan_code(event), "")


def _scan_code(event: QKeyEvent) -> int:
    """Set-1 scan code; 0 where the platform reports none."""
    platform = QGuiApplication.platformName()
    if platform in ("xcb", "wayland"):
        return max(0, event.nativeScanCode() - 8)
    return event.nativeScanCode() if platform == "windows" else 0
