"""Between the project and the downloader: what to ask for, and what its events mean.

Used by the window (`ui/downloads.py`) and by the `fetch` verb alike. An event about a recording
that somebody took out of the queue meanwhile changes nothing, except that a whole file is welcome.
"""

import hashlib
import re
import sys
from collections.abc import Iterable

from stremo_studio.domain.recording import RecordingId
from stremo_studio.domain.source import (
    CHECKING,
    DOWNLOADING,
    QUEUED,
    READY,
    UNAVAILABLE,
    WAITING,
    Source,
)
from stremo_studio.downloader import messages
from stremo_studio.project.changes import Changes
from stremo_studio.project.fetch_settings import fetch_settings
from stremo_studio.project.project import Project
from stremo_studio.project.sources import sources
from stremo_studio.store import sources as store

_VIDEO_ID = re.compile(r"[\w-]{11}", re.ASCII)


def downloader_command(project: Project) -> tuple[str, ...]:
    """The downloader's program and arguments; a frozen build calls itself."""
    wanted = fetch_settings(project)
    program = [sys.executable] if getattr(sys, "frozen", False) else _MODULE
    options = ["--folder", str(wanted.folder), "--jobs", str(wanted.jobs)]
    options += ["--interval", str(wanted.interval_s), "--backoff", str(wanted.backoff_s)]
    options += ["--browser", wanted.browser] if wanted.browser else []
    options += ["--ytdlp", wanted.ytdlp] if wanted.ytdlp else []
    return (*program, "--downloader", *options)


_MODULE = [sys.executable, "-m", "stremo_studio"]


def orders(
    project: Project, among: Iterable[RecordingId] | None = None
) -> dict[RecordingId, messages.Fetch]:
    """What waits or is under way, in its order; only `among` these, if given."""
    wanted = store.queue(project.database) if among is None else sorted(among)
    return {
        source.id: messages.Fetch(source.id, source.link, file_stem(source), source.confirmed)
        for source in sources(project, wanted)
        if source.link and source.state in QUEUED
    }


def file_stem(source: Source) -> str:
    """What its file is called, safe on every disk: a hash, and a YouTube id in brackets.

    The hash keeps ids apart that differ only in case, and stands before ids that begin with a
    dash; an importer finds the recording by the brackets. No title ever names a file.
    """
    digest = hashlib.sha256(source.key.encode("utf-8", "surrogatepass")).hexdigest()
    named = source.video_id and _VIDEO_ID.fullmatch(source.video_id)
    return f"{digest[:8]} [{source.video_id}]" if named else digest[:16]


def take_events(project: Project, events: Iterable[messages.Event]) -> Changes | None:
    """Write down what the downloader says, in one transaction; returns what changed, if anything.

    Power that fails may take the last of it: the files are found again, so nobody has to wait for
    the disk. Raises StudioError when the project cannot be written.
    """
    told = [event for event in events if isinstance(event, _TOLD)]
    if not told:
        return None
    states = {s.id: s.state for s in sources(project, [RecordingId(e.id) for e in told])}
    moved: set[RecordingId] = set()
    came: set[RecordingId] = set()
    failed: set[RecordingId] = set()
    with project.database.transaction(durable=False):
        for event in told:
            recording = RecordingId(event.id)
            state = states.get(recording, READY)
            if isinstance(event, messages.Fetched):
                if state != READY:  # nobody linked another file meanwhile
                    store.place(project.database, recording, event.path, event.facts)
                    came.add(recording)
            elif state in QUEUED:
                _move(project, recording, event)
                moved.add(recording)
                if isinstance(event, messages.Failed):
                    failed.add(recording)
    return _announce(project, moved, came, failed)


def give_back(project: Project) -> None:
    """The downloader is gone: what it had under way waits again."""
    waiting = store.requeue(project.database)
    if waiting:
        project.announce(Changes(history=False, sources=frozenset(waiting)))


_TOLD = (
    messages.Started, messages.Checking, messages.Fetched, messages.Delayed, messages.Failed,
)  # fmt: skip


def _move(
    project: Project,
    recording: RecordingId,
    event: messages.Started | messages.Checking | messages.Delayed | messages.Failed,
) -> None:
    database = project.database
    if isinstance(event, messages.Started):
        store.move(database, [recording], DOWNLOADING)
        store.count_attempt(database, recording)
    elif isinstance(event, messages.Checking):
        store.move(database, [recording], CHECKING)
    elif isinstance(event, messages.Delayed):
        move = {"fault": event.fault, "said": event.said, "next_try": event.until}
        store.move(database, [recording], WAITING, **move)
    else:
        store.move(database, [recording], UNAVAILABLE, fault=event.fault, said=event.said)


def _announce(
    project: Project,
    moved: set[RecordingId],
    came: set[RecordingId],
    failed: set[RecordingId],
) -> Changes | None:
    if not moved and not came:
        return None
    clips = store.clips_of(project.database, came | failed)
    changes = Changes(clips, history=False, sources=frozenset(moved | came))
    project.announce(changes)
    return changes
