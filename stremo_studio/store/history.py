"""Steps that were done, undone and redone.

Undoing adds a command that takes another back; redoing takes that one back in turn. The two
stacks are folded from the rows (id, undoes), so they survive a restart and have no limit.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from stremo_studio.domain.annotation import BY_UNDO
from stremo_studio.domain.clip import ClipId
from stremo_studio.domain.recording import RecordingId
from stremo_studio.domain.speaker import FIELDS, SpeakerId
from stremo_studio.store import opinions, project_settings
from stremo_studio.store.database import Database

STAGING, STAGED = "staging", "staged"
"""Kinds of the row that an import's clips hang on: bookkeeping, no steps of the history."""
EDITABLE = ("flagged", "note", "present", "start", "end", "problem", "speaker_id", "group_key")
RECORDING_EDITABLE = ("path", "audio", "problem", "shift")


@dataclass(frozen=True, slots=True)
class Edit:
    """One command being written, inside a transaction."""

    database: Database
    command_id: int
    annotator: str
    at: str


@dataclass(slots=True)
class History:
    """Command ids, the next to take back last."""

    undo: list[int] = field(default_factory=list)
    redo: list[int] = field(default_factory=list)

    def add(self, command_id: int, undoes: int | None) -> None:
        """Follow one more command."""
        if undoes is None:
            self.undo.append(command_id)
            self.redo.clear()
        elif self.undo and self.undo[-1] == undoes:
            self.undo.pop()
            self.redo.append(command_id)
        else:
            self.redo.pop()
            self.undo.append(command_id)


def load(database: Database) -> History:
    history = History()
    sql = "SELECT id, undoes FROM command WHERE kind NOT IN (?, ?) ORDER BY id"
    for command_id, undoes in database.rows(sql, STAGING, STAGED):
        history.add(command_id, undoes)
    return history


def begin(
    database: Database, kind: str, sentence: str, annotator: str, undoes: int | None = None
) -> Edit:
    """Add a command; what it does is written under its id."""
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    command_id = database.insert(
        "INSERT INTO command (kind, sentence, annotator, at, undoes) VALUES (?, ?, ?, ?, ?)",
        *(kind, sentence, annotator, at, undoes),
    )
    return Edit(database, command_id, annotator, at)


def forget(edit: Edit) -> None:
    """Remove a command that turned out to change nothing."""
    edit.database.execute("DELETE FROM command WHERE id = ?", edit.command_id)


def sentence(database: Database, command_id: int) -> str:
    return str(database.value("SELECT sentence FROM command WHERE id = ?", command_id))


def owner(database: Database, command_id: int) -> str | None:
    """The annotator of a step that holds answers of their own and of nobody else; None for one
    that concerns the project, e.g. a flag, an import, or the answers of others merged."""
    name = database.value(
        "SELECT c.annotator FROM command c JOIN annotation a ON a.command_id = c.id"
        " WHERE c.id = ? AND a.source <> 'import'"
        " GROUP BY c.id HAVING min(a.annotator = c.annotator)",
        command_id,
    )
    return None if name is None else str(name)


def last_at(database: Database) -> datetime | None:
    """When the last command was committed, UTC."""
    at = database.value("SELECT at FROM command ORDER BY id DESC LIMIT 1")
    return datetime.fromisoformat(at) if at else None


