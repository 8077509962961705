"""How fast somebody labels, in clips a minute over the last five minutes or since the start."""

import time
from collections import deque

_SECONDS = 300.0


class Pace:
    """Counts answers as they are given."""

    def __init__(self) -> None:
        self._answered_at: deque[float] = deque()

    def count(self, clips: int) -> None:
        """So many clips were answered just now."""
        self._answered_at.extend([time.monotonic()] * clips)

    def per_minute(self) -> float:
        """Clips a minute; 0 until there is something to measure."""
        now = time.monotonic()
        while self._answered_at and self._answered_at[0] < now - _SECONDS:
            self._answered_at.popleft()
        if len(self._answered_at) < 2:
            return 0.0
        return 60 * (len(self._answered_at) - 1) / max(1.0, now - self._answered_at[0])
