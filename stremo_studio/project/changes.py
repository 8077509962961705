"""The one notification in the program: after every change, what changed.

Screens subscribe and refresh from it; nobody calls a screen.
"""

from collections.abc import Callable
from dataclasses import dataclass

from stremo_studio.domain.clip import ClipId
from stremo_studio.domain.recording import RecordingId


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed. `clips` are clips whose row changed; `worklist` means that clips came or
    went; `sources` are recordings whose audio changed its state; `model`: another run may be the
    active one. `sentence` says it to a person, e.g. "Label clip 12 positive"."""

    clips: frozenset[ClipId] = frozenset()
    worklist: bool = False
    runs: bool = False
    history: bool = True
    settings: bool = False
    model: bool = False
    sources: frozenset[RecordingId] = frozenset()
    sentence: str = ""


class ChangeFeed:
    """Calls every subscriber, in the order they came, after each committed change."""

    def __init__(self) -> None:
        self._subscribers: list[Callable[[Changes], None]] = []

    def subscribe(self, listener: Callable[[Changes], None]) -> Callable[[], None]:
        """Add a subscriber; the returned function removes it."""
        self._subscribers.append(listener)
        return lambda: self._subscribers.remove(listener)

    def publish(self, changes: Changes) -> None:
        for listener in list(self._subscribers):
            listener(changes)
