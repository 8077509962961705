"""Manners: how soon a site may be asked again.

Between two recordings of one site lies the interval, give or take a half; after a fault of the
site everything of it waits, each time twice as long, or as long as the site itself says.
"""

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

LONGEST_WAIT = 3600.0
"""Seconds. A site that wants to be left alone for longer is left to a person."""


@dataclass(slots=True)
class _Site:
    free_at: float = 0.0
    strikes: int = 0
    struck_at: float = -1.0
    asked_at: float = float("-inf")


@dataclass(slots=True)
class Pace:
    """`interval_s` between two recordings of a site; `backoff_s` after its first fault."""

    interval_s: float
    backoff_s: float
    now: Callable[[], float] = monotonic
    _sites: dict[str, _Site] = field(default_factory=lambda: defaultdict(_Site))

    def wait(self, site: str) -> float:
        """Seconds until the site may be asked; 0 for now."""
        return max(0.0, self._sites[site].free_at - self.now())

    def ask(self, site: str) -> None:
        """Somebody asks the site now: the next one waits."""
        pause = self.interval_s * random.uniform(0.5, 1.5)
        self._sites[site].free_at = self.now() + pause

    def asked(self, site: str) -> None:
        """The first request of a recording goes out now."""
        self._sites[site].asked_at = self.now()

    def turn(self, site: str) -> float:
        """Seconds to wait before the first request of a recording: workers that were let go one
        after another may be held up, and would then ask at the same time."""
        return max(0.0, self._sites[site].asked_at + self.interval_s / 2 - self.now())

    def answered(self, site: str) -> None:
        """The site is well again."""
        self._sites[site].strikes = 0

    def strike(self, site: str, asked_at: float, retry_after: float | None) -> int:
        """A fault of the whole site, met by somebody who asked at `asked_at`; returns how many
        in a row. Those who asked before the last one count together with it."""
        struck = self._sites[site]
        if asked_at >= struck.struck_at:
            struck.strikes += 1
            struck.struck_at = self.now()
        pause = self.backoff(struck.strikes) if retry_after is None else retry_after
        struck.free_at = max(struck.free_at, self.now() + pause)
        return struck.strikes

    def backoff(self, tries: int) -> float:
        """Seconds after so many faults in a row, the first counting as 1."""
        pause: float = self.backoff_s * 2.0 ** (max(1, tries) - 1) * random.uniform(1.0, 1.5)
        return min(LONGEST_WAIT, pause)
