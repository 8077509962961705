"""Events out of a run: to the studio, to `metrics.jsonl`, to `run.log`, to the terminal.

Everything that may be written to descriptor 1 by a library, even from C, goes to stderr: the
events keep a private copy of it. What a person reads is made from the same events.
"""

import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import BinaryIO, Self, TextIO

from trainer.contract import protocol
from trainer.contract.run_folder import RunFolder
from trainer.describe import describe

HEARTBEAT_S = 1.0
THROTTLE_S = 0.1
STEPS_RETOLD = 2_000
_CLEAR = "\r\x1b[K"


def keep_stdout() -> BinaryIO:
    """A private copy of descriptor 1, which from now on leads to stderr."""
    if sys.stdout is not None:  # as under pythonw
        sys.stdout.flush()
    private = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return private


class Reporter:
    """Sends events. Thread-safe; may be called thousands of times a second.

    `stream` gets JSON lines (None: nobody reads them), `terminal` gets sentences; when the
    stream's reader or the folder is gone, `on_gone` is called and the run goes on until it asks.
    """

    def __init__(
        self,
        folder: RunFolder,
        stream: BinaryIO | None,
        terminal: TextIO | None = None,
        on_gone: Callable[[], None] = lambda: None,
    ) -> None:
        self._folder = folder
        self._stream, self._terminal, self._on_gone = stream, terminal, on_gone
        self._log = folder.log_file.open("a", encoding="utf-8", buffering=1)
        self._metrics = folder.metrics_file.open("a", encoding="utf-8", buffering=1)
        self._lock = threading.RLock()
        self._held_back: protocol.StepLogged | None = None
        self._next_step = 0.0
        self._step = 0
        self._closed = threading.Event()

    def __enter__(self) -> Self:
        threading.Thread(target=self._beat, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self._closed.set()
        with self._lock:
            self._log.close()
            self._metrics.close()
            if self._terminal is not None and self._terminal.isatty():
                self._terminal.write(_CLEAR)

    def send(self, event: protocol.Event) -> None:
        """Record and send one event. Of many `StepLogged` about ten a second are sent, and
        always the last before another event; `metrics.jsonl` gets them all."""
        with self._lock:
            if isinstance(event, protocol.StepLogged | protocol.EpochFinished | protocol.Warned):
                self._metrics.write(protocol.encode(event) + "\n")
            if isinstance(event, protocol.StepLogged):
                self._step = event.step
                self._held_back = event
                if time.monotonic() < self._next_step:
                    return
            self._send_held_back()
            if not isinstance(event, protocol.StepLogged):
                self._put(event)

    def stage(self, name: str, total: int, unit: str = "clips") -> "Stage":
        """Announce a stage; call its `advance` as the work goes on."""
        return Stage(self, name, total, unit)

    def warn(self, message: str, hint: str = "") -> None:
        self.send(protocol.Warned(message, hint))

    def log(self, text: str) -> None:
        """A line for `run.log`. A full disk must not hide the error that is being logged."""
        with self._lock, suppress(OSError, ValueError):
            self._log.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {text}\n")

    def recorded(self) -> int:
        """Bytes of `metrics.jsonl`, all of them safe on the disk."""
        with self._lock:
            self._metrics.flush()
            os.fsync(self._metrics.fileno())
            return os.fstat(self._metrics.fileno()).st_size

    def rewind(self, size: int) -> None:
        """Take back what `metrics.jsonl` recorded after its first `size` bytes, and send the rest
        once more: whoever listens now may not have heard it. All epochs, and of many steps as
        many as a curve can show."""
        with self._lock:
            self._metrics.truncate(min(size, self.recorded()))
            lines = self._folder.metrics_file.read_bytes().splitlines(keepends=True)
            every = 1 + len(lines) // STEPS_RETOLD
            self._write(b"".join(x for i, x in enumerate(lines) if b"Epoch" in x or i % every == 0))

    @property
    def log_descriptor(self) -> int:
        return self._log.fileno()

    def _send_held_back(self) -> None:
        if self._held_back is not None:
            self._put(self._held_back)
            self._held_back = None
            self._next_step = time.monotonic() + THROTTLE_S

    def _put(self, event: protocol.Event) -> None:
        self._write((protocol.encode(event) + "\n").encode())
        sentence = describe(event)
        if not sentence:
            return
        passing = isinstance(event, protocol.StepLogged | protocol.StageProgressed)
        if not passing:
            self.log(sentence)
        if self._terminal is not None:
            _show(self._terminal, sentence, passing)

    def _write(self, lines: bytes) -> None:
        if self._stream is not None:
            try:
                self._stream.write(lines)
                self._stream.flush()
            except OSError:  # a broken pipe: nobody reads any more
                self._stream = None
                self._on_gone()

    def _beat(self) -> None:
        while not self._closed.wait(HEARTBEAT_S):
            with self._lock:
                if self._closed.is_set():
                    return
                self._put(protocol.Heartbeat(self._step))
                if not self._folder.metrics_file.exists():
                    self._put(protocol.Warned("The run folder is gone.", "Start a new run."))
                    self._on_gone()
                    return


class Stage:
    """Progress through a known number of things, with the time left. About ten events a second."""

    def __init__(self, reporter: Reporter, name: str, total: int, unit: str) -> None:
        self._reporter, self._name, self._total, self._unit = reporter, name, total, unit
        self._started = time.monotonic()
        self._next = 0.0
        self._done = self._found = 0
        self._report()

    def advance(self, count: int = 1, *, found: bool = False) -> None:
        """So many more; `found` are those done before, which say nothing about the speed."""
        self._done += count
        self._found += count if found else 0
        if time.monotonic() >= self._next or self._done >= self._total:
            self._report()

    def _report(self) -> None:
        now = time.monotonic()
        self._next = now + THROTTLE_S
        spent, left = now - self._started, max(0, self._total - self._done)
        worked = self._done - self._found
        eta = spent / worked * left if worked else None if left else 0.0
        self._reporter.send(
            protocol.StageProgressed(self._name, self._done, self._total, self._unit, eta)
        )


def _show(terminal: TextIO, sentence: str, passing: bool) -> None:
    """On a screen, passing progress rewrites its line; in a file it would only be noise."""
    with suppress(OSError):
        if terminal.isatty():
            terminal.write(f"{_CLEAR}{sentence}" + ("" if passing else "\n"))
            terminal.flush()
        elif not passing:
            terminal.write(sentence + "\n")
            terminal.flush()
