"""Who is next: the recordings that wait, in their order, each when its site may be asked."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from time import monotonic
from urllib.parse import urlsplit

from stremo_studio.domain.source_fault import EVERYTHING, RECORDING, fault_of
from stremo_studio.downloader.faults import Complaint
from stremo_studio.downloader.messages import Fetch
from stremo_studio.downloader.pace import LONGEST_WAIT, Pace


@dataclass(frozen=True, slots=True)
class Job:
    """`tries` counts what has failed so far; `not_before` and `asked_at` are monotonic seconds."""

    fetch: Fetch
    tries: int = 0
    not_before: float = 0.0
    asked_at: float = 0.0

    @property
    def site(self) -> str:
        return urlsplit(self.fetch.link).netloc.lower()


class Line:
    """Thread-safe. Workers `take` jobs and give each back as `done`, `failed` or `dropped`."""

    def __init__(
        self,
        pace: Pace,
        now: Callable[[], float] = monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._pace, self._now, self._sleep = pace, now, sleep
        self._gates: dict[str, threading.Lock] = {}
        self._waiting: dict[int, Job] = {}
        self._running: dict[int, Job] = {}
        self._unwanted: set[int] = set()
        self._closed = False
        self._changed = threading.Condition()

    def add(self, fetch: Fetch) -> None:
        """Queue a recording; one that waits or is being fetched already is left alone."""
        with self._changed:
            if fetch.id not in self._waiting and fetch.id not in self._running:
                self._waiting[fetch.id] = Job(fetch)
                self._changed.notify_all()

    def cancel(self, id_: int) -> bool:
        """Drop a recording; True if it waited, False while a worker still has to let go of it."""
        with self._changed:
            if id_ in self._running:
                self._unwanted.add(id_)
            return self._waiting.pop(id_, None) is not None

    def is_unwanted(self, id_: int) -> bool:
        return self._closed or id_ in self._unwanted

    def take(self) -> Job | None:
        """The next job, as soon as one may be started; None once the line is closed."""
        with self._changed:
            while not self._closed:
                pause = None
                for job in self._waiting.values():
                    wait = max(job.not_before - self._now(), self._pace.wait(job.site))
                    if wait <= 0:
                        return self._start(job)
                    pause = wait if pause is None else min(pause, wait)
                self._changed.wait(pause)
        return None

    def wait_for_turn(self, job: Job) -> None:
        """Block the worker until it may send its first request: one at a time for each site."""
        with self._changed:
            gate = self._gates.setdefault(job.site, threading.Lock())
        with gate:
            self._sleep(self._pace.turn(job.site))
            self._pace.asked(job.site)

    def dropped(self, job: Job) -> None:
        """Nobody wanted it any more."""
        with self._changed:
            self._let_go(job)

    def done(self, job: Job) -> None:
        with self._changed:
            self._pace.answered(job.site)
            self._let_go(job)

    def failed(self, job: Job, complaint: Complaint) -> tuple[float | None, list[Job]]:
        """Seconds until it is tried again, or None with all the jobs that are given up now:
        itself, and those that would meet the same fault."""
        fault = fault_of(complaint.kind)
        assert fault is not None
        with self._changed:
            self._let_go(job)
            wait = complaint.retry_after
            tries = job.tries + 1
            if fault.scope != RECORDING:
                tries = self._pace.strike(job.site, job.asked_at, wait)
            if tries >= fault.tries or (wait is not None and wait > LONGEST_WAIT):
                return None, [job, *self._give_up(job, fault.scope)]
            own = 0.0 if fault.scope != RECORDING else wait or self._pace.backoff(tries)
            again = replace(job, tries=job.tries + 1, not_before=self._now() + own)
            self._waiting[job.fetch.id] = again
            self._changed.notify_all()
            return max(own, self._pace.wait(job.site)), []

    @property
    def is_empty(self) -> bool:
        with self._changed:
            return not self._waiting and not self._running

    def close(self) -> None:
        """Hand out nothing more, and let workers drop what they have."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _start(self, job: Job) -> Job:
        del self._waiting[job.fetch.id]
        started = replace(job, asked_at=self._now())
        self._running[job.fetch.id] = started
        self._pace.ask(job.site)
        return started

    def _let_go(self, job: Job) -> None:
        self._running.pop(job.fetch.id, None)
        self._unwanted.discard(job.fetch.id)
        self._changed.notify_all()

    def _give_up(self, job: Job, scope: str) -> list[Job]:
        if scope == RECORDING:
            return []
        met = [j for j in self._waiting.values() if scope == EVERYTHING or j.site == job.site]
        return [self._waiting.pop(one.fetch.id) for one in met]
