"""What the set-up says while it works: one line a step, alive on a terminal, plain in a log."""

import sys
import threading
import time
from types import TracebackType


class SetupError(Exception):
    """The set-up cannot go on. The message is what the user reads, as it stands."""


def say(text: str) -> None:
    """Print a line at once, even into a pipe."""
    print(text, flush=True)


class Step:
    """One step of the set-up: `with Step("Python packages") as step: step.now_at("torch")`.

    On a terminal one line shows where it is and for how long; in a log each place is a line.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._place = ""
        self._began = time.monotonic()
        self._over = threading.Event()
        self._ticker = threading.Thread(target=self._tick, daemon=True)
        self._alive = sys.stdout.isatty()

    def now_at(self, place: str) -> None:
        """Say where the step is."""
        if place != self._place and not self._alive:
            say(f"    {place}")
        self._place = place

    def __enter__(self) -> "Step":
        if self._alive:
            self._ticker.start()
        else:
            say(f"  {self._name} …")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._over.set()
        if self._alive:
            self._ticker.join()
            print("\r\033[K", end="")
        outcome = "done" if error is None else "not done"
        say(f"  {self._name}: {outcome} after {time.monotonic() - self._began:.1f} s")

    def _tick(self) -> None:
        while not self._over.wait(0.2):
            seconds = time.monotonic() - self._began
            line = f"  {self._name}: {seconds:3.0f} s  {self._place}"
            print(f"\r\033[K{line[:100]}", end="", flush=True)
