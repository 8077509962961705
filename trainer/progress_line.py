"""Progress on a terminal: a bar that rewrites its line; elsewhere a line now and then."""

import time
from dataclasses import dataclass, field
from typing import TextIO

_WIDTH = 24
_EVERY_S = 5.0


@dataclass(slots=True)
class ProgressLine:
    """`name` says what is done, `unit` what is counted."""

    name: str
    unit: str
    out: TextIO
    _next: float = field(default=0.0)

    def tell(self, done: int, total: int, left_s: float | None) -> None:
        """Show how far it is. Not every call is shown where lines stay."""
        sentence = f"{done:,} of {total:,} {self.unit}{_left(left_s)}"
        now, over = time.monotonic(), done >= total
        if self.out.isatty():
            full = round(_WIDTH * done / max(1, total))
            bar = "█" * full + "░" * (_WIDTH - full)
            self.out.write(f"\r\x1b[K{self.name} {bar} {sentence}" + ("\n" if over else ""))
        elif over or now >= self._next:
            self._next = now + _EVERY_S
            self.out.write(f"{self.name}: {sentence}\n")
        self.out.flush()

    def tell_bytes(self, done: int, total: int) -> None:
        """The same for a download."""
        self.tell(done // 1_000_000, max(1, total // 1_000_000), None)


def _left(seconds: float | None) -> str:
    """For example `, 1 h 20 min left`."""
    if seconds is None or seconds < 1:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f", {hours} h {minutes} min left"
    return f", {minutes} min left" if minutes else f", {rest} s left"
