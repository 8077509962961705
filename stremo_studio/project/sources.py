"""The sources of a project: what can be asked about its recordings, and done to fetch them.

Nothing here fetches: it moves recordings between states, and whoever runs the downloader
(`ui/downloads.py`, the `fetch` verb) takes what waits. None of it is a step of the history.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from stremo_studio.domain.recording import RecordingId
from stremo_studio.domain.source import (
    EVERYTHING,
    NOT_FETCHED,
    QUEUED,
    READY,
    UNAVAILABLE,
    WAITING,
    Source,
    SourceCounts,
    SourceFilter,
)
from stremo_studio.domain.source_fault import NETWORK
from stremo_studio.project.changes import Changes
from stremo_studio.project.fetch_settings import fetch_settings
from stremo_studio.project.project import Project
from stremo_studio.store import sources as store


def source_ids(project: Project, wanted: SourceFilter = EVERYTHING) -> list[RecordingId]:
    """The recordings that a filter lets through, in the order they came."""
    return store.ids(project.database, wanted)


def sources(project: Project, ids: Sequence[RecordingId] | None = None) -> list[Source]:
    """These recordings in the order asked; all that are listed for None."""
    wanted = store.ids(project.database) if ids is None else ids
    return store.read(project.database, wanted, fetch_settings(project).template)


def source_counts(project: Project) -> SourceCounts:
    return store.counts(project.database)


def add_video(project: Project, video_id: str) -> RecordingId:
    """A recording known by its YouTube id; the one the project has already, if it has one."""
    return _add(project, f"youtube:{video_id}", video_id, "")


def add_link(project: Project, link: str) -> RecordingId:
    """A recording known by an address that is no YouTube video."""
    return _add(project, f"link:{link}", None, link)


def fetch(project: Project, ids: Iterable[RecordingId]) -> list[RecordingId]:
    """Queue those of `ids` that have a link and are neither there nor queued; returns them."""
    return _queue(project, ids, (NOT_FETCHED, UNAVAILABLE))


def fetch_all(project: Project) -> list[RecordingId]:
    """Queue everything that was never asked for."""
    return _queue(project, source_ids(project, SourceFilter(state=NOT_FETCHED)), (NOT_FETCHED,))


def retry(project: Project, *kinds: str) -> list[RecordingId]:
    """Queue everything unavailable for one of these kinds of fault; returns them."""
    found = [i for kind in kinds for i in source_ids(project, SourceFilter(UNAVAILABLE, kind))]
    return _queue(project, found, (UNAVAILABLE,))


def retry_network(project: Project) -> list[RecordingId]:
    """Queue everything that only a bad connection or a busy site kept away."""
    return retry(project, *NETWORK)


def confirm(project: Project, ids: Iterable[RecordingId]) -> list[RecordingId]:
    """Fetch these although they are very long."""
    wanted = list(ids)
    project.write(lambda: store.confirm(project.database, wanted), _changed(wanted))
    return fetch(project, wanted)


def cancel(project: Project, ids: Iterable[RecordingId]) -> list[RecordingId]:
    """Take these out of the queue; what has come of them so far is kept for the next time."""
    wanted = [s.id for s in sources(project, list(ids)) if s.state in QUEUED]
    if wanted:
        change = Changes(history=False, sources=frozenset(wanted))
        project.write(lambda: store.move(project.database, wanted, NOT_FETCHED), change)
    return wanted


def pause(project: Project) -> None:
    """Start nothing more until `resume`; kept over a restart."""
    project.set_setting("fetch paused", "1")


def resume(project: Project) -> None:
    project.set_setting("fetch paused", "")


def is_paused(project: Project) -> bool:
    return bool(project.setting("fetch paused"))


def rights_acknowledged(project: Project) -> bool:
    """Whether a person was told about the rights to what is fetched."""
    return bool(project.setting("rights acknowledged"))


def acknowledge_rights(project: Project) -> None:
    project.set_setting("rights acknowledged", "1")


def place_file(project: Project, recording_id: RecordingId, path: Path) -> None:
    """Take a local file for a recording; its clips can be heard now."""
    placed = [recording_id]
    project.write(
        lambda: store.place(project.database, recording_id, str(path.resolve())),
        now_heard(project, placed),
    )


def look_for_files(project: Project) -> Changes | None:
    """Look whether the files of all recordings are still there, or there again; what changed.

    Touches the disk once for each recording: a second for some ten thousand.
    """
    files = store.files(project.database)
    gone = [id_ for id_, path, heard in files if heard and not Path(path).is_file()]
    back = [id_ for id_, path, heard in files if not heard and Path(path).is_file()]
    if not gone and not back:
        return None
    change = now_heard(project, [*gone, *back])
    project.write(lambda: store.mark_files(project.database, gone, back), change)
    return change


def now_heard(project: Project, ids: Sequence[RecordingId]) -> Changes:
    """What to tell when the audio of these recordings has come or gone."""
    clips = store.clips_of(project.database, ids)
    return Changes(clips, history=False, sources=frozenset(ids))


def _add(project: Project, key: str, video_id: str | None, link: str) -> RecordingId:
    with project.database.transaction():
        recording_id = store.add(project.database, key, video_id, link)
    project.announce(_changed([recording_id]))
    return recording_id


def _queue(
    project: Project, ids: Iterable[RecordingId], states: tuple[str, ...]
) -> list[RecordingId]:
    found = sources(project, list(ids))
    wanted = [s.id for s in found if s.link and s.state in states and s.state != READY]
    if not wanted:
        return []

    def change() -> None:
        store.move(project.database, wanted, WAITING)
        store.forget_attempts(project.database, wanted)

    project.write(change, _changed(wanted))
    return wanted


def _changed(ids: Iterable[RecordingId]) -> Changes:
    return Changes(history=False, sources=frozenset(ids))
