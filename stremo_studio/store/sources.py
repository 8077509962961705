"""Recordings and the state of their audio: listed, counted, and moved from state to state in SQL.

`recording.audio` says whether it can be heard and wins over `source.state`, which only knows how
the fetching went: a file linked by hand makes a recording ready whatever was tried before.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import astuple, fields
from typing import Any

from stremo_studio.domain.clip import ClipId
from stremo_studio.domain.recording import READY as HEARD
from stremo_studio.domain.recording import RecordingId
from stremo_studio.domain.source import (
    EVERYTHING,
    QUEUED,
    READY,
    STATES,
    UNAVAILABLE,
    WAITING,
    Source,
    SourceCounts,
    SourceFacts,
    SourceFilter,
    source_link,
)
from stremo_studio.domain.source_fault import fault_of
from stremo_studio.store.database import Database

_LINKED = "(r.video_id IS NOT NULL OR coalesce(s.link, '') <> '')"
_STATE = f"""
CASE WHEN r.audio = 'ready' THEN 'ready'
     WHEN s.state IN ('waiting', 'downloading', 'checking', 'unavailable') THEN s.state
     WHEN r.audio = 'unreadable' OR NOT {_LINKED} THEN 'unavailable'
     ELSE 'not_fetched' END
"""
_FAULT = f"""
CASE WHEN r.audio = 'ready' THEN ''
     WHEN coalesce(s.fault, '') <> '' THEN s.fault
     WHEN s.state IN ('waiting', 'downloading', 'checking') THEN ''
     WHEN r.audio = 'unreadable' THEN 'not_audio'
     WHEN NOT {_LINKED} THEN 'no_link'
     ELSE '' END
"""
_CLIPS = "SELECT count(*) FROM clip c WHERE c.recording_id = r.id AND c.present = 1"
_SHOWN = f"(coalesce(s.added, 0) = 1 OR EXISTS ({_CLIPS.replace('count(*)', '1')}))"
_TABLES = "recording r LEFT JOIN source s ON s.recording_id = r.id"
_FACTS = tuple(field.name for field in fields(SourceFacts))
_SOURCE = f"""
SELECT r.id, r.key, r.video_id, coalesce(s.link, ''), r.path, {_STATE}, {_FAULT},
       coalesce(s.said, ''), coalesce(s.attempts, 0), coalesce(s.next_try, ''), ({_CLIPS}),
       coalesce(s.confirmed, 0), s.recording_id IS NOT NULL, {", ".join(f"s.{f}" for f in _FACTS)}
