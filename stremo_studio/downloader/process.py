"""The downloader process: `python -m stremo_studio --downloader --folder DIR`.

Commands on stdin, events on stdout, everything else on stderr. It keeps no state but the files:
killed at any moment, it goes on where it was when it is asked for the same recordings again.
"""

import argparse
import ctypes
import os
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from filelock import FileLock, Timeout

from stremo_studio.domain.source import SourceFacts
from stremo_studio.downloader import messages
from stremo_studio.downloader.faults import complaint_of
from stremo_studio.downloader.line import Job, Line
from stremo_studio.downloader.newest import age_hint, newest_ytdlp
from stremo_studio.downloader.pace import Pace
from stremo_studio.downloader.shelf import Shelf

if TYPE_CHECKING:
    from stremo_studio.downloader.site import Site

_LEAVE_S = 1.0
_LOCK_S = 20.0
_NICE = 10
_BELOW_NORMAL = 0x4000
NO_YTDLP = messages.Stopped(
    "yt-dlp is not installed.", "Install the studio again, or put yt-dlp on your PATH."
)

IN_USE = messages.Stopped(
    "Another studio is downloading into the same folder.", "Wait for it, then go on."
)


def main(arguments: Sequence[str]) -> int:
    """Work until stdin ends; returns the exit code."""
    chosen = _parser().parse_args(arguments)
    _give_way()
    events = Events(_keep_stdout())
    ytdlp = newest_ytdlp(chosen.ytdlp)
    if ytdlp is None:
        events.send(NO_YTDLP)
        return 1
    if ytdlp.place is not None:
        sys.path.insert(0, str(ytdlp.place))
    events.send(messages.Hello(ytdlp.version, age_hint(ytdlp, date.today())))
    held = _lock(chosen.folder)
    if held is None:
        events.send(IN_USE)
        return 1
    downloader = Downloader(chosen, events)
    downloader.start()
    for line in sys.stdin.buffer:
        message = messages.decode(line)
        if message is not None:
            downloader.obey(message)
    downloader.leave()
    return 0


class Events:
    """Sends events, from any thread. When nobody reads them any more there is no point in going
    on: the process ends, and the files are as good as after a kill."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def send(self, event: messages.Event) -> None:
        try:
            with self._lock:
                self._stream.write(messages.encode(event))
                self._stream.flush()
        except OSError:
            os._exit(0)


class Downloader:
    """Workers that take jobs from the line, each with a yt-dlp of its own."""

    def __init__(self, chosen: argparse.Namespace, events: Events) -> None:
        self._chosen, self._events = chosen, events
        self._line = Line(Pace(chosen.interval, chosen.backoff))
        self._shelf = Shelf(chosen.folder)
        self._fetched = self._failed = 0
        self._workers = [
            threading.Thread(target=self._work, name=f"fetch-{n}", daemon=True)
            for n in range(chosen.jobs)
        ]

    def start(self) -> None:
        for worker in self._workers:
            worker.start()

    def obey(self, message: messages.Message) -> None:
        if isinstance(message, messages.Fetch):
            self._line.add(message)
        elif isinstance(message, messages.Cancel):
            if self._line.cancel(message.id):
                self._events.send(messages.Cancelled(message.id))
                self._say_if_idle()
        elif isinstance(message, messages.Inspect):
            inspection = threading.Thread(target=self._inspect, args=(message.link,), daemon=True)
            inspection.start()

    def leave(self) -> None:
        """Let workers drop what they have; one that waits for a site is not waited for long."""
        self._line.close()
        for worker in self._workers:
            worker.join(_LEAVE_S)
        sys.stderr.flush()
        os._exit(0)  # a worker inside a slow request would keep the process for its time-out

    def _site(self) -> "Site":
        # yt-dlp takes half a second, and which one it is was decided only in `main`.
        from stremo_studio.downloader.site import Site  # noqa: PLC0415

        return Site(self._chosen.browser, min(1.0, self._chosen.interval / 4), _warn)

    def _work(self) -> None:
        site: Site | None = None
        while (job := self._line.take()) is not None:
            self._events.send(messages.Started(job.fetch.id))
            try:
                placed = self._shelf.find(job.fetch.name)
                if placed is None:
                    site = site or self._site()
                    placed = self._run(job, site)
            except Exception as error:  # noqa: BLE001 - of one recording; the others go on
                self._on_error(job, error)
            else:
                self._line.done(job)
                self._fetched += 1
                path, facts = placed
                self._events.send(messages.Fetched(job.fetch.id, str(path), facts))
            self._say_if_idle()

    def _run(self, job: Job, site: "Site") -> tuple[Path, SourceFacts]:
        from stremo_studio.downloader.errand import Errand  # noqa: PLC0415 - imports yt-dlp

        def is_unwanted() -> bool:
            return self._line.is_unwanted(job.fetch.id)

        def wait_for_turn() -> None:
            self._line.wait_for_turn(job)

        errand = Errand(job.fetch, self._shelf, self._events.send, is_unwanted, wait_for_turn)
        return errand.run(site)

    def _on_error(self, job: Job, error: Exception) -> None:
        if self._line.is_unwanted(job.fetch.id):
            self._line.dropped(job)
            self._events.send(messages.Cancelled(job.fetch.id))
            return
        complaint = complaint_of(error)
        _warn(f"{job.fetch.link}: {complaint.kind}: {complaint.said}")
        wait, given_up = self._line.failed(job, complaint)
        if wait is not None:
            until = (datetime.now(UTC) + timedelta(seconds=wait)).isoformat(timespec="seconds")
            delayed = messages.Delayed(job.fetch.id, complaint.kind, complaint.said, until)
            self._events.send(delayed)
        for gone in given_up:
            self._failed += 1
            self._events.send(messages.Failed(gone.fetch.id, complaint.kind, complaint.said))

    def _inspect(self, link: str) -> None:
        try:
            is_list, entries = self._site().entries(link)
        except Exception as error:  # noqa: BLE001 - whatever it is, the person waits for an answer
            complaint = complaint_of(error)
            self._events.send(messages.Inspected(link, fault=complaint.kind, said=complaint.said))
        else:
            self._events.send(messages.Inspected(link, is_list, entries))

    def _say_if_idle(self) -> None:
        if self._line.is_empty:
            self._events.send(messages.Idle(self._fetched, self._failed))


def _keep_stdout() -> BinaryIO:
    """A private copy of descriptor 1, which from now on leads to stderr."""
    private = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return private


def _give_way() -> None:
    """Whoever labels meanwhile goes first."""
    if sys.platform == "win32":
        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), _BELOW_NORMAL)
    else:
        os.nice(_NICE)


def _lock(folder: Path) -> FileLock | None:
    """Nobody else writes into the folder until this process ends: a studio that was killed leaves
    a downloader behind for a moment. None while somebody does."""
    lock = FileLock(folder / ".parts" / "lock")
    try:
        (folder / ".parts").mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=_LOCK_S)
    except Timeout:
        return None
    except OSError as error:  # each recording will say so
        _warn(f"{folder} cannot be locked: {error}")
    return lock


def _warn(text: str) -> None:
    with suppress(OSError):
        print(text, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="stremo-studio --downloader")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--interval", type=float, default=5.0, metavar="SECONDS")
    parser.add_argument("--backoff", type=float, default=10.0, metavar="SECONDS")
    parser.add_argument("--browser", default="", metavar="NAME")
    parser.add_argument("--ytdlp", default="", metavar="PATH")
    return parser
