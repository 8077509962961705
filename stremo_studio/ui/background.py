"""Work that is too slow for the GUI thread: a function runs in a pool, its result comes back.

The function gets nothing of Qt and nothing of the project's database connection.
"""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal, Slot
from shiboken6 import isValid

_THREADS = 2


class _Messenger(QObject):
    """Carries a result from the pool into the GUI thread; lives there."""

    finished = Signal(object, object, object)


class _Job(QRunnable):
    def __init__(self, work: Callable[[], Any], key: int, messenger: _Messenger) -> None:
        super().__init__()
        self._work = work
        self._key = key
        self._messenger = messenger

    def run(self) -> None:
        result, error = None, None
        try:
            result = self._work()
        except Exception as caught:  # noqa: BLE001 - carried to the GUI thread and raised there
            error = caught
        try:
            self._messenger.finished.emit(self._key, result, error)
        except RuntimeError:
            return  # the window went away meanwhile: nobody waits for this result


class Background(QObject):
    """Runs functions off the GUI thread. `failed` gets exceptions that no caller asked for."""

    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(_THREADS)
        self._messenger = _Messenger(self)
        self._messenger.finished.connect(self._on_finished, Qt.ConnectionType.QueuedConnection)
        self._waiting: dict[
            int, tuple[Callable[[Any], None] | None, Callable[[Exception], None] | None]
        ] = {}
        self._next = 0

    @property
    def busy(self) -> bool:
        """True while a result is still to come."""
        return bool(self._waiting)

    def run(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> int:
        """Run `work` in the pool, then `done(result)` or `failed(exception)` on the GUI thread.

        Returns a ticket for `forget`.
        """
        self._next += 1
        self._waiting[self._next] = (done, failed)
        self._pool.start(_Job(work, self._next, self._messenger))
        return self._next

    def forget(self, ticket: int) -> None:
        """Drop the result of a job that nobody waits for any more; the work itself runs on."""
        self._waiting.pop(ticket, None)

    def forget_all(self) -> None:
        """Drop the results of everything under way, e.g. because the project closes."""
        self._waiting.clear()

    def finish(self) -> None:
        """Drop all results and wait for the running work; for the end of the program."""
        self._waiting.clear()
        self._pool.clear()
        self._pool.waitForDone(5_000)

    @Slot(object, object, object)
    def _on_finished(self, ticket: int, result: Any, error: Exception | None) -> None:
        waiting = self._waiting.pop(ticket, None)
        if waiting is None:
            return
        done, failed = waiting
        if _is_gone(done) or _is_gone(failed):
            return
        if error is None and done is not None:
            done(result)
        elif error is not None:
            (failed or self.failed.emit)(error)


def _is_gone(callback: Callable[..., None] | None) -> bool:
    """Whether this is the slot of a Qt object that was deleted while the work went on."""
    owner = getattr(callback, "__self__", None)
    return isinstance(owner, QObject) and not isValid(owner)
