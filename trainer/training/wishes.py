"""What the studio, the terminal or the machine wants of a run under way.

A run never stops in the middle of a step: it asks `Wishes.check` between steps.
"""

import os
import signal
import threading
from io import FileIO
from pathlib import Path
from typing import BinaryIO

from trainer.contract import protocol
from trainer.contract.run_folder import CANCELLED, INTERRUPTED

SIGNALS = ("SIGTERM", "SIGINT", "SIGUSR1", "SIGUSR2")
"""Each asks to save and leave; the last two are what SLURM's `--signal` sends before a time-out."""


class RunEnded(Exception):  # noqa: N818 - it is none
    """Not an error: the run ends here as `cancelled` or stays `interrupted`."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


class Wishes:
    """Set by a reading thread or a signal, asked by the run. The strongest wish wins."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._cancel = threading.Event()
        self._leave = threading.Event()

    def stop(self) -> None:
        """Stop and keep the best checkpoint."""
        self._stop.set()

    def cancel(self) -> None:
        """End without an evaluation."""
        self._cancel.set()

    def leave(self) -> None:
        """Nobody listens any more: end, leaving the folder as an interrupted run."""
        self._leave.set()

    def check(self, *, something_to_keep: bool = True) -> bool:
        """Call between steps; True means: stop now and keep the best checkpoint.

        Raises RunEnded when the run was cancelled, when nobody listens any more, and when it
        shall stop before there is `something_to_keep`.
        """
        if self._cancel.is_set():
            raise RunEnded(CANCELLED)
        if self._leave.is_set():
            raise RunEnded(INTERRUPTED)
        if self._stop.is_set() and not something_to_keep:
            raise RunEnded(CANCELLED)
        return self._stop.is_set()

    @property
    def strength(self) -> int:
        """Of the strongest wish, 0 when there is none: for `take` in another process."""
        wishes = enumerate((self._stop, self._leave, self._cancel), 1)
        return max((number for number, wish in wishes if wish.is_set()), default=0)

    def take(self, strength: int) -> None:
        """Wish what another process wishes."""
        if strength:
            (self._stop, self._leave, self._cancel)[strength - 1].set()

    @property
    def stop_wished(self) -> bool:
        return self._stop.is_set()

    def listen(self, stdin: BinaryIO, studio: bool) -> None:
        """Obey commands from `stdin` and the signals that ask a process to end.

        The end of `stdin` means that the studio is gone, but only when a `studio` started this
        process: a terminal, cron or `</dev/null` has nothing to say and wishes nothing.
        """
        threading.Thread(target=self._read, args=(stdin, studio), daemon=True).start()
        for name in SIGNALS:
            if number := getattr(signal, name, None):  # Windows has not all of them
                signal.signal(number, self._on_signal)

    def _read(self, stdin: BinaryIO, studio: bool) -> None:
        for line in stdin:
            command = protocol.decode(line.decode("utf-8", errors="replace"))
            if isinstance(command, protocol.StopAndKeepBest):
                self.stop()
            elif isinstance(command, protocol.Cancel):
                self.cancel()
        if studio:
            self.leave()

    def _on_signal(self, number: int, frame: object) -> None:
        """A second Ctrl+C does not wait for the step."""
        if self._leave.is_set() and number == signal.SIGINT:
            os._exit(128 + number)
        self.leave()


def stdin_bytes() -> BinaryIO:
    """Standard input, or an empty one where a program has none (pythonw, a closed descriptor).

    Unbuffered: a thread waiting inside `sys.stdin.buffer` would hold its lock, and Python aborts
    the process when it cannot take that lock at exit.
    """
    try:
        return FileIO(0, closefd=False)
    except OSError:
        return Path(os.devnull).open("rb")
