"""Words that name keys: `Flag  {label.flag}` shows the key that flags now.

A widget keeps its words with the names in them, so that one walk over the widgets is enough when
somebody chooses another key; nothing has to listen.
"""

import re
from typing import TypeVar

from PySide6.QtWidgets import QApplication, QWidget

from stremo_studio.ui.actions import action

W = TypeVar("W", bound=QWidget)
_NAMED = re.compile(r"\{(\w+(?:\.\w+)+)(:last)?\}")
_SETTERS = {"text": "setText", "tip": "setToolTip", "hint": "setPlaceholderText"}
_ARROWS = {"Left": "←", "Right": "→", "Up": "↑", "Down": "↓", "Backspace": "⌫"}


def with_keys(words: str) -> str:
    """The words with every `{action.id}` as the key that does it now; of two keys in a row
    `{action.id:last}` is the second. Braces around anything else are left alone."""
    return _NAMED.sub(_key, words)


def _key(found: re.Match[str]) -> str:
    try:
        key = action(found[1]).key
    except KeyError:
        return found[0]
    return shown_key(key.split()[-1] if found[2] and key else key)


def shown_key(key: str) -> str:
    """A chord as people read it: `E A` as `E, A`, arrows as arrows."""
    return ", ".join("+".join(_ARROWS.get(p, p) for p in part.split("+")) for part in key.split())


def keyed(widget: W, **words: str) -> W:
    """Give a widget words that name keys: its `text`, its tool `tip`, or the `hint` of a field."""
    for part, text in words.items():
        widget.setProperty(f"keyed_{part}", text)
        _show(widget, part)
    return widget


def refresh_keys() -> None:
    """The keys have changed: every widget that names some is told so. One that paints or makes its
    words itself has a method `on_keys_changed`."""
    for widget in QApplication.allWidgets():
        for part in _SETTERS:
            if widget.property(f"keyed_{part}"):
                _show(widget, part)
        show = getattr(widget, "on_keys_changed", None)
        if show is not None:
            show()


def _show(widget: QWidget, part: str) -> None:
    getattr(widget, _SETTERS[part])(with_keys(str(widget.property(f"keyed_{part}"))))