FROM json_each(?) wanted JOIN recording r ON r.id = wanted.value
LEFT JOIN source s ON s.recording_id = r.id ORDER BY wanted.key
"""


def ids(database: Database, wanted: SourceFilter = EVERYTHING) -> list[RecordingId]:
    """The recordings that a filter lets through, in the order they came."""
    conditions, values = [_SHOWN], []
    for column, value in ((_STATE, wanted.state), (_FAULT, wanted.fault)):
        if value is not None:
            conditions.append(f"({column}) = ?")
            values.append(value)
    for word in wanted.search.split():
        conditions.append("instr(lower(r.key || ' ' || coalesce(r.path, '')), lower(?)) > 0")
        values.append(word)
    sql = f"SELECT r.id FROM {_TABLES} WHERE {' AND '.join(conditions)} ORDER BY r.id"
    return [RecordingId(row[0]) for row in database.rows(sql, *values)]


def read(database: Database, recording_ids: Sequence[RecordingId], template: str) -> list[Source]:
    """In the order asked; an id that the project does not know is left out."""
    rows = database.rows(_SOURCE, json.dumps(list(recording_ids)))
    return [_source(row, template) for row in rows]


def counts(database: Database) -> SourceCounts:
    by_state, by_fault = dict.fromkeys(STATES, 0), dict[str, int]()
    sql = f"SELECT {_STATE}, {_FAULT}, count(*) FROM {_TABLES} WHERE {_SHOWN} GROUP BY 1, 2"
    for state, fault, number in database.rows(sql):
        by_state[state] += number
        if state == UNAVAILABLE:
            by_fault[fault] = by_fault.get(fault, 0) + number
    return SourceCounts(by_state, by_fault)


def of_key(database: Database, keys: Iterable[str]) -> dict[str, RecordingId]:
    """The recordings that the project knows among `keys`."""
    sql = "SELECT key, id FROM recording WHERE key IN (SELECT value FROM json_each(?))"
    return {key: RecordingId(id_) for key, id_ in database.rows(sql, json.dumps(list(keys)))}


def clips_of(database: Database, recording_ids: Iterable[RecordingId]) -> frozenset[ClipId]:
    """The visible clips in these recordings."""
    rows = database.rows(
        "SELECT id FROM clip WHERE present = 1"
        " AND recording_id IN (SELECT value FROM json_each(?))",
        json.dumps(list(recording_ids)),
    )
    return frozenset(ClipId(row[0]) for row in rows)


def queue(database: Database) -> list[RecordingId]:
    """What waits to be fetched or is being fetched, first come first served."""
    sql = (
        "SELECT r.id FROM source s JOIN recording r ON r.id = s.recording_id"
        " WHERE s.state IN (?, ?, ?) AND r.audio <> 'ready' ORDER BY r.id"
    )
    return [RecordingId(row[0]) for row in database.rows(sql, *QUEUED)]


def add(database: Database, key: str, video_id: str | None, link: str) -> RecordingId:
    """A recording known by its link, listed although no clip is in it yet."""
    database.execute(
        "INSERT INTO recording (key, video_id, audio, problem) VALUES (?, ?, 'missing', ?)"
        " ON CONFLICT (key) DO NOTHING",
        *(key, video_id, "Its audio has not been fetched yet."),
    )
    recording_id = RecordingId(database.value("SELECT id FROM recording WHERE key = ?", key))
    database.execute(
        "INSERT INTO source (recording_id, link, added) VALUES (?1, ?2, 1)"
        " ON CONFLICT (recording_id) DO UPDATE SET added = 1,"
        " link = CASE WHEN ?2 = '' THEN link ELSE ?2 END",
        *(recording_id, link),
    )
    return recording_id


def move(
    database: Database,
    recording_ids: Iterable[RecordingId],
    state: str,
    *,
    fault: str = "",
    said: str = "",
    next_try: str = "",
) -> None:
    """Put recordings into a state, with the fault that brought them there."""
    wanted = json.dumps(list(recording_ids))
    database.execute(
        "INSERT INTO source (recording_id, state, fault, said, next_try)"
        " SELECT value, ?2, ?3, ?4, ?5 FROM json_each(?1) WHERE 1"
        " ON CONFLICT (recording_id) DO UPDATE SET"
        " state = ?2, fault = ?3, said = ?4, next_try = ?5",
        *(wanted, state, fault, said, next_try),
    )
    known = fault_of(fault)
    if known is not None:
        database.execute(
            "UPDATE recording SET problem = ? WHERE audio <> 'ready'"
            " AND id IN (SELECT value FROM json_each(?))",
            *(f"{known.sentence} {known.advice}", wanted),
        )


def count_attempt(database: Database, recording_id: RecordingId) -> None:
    sql = "UPDATE source SET attempts = attempts + 1 WHERE recording_id = ?"
    database.execute(sql, recording_id)


def forget_attempts(database: Database, recording_ids: Iterable[RecordingId]) -> None:
    sql = "UPDATE source SET attempts = 0 WHERE recording_id IN (SELECT value FROM json_each(?))"
    database.execute(sql, json.dumps(list(recording_ids)))


def confirm(database: Database, recording_ids: Iterable[RecordingId]) -> None:
    """A person wants these although they are very long."""
    sql = "UPDATE source SET confirmed = 1 WHERE recording_id IN (SELECT value FROM json_each(?))"
    database.execute(sql, json.dumps(list(recording_ids)))


def place(
    database: Database, recording_id: RecordingId, path: str, facts: SourceFacts | None = None
) -> None:
    """The recording's audio lies at `path` now. Without `facts` those of its site stay."""
    database.execute(
        "UPDATE recording SET path = ?, audio = ?, problem = '' WHERE id = ?",
        *(path, HEARD, recording_id),
    )
    move(database, [recording_id], READY)
    if facts is not None:
        columns = ", ".join(f"{name} = ?" for name in _FACTS)
        sql = f"UPDATE source SET {columns} WHERE recording_id = ?"
        database.execute(sql, *astuple(facts), recording_id)


def requeue(database: Database) -> list[RecordingId]:
    """What a downloader that is gone had under way waits again; returns it."""
    under_way = "state IN (?, ?)"
    sql = f"SELECT recording_id FROM source WHERE {under_way}"
    ids = [RecordingId(row[0]) for row in database.rows(sql, *QUEUED[1:])]
    if ids:
        with database.transaction():
            sql = f"UPDATE source SET state = ? WHERE {under_way}"
            database.execute(sql, WAITING, *QUEUED[1:])
    return ids


def files(database: Database) -> list[tuple[RecordingId, str, bool]]:
    """Where each recording with a file lies, and whether it is thought to be there."""
    sql = "SELECT id, path, audio = 'ready' FROM recording WHERE path IS NOT NULL"
    return [(RecordingId(id_), path, bool(heard)) for id_, path, heard in database.rows(sql)]


def mark_files(
    database: Database, gone: Iterable[RecordingId], back: Iterable[RecordingId]
) -> None:
    """Say which recordings' files have gone, and which have come back."""
    among = "WHERE id IN (SELECT value FROM json_each(?))"
    sql = f"UPDATE recording SET audio = 'missing', problem = 'Its file is gone.' {among}"
    database.execute(sql, json.dumps(list(gone)))
    sql = f"UPDATE recording SET audio = 'ready', problem = '' {among}"
    database.execute(sql, json.dumps(list(back)))


def move_files(database: Database, old: str, new: str) -> None:
    """The folder `old` is called `new` now, with all recordings below it."""
    database.execute(
        "UPDATE recording SET path = ?2 || substr(path, length(?1) + 1)"
        " WHERE substr(path, 1, length(?1)) = ?1",
        *(old, new),
    )


def _source(row: tuple[Any, ...], template: str) -> Source:
    (id_, key, video_id, link, path, state, fault, said, *rest) = row
    attempts, next_try, clips, confirmed, has_facts, *facts = rest
    return Source(
        RecordingId(id_), key, video_id, source_link(video_id, link, template), path, state,
        fault_of(fault), said, attempts, next_try, clips, bool(confirmed),
        SourceFacts(*facts) if has_facts else SourceFacts(),
    )  # fmt: skip
