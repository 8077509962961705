"""Clips as the worklist wants them: filtered, searched, sorted and counted in SQL."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from stremo_studio.domain.clip import Clip, ClipId
from stremo_studio.domain.recording import RecordingId
from stremo_studio.domain.worklist import (
    ALL,
    FLAGGED,
    LABELLED,
    MISSING_AUDIO,
    UNLABELLED,
    Worklist,
)
from stremo_studio.store.database import Database
from stremo_studio.store.history import Edit, fold_field

_SHOWN = {
    ALL: "1",
    UNLABELLED: "{answer}.label IS NULL",
    LABELLED: "{answer}.label IS NOT NULL",
    FLAGGED: "c.flagged = 1",
    MISSING_AUDIO: "(r.audio <> 'ready' OR c.problem <> '')",
}
_ORDER = {
    "added": "c.id {0}",
    "name": "c.name COLLATE NOCASE {0}, c.id {0}",
    "corpus": "c.corpus COLLATE NOCASE {0}, c.name COLLATE NOCASE {0}, c.id {0}",
    "speaker": "s.name COLLATE NOCASE {0}, c.corpus {0}, c.id {0}",
    "label": "{answer}.label {0}, {answer}.emotion {0}, c.id {0}",
    "duration": "c.end - c.start {0}, c.id {0}",
}
_TABLES = """
clip c
LEFT JOIN recording r ON r.id = c.recording_id
LEFT JOIN speaker s ON s.id = c.speaker_id
"""
"""LEFT also where there is always a row: SQLite leaves out such a join that nothing asks for."""
_OWN = "LEFT JOIN opinion o ON o.clip_id = c.id AND o.annotator = ?"
"""What one annotator said: all that whoever works blind is shown."""
_CLIP = """
SELECT c.id, c.recording_id, c.name, c.corpus, c.start + r.shift, c.end + r.shift, s.name,
       c.group_key, {answer}.label, {answer}.emotion, coalesce({answer}.sure, 1),
       CASE WHEN {answer}.label IS NULL THEN NULL ELSE a.annotator END, c.flagged,
       c.note, r.path, CASE WHEN r.audio = 'ready' AND c.problem <> '' THEN 'unreadable'
       ELSE r.audio END, CASE c.problem WHEN '' THEN r.problem ELSE c.problem END, c.transcript,
       c.present
FROM json_each(?) wanted JOIN {tables}
LEFT JOIN annotation a ON a.id = {answer}.annotation_id
ORDER BY wanted.key
"""


def ids(database: Database, worklist: Worklist) -> list[ClipId]:
    """The clips of a worklist, in its order."""
    answer, own = ("c", []) if worklist.eye is None else ("o", [worklist.eye])
    conditions = [_SHOWN[worklist.show].format(answer=answer)]
    values: list[Any] = [*own]
    for word in worklist.search.split():
        conditions.append(
            "(c.name LIKE ? ESCAPE '!' OR s.name LIKE ? ESCAPE '!'"
            " OR c.corpus LIKE ? ESCAPE '!' OR c.note LIKE ? ESCAPE '!')"
        )
        values += [_containing(word)] * 4
    tables = f"{_TABLES} {_OWN}" if own else _TABLES
    if worklist.playlist is None:
        conditions.append("+c.present = 1")  # + lets SQLite walk the clips in their own order
        order = _ORDER[worklist.sort].format("DESC" * worklist.descending, answer=answer)
    else:  # a playlist keeps its length, also when an import was undone since
        tables = tables.replace("clip c", "json_each(?) p JOIN clip c ON c.id = p.value", 1)
        values.insert(0, json.dumps(worklist.playlist))
        order = "p.key"
    sql = f"SELECT c.id FROM {tables} WHERE {' AND '.join(conditions)} ORDER BY {order}"
    return [ClipId(row[0]) for row in database.rows(sql, *values)]


def read(database: Database, clip_ids: Sequence[ClipId], eye: str | None = None) -> list[Clip]:
    """The clips in the order asked; an id that the project does not know is left out. With an
    `eye`, each with the answer of that annotator alone."""
    answer, own = ("c", []) if eye is None else ("o", [eye])
    tables = _TABLES.replace("clip c", "clip c ON c.id = wanted.value", 1) + (_OWN if own else "")
    sql = _CLIP.format(answer=answer, tables=tables)
    return [_clip(row) for row in database.rows(sql, json.dumps(list(clip_ids)), *own)]


def count_by_label(database: Database) -> dict[str | None, int]:
    """Visible clips by label; None counts the unlabelled."""
    sql = "SELECT label, count(*) FROM clip WHERE present = 1 GROUP BY label"
    return dict(database.rows(sql))


def count_flagged(database: Database) -> int:
    return int(database.value("SELECT count(*) FROM clip WHERE flagged = 1 AND +present = 1"))


def count_missing(database: Database) -> int:
    """Visible clips that cannot be heard: their audio is missing or unreadable."""
    sql = f"SELECT count(*) FROM {_TABLES} WHERE {_SHOWN[MISSING_AUDIO]} AND c.present = 1"
    return int(database.value(sql))


def set_field(edit: Edit, clip_ids: Iterable[ClipId], name: str, value: Any) -> frozenset[ClipId]:
    """Set one editable column, remembering the old value; returns the clips that changed."""
    wanted = list(clip_ids)
    if not wanted:  # nothing to fold once more of what the command has set already
        return frozenset()
    edit.database.execute(
        f"INSERT INTO clip_edit (clip_id, command_id, field, old, new)"
        f" SELECT id, ?1, ?2, {name}, ?3 FROM clip"
        f" WHERE id IN (SELECT value FROM json_each(?4)) AND {name} <> ?3",
        *(edit.command_id, name, value, json.dumps(wanted)),
    )
    fold_field(edit, name)
    changed = edit.database.rows(
        "SELECT clip_id FROM clip_edit WHERE command_id = ? AND field = ?", edit.command_id, name
    )
    return frozenset(ClipId(clip) for (clip,) in changed)


def _containing(word: str) -> str:
    escaped = word.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return f"%{escaped}%"


def _clip(row: tuple[Any, ...]) -> Clip:
    (id_, recording, name, corpus, start, end, speaker, group, label, emotion, *rest) = row
    sure, annotator, flagged, note, path, audio, problem, transcript, present = rest
    return Clip(
        ClipId(id_), RecordingId(recording), name, corpus, start, end, speaker, group,
        label, emotion, bool(sure), annotator, bool(flagged), note, path, audio, problem,
        transcript, bool(present),
    )  # fmt: skip