def revision(database: Database) -> int:
    """The number of the newest command: it grows with every change of the project's content."""
    return int(database.value("SELECT coalesce(max(id), 0) FROM command"))


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What an undo or a redo changed; `came_or_went`: clips entered or left the worklist."""

    clips: frozenset[ClipId]
    recordings: frozenset[RecordingId]
    came_or_went: bool
    settings: bool


def take_back(edit: Edit, command_id: int) -> TakenBack:
    """Undo everything written under `command_id` by writing its opposite under `edit`."""
    database = edit.database
    _restore_answers(edit, command_id)
    _restore_fields(edit, command_id)
    _restore_recordings(edit, command_id)
    _restore_speakers(edit, command_id)
    settings = _restore_settings(edit, command_id)
    clips = database.rows(
        "SELECT clip_id FROM annotation WHERE command_id = ?1"
        " UNION SELECT clip_id FROM clip_edit WHERE command_id = ?1"
        " UNION SELECT c.id FROM clip c JOIN recording_edit e ON e.recording_id = c.recording_id"
        " WHERE e.command_id = ?1 AND c.present = 1"
        " UNION SELECT c.id FROM clip c JOIN speaker_edit e ON e.speaker_id = c.speaker_id"
        " WHERE e.command_id = ?1 AND c.present = 1",
        edit.command_id,
    )
    recordings = database.rows(
        "SELECT DISTINCT recording_id FROM recording_edit WHERE command_id = ?", edit.command_id
    )
    came_or_went = database.value(
        "SELECT 1 FROM clip_edit WHERE command_id = ? AND field = 'present' LIMIT 1",
        edit.command_id,
    )
    return TakenBack(
        frozenset(ClipId(clip) for (clip,) in clips),
        frozenset(RecordingId(recording) for (recording,) in recordings),
        came_or_went is not None,
        settings,
    )


def _restore_answers(edit: Edit, command_id: int) -> None:
    """Repeat, for each clip answered by the command, the answer that the same voice had before.

    Where a voice answered a clip more than once in the command, its first answer is taken back
    last: that one knows what stood before.
    """
    edit.database.execute(
        """
        INSERT INTO annotation (clip_id, command_id, annotator, voice, stands, label, emotion,
                                sure, source, at)
        SELECT taken.clip_id, ?, taken.annotator, taken.voice, stood.id, stood.label,
               stood.emotion, coalesce(stood.sure, 1), ?, ?
        FROM annotation taken
        LEFT JOIN annotation before ON before.id = (
            SELECT max(id) FROM annotation
            WHERE clip_id = taken.clip_id AND voice = taken.voice AND id < taken.id)
        LEFT JOIN annotation stood ON stood.id =
            CASE before.source WHEN ? THEN before.stands ELSE before.id END
        WHERE taken.command_id = ?
        ORDER BY taken.id DESC
        """,
        *(edit.command_id, BY_UNDO, edit.at, BY_UNDO, command_id),
    )
    opinions.fold(edit.database, edit.command_id)


def _restore_fields(edit: Edit, command_id: int) -> None:
    database = edit.database
    database.execute(
        "INSERT INTO clip_edit (clip_id, command_id, field, old, new)"
        " SELECT clip_id, ?, field, new, old FROM clip_edit WHERE command_id = ? ORDER BY id",
        *(edit.command_id, command_id),
    )
    for name in EDITABLE:
        fold_field(edit, name)


def _restore_recordings(edit: Edit, command_id: int) -> None:
    database = edit.database
    edits = "SELECT recording_id, field, new, old FROM recording_edit WHERE command_id = ?"
    for recording_id, name, old, new in database.rows(edits, command_id):
        set_recording_field(edit, recording_id, name, old, new)


def _restore_speakers(edit: Edit, command_id: int) -> None:
    edits = "SELECT speaker_id, field, new, old FROM speaker_edit WHERE command_id = ?"
    for speaker_id, name, old, new in edit.database.rows(edits, command_id):
        set_speaker_field(edit, speaker_id, name, old, new)


def set_speaker_field(
    edit: Edit, speaker_id: SpeakerId, name: str, old: str | None, new: str | None
) -> None:
    """Set what is known of a speaker in one column, remembering the old value."""
    assert name in FIELDS  # it goes into the statement as it stands
    edit.database.execute(
        "INSERT INTO speaker_edit (speaker_id, command_id, field, old, new) VALUES (?, ?, ?, ?, ?)",
        *(speaker_id, edit.command_id, name, old, new),
    )
    edit.database.execute(f"UPDATE speaker SET {name} = ? WHERE id = ?", new, speaker_id)


def set_recording_field(
    edit: Edit, recording_id: RecordingId, name: str, old: object, new: object
) -> None:
    """Set one editable column of a recording, remembering the old value."""
    assert name in RECORDING_EDITABLE  # it goes into the statement as it stands
    edit.database.execute(
        "INSERT INTO recording_edit (recording_id, command_id, field, old, new)"
        " VALUES (?, ?, ?, ?, ?)",
        *(recording_id, edit.command_id, name, old, new),
    )
    edit.database.execute(f"UPDATE recording SET {name} = ? WHERE id = ?", new, recording_id)


def _restore_settings(edit: Edit, command_id: int) -> bool:
    """Whether there were any."""
    edits = "SELECT key, old FROM setting_edit WHERE command_id = ?"
    found = edit.database.rows(edits, command_id)
    for key, old in found:
        set_setting(edit, key, old)
    return bool(found)


def set_setting(edit: Edit, key: str, value: str | None) -> bool:
    """Set a setting of the project as a step, remembering the old value; None removes it. Returns
    whether it was another before."""
    old = edit.database.value("SELECT value FROM setting WHERE key = ?", key)
    if old == value:
        return False
    edit.database.execute(
        "INSERT INTO setting_edit (command_id, key, old, new) VALUES (?, ?, ?, ?)",
        *(edit.command_id, key, old, value),
    )
    if value is None:
        edit.database.execute("DELETE FROM setting WHERE key = ?", key)
    else:
        project_settings.write(edit.database, key, value)
    return True


def fold_field(edit: Edit, name: str) -> None:
    """Make this command's edits of one column the current values of their clips."""
    assert name in EDITABLE  # it goes into the statement as it stands
    edit.database.execute(
        f"UPDATE clip SET {name} = e.new FROM clip_edit e"
        " WHERE e.command_id = ? AND e.field = ? AND e.clip_id = clip.id",
        *(edit.command_id, name),
    )
