"""The keys that a person chose in place of the table's: checked, and kept in the user's memory.

A key does one thing in a workspace. What the file holds that is no action, no key or taken is left
out, so that a damaged file costs a key and never the program.
"""

import re

from stremo_studio.domain.wording import counted
from stremo_studio.ui.actions import (
    ACTIONS,
    ANYWHERE,
    Action,
    action,
    choose_keys,
    current_actions,
)
from stremo_studio.ui.application import Memory
from stremo_studio.ui.key_text import shown_key
from stremo_studio.ui.keys import NAMES

_CHORD = re.compile(rf"(Ctrl\+)?(Alt\+)?(Shift\+)?({'|'.join(NAMES.values())}|[^\sa-z])")
_LEAVE = "window.leave"
"""Esc is the way out of everything, and stays it."""
_ESC = "Esc"


class KeyChoices:
    """`ignored` says what of the file could not be used; empty when all could."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._chosen, strange = _readable(memory.keys)
        while taken := self._clashing():
            for name in taken:
                del self._chosen[name]
                strange.append(name)
        number = counted(len(strange), "chosen key")
        names = ", ".join(sorted(strange)[:3]) + ("…" if len(strange) > 3 else "")
        self.ignored = f"{number} could not be used: {names}." if strange else ""
        choose_keys(self._chosen)

    def is_changed(self, wanted: Action) -> bool:
        """Whether a person chose this action's key."""
        return wanted.id in self._chosen

    def any_changed(self) -> bool:
        return bool(self._chosen)

    def choose(self, wanted: Action, key: str) -> str:
        """Give an action another key. Of a pair the second one is chosen. Returns why not, as a
        sentence; empty when it was done."""
        pair = wanted.key.split()
        key = f"{pair[0]} {key}" if len(pair) > 1 else key
        default = _default(wanted.id)
        if wanted.id == _LEAVE or _ESC in key.split():
            return "Esc always leaves: no other action gets it, and it does nothing else."
        if key in default.keys:
            return self.reset(wanted)
        if (other := _owner(wanted, (key,))) is not None:
            return f"{shown_key(key)} already does: {other.text}."
        self._set({**self._chosen, wanted.id: (key,)})
        return ""

    def reset(self, wanted: Action) -> str:
        """Back to the table's own keys; why not, where one of them does something else now."""
        if (other := _owner(wanted, _default(wanted.id).keys)) is not None:
            key = shown_key(_default(wanted.id).key)
            return f"{key} does now: {other.text}. Change that first."
        self._set({name: keys for name, keys in self._chosen.items() if name != wanted.id})
        return ""

    def reset_all(self) -> None:
        self._set({})

    def _set(self, chosen: dict[str, tuple[str, ...]]) -> None:
        self._chosen = chosen
        choose_keys(chosen)
        self._memory.keys = {name: list(keys) for name, keys in chosen.items()}
        self._memory.save()

    def _clashing(self) -> list[str]:
        """Chosen keys that do something else, too; of two that were chosen, both."""
        choose_keys(self._chosen)
        return [n for n in self._chosen if _owner(action(n), action(n).keys) is not None]


def _owner(wanted: Action, keys: tuple[str, ...]) -> Action | None:
    """Another action that one of these keys would do where `wanted` can be done."""
    others = (o for o in current_actions() if o.id != wanted.id and _meet(wanted, o))
    return next((o for o in others if any(_same(a, b) for a in keys for b in o.keys)), None)


def _meet(one: Action, other: Action) -> bool:
    return one.workspace == other.workspace or ANYWHERE in (one.workspace, other.workspace)


def _same(one: str, other: str) -> bool:
    """The same chord, or one that begins the other's pair."""
    return one == other or one == other.split()[0] or other == one.split()[0]


def _readable(kept: object) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """What the file says, as far as it names actions and keys; and what it names otherwise."""
    good: dict[str, tuple[str, ...]] = {}
    strange: list[str] = []
    for name, keys in kept.items() if isinstance(kept, dict) else ():
        known = next((a for a in ACTIONS if a.id == name), None)
        if known is None or name == _LEAVE or not _are_keys(known, keys):
            strange.append(str(name))
        else:
            good[name] = tuple(keys)
    return good, strange


def _are_keys(known: Action, keys: object) -> bool:
    if not isinstance(keys, list) or len(keys) != 1 or not isinstance(keys[0], str):
        return False
    chords = keys[0].split()
    pair = known.key.split()
    if len(chords) != len(pair) or chords[:-1] != pair[:-1] or _ESC in chords:
        return False
    return all(_CHORD.fullmatch(chord) for chord in chords)


def _default(action_id: str) -> Action:
    return next(a for a in ACTIONS if a.id == action_id)
