"""How clips lie in their recordings: their edges, and what groups a video is in."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from stremo_studio.domain.clip import ClipId
from stremo_studio.domain.recording import RecordingId
from stremo_studio.store.database import Database
from stremo_studio.store.history import RECORDING_EDITABLE, Edit, fold_field, set_recording_field


@dataclass(frozen=True, slots=True)
class LaidClip:
    """A visible clip in its recording. Times in seconds of the recording that they were given
    for, `shift` seconds before those of the file at `path`."""

    id: ClipId
    recording_id: RecordingId
    name: str
    start: float
    end: float
    labelled: bool
    path: str | None
    shift: float
    problem: str


def laid_clips(database: Database, recording_id: RecordingId | None = None) -> list[LaidClip]:
    """The clips of one recording, or of all, in the order in which they would be heard."""
    one = "" if recording_id is None else " AND c.recording_id = ?"
    rows = database.rows(
        "SELECT c.id, c.recording_id, c.name, c.start, c.end, c.label IS NOT NULL,"
        " CASE r.audio WHEN 'ready' THEN r.path END, r.shift, c.problem"
        " FROM clip c JOIN recording r ON r.id = c.recording_id"
        f" WHERE +c.present = 1{one} ORDER BY c.recording_id, c.start, c.end, c.id",
        *([] if recording_id is None else [recording_id]),
    )
    return [
        LaidClip(ClipId(id_), RecordingId(recording), name, start, end, bool(known), *rest)
        for id_, recording, name, start, end, known, *rest in rows
    ]


def move_edges(edit: Edit, edges: Iterable[tuple[ClipId, float, float]]) -> frozenset[ClipId]:
    """Set starts and ends, remembering the old ones; returns the clips that changed. What was
    wrong with a span is forgotten with it."""
    wanted = json.dumps([list(edge) for edge in edges])
    for field, new in (("start", "j.value ->> 1"), ("end", "j.value ->> 2"), ("problem", "''")):
        edit.database.execute(
            "INSERT INTO clip_edit (clip_id, command_id, field, old, new)"
            f" SELECT c.id, ?1, ?2, c.{field}, {new} FROM json_each(?3) j"
            f" JOIN clip c ON c.id = j.value ->> 0 WHERE c.{field} <> {new}",
            *(edit.command_id, field, wanted),
        )
        fold_field(edit, field)
    rows = edit.database.rows(
        "SELECT DISTINCT clip_id FROM clip_edit WHERE command_id = ?", edit.command_id
    )
    return frozenset(ClipId(clip) for (clip,) in rows)


def lay_file(
    edit: Edit, recording_id: RecordingId, path: str | None, audio: str, shift: float
) -> bool:
    """Let a recording's audio be at `path` now, remembering where it was; False when it was so."""
    (old,) = edit.database.rows(
        "SELECT path, audio, problem, shift FROM recording WHERE id = ?", recording_id
    )
    new = (path, audio, "", shift)
    for name, before, after in zip(RECORDING_EDITABLE, old, new, strict=True):
        if before != after:
            set_recording_field(edit, recording_id, name, before, after)
    return bool(old != new)


def shift_of(database: Database, recording_id: RecordingId) -> float:
    """Time in the recording's file, less the time that its clips were given."""
    sql = "SELECT shift FROM recording WHERE id = ?"
    return float(database.value(sql, recording_id) or 0.0)


def groups_of_videos(database: Database, video_ids: Iterable[str]) -> dict[str, str]:
    """The group of the clips that the project has of these videos already."""
    sql = (
        "SELECT r.video_id, min(c.group_key) FROM recording r JOIN clip c ON c.recording_id = r.id"
        " WHERE r.video_id IN (SELECT value FROM json_each(?)) GROUP BY r.video_id"
    )
    return dict(database.rows(sql, json.dumps(list(video_ids))))


def recording_key(database: Database, recording: RecordingId) -> tuple[str, str | None]:
    """What names a recording's source, and its video where it is one."""
    [(key, video_id)] = database.rows("SELECT key, video_id FROM recording WHERE id = ?", recording)
    return key, video_id
