"""Speakers: what is known of them, and whose voice a clip is."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from stremo_studio.domain.clip import ClipId
from stremo_studio.domain.speaker import FIELDS, KnownSpeaker, Speaker, SpeakerId
from stremo_studio.store.database import Database
from stremo_studio.store.history import Edit, fold_field, set_speaker_field

_SPEAKER = """
SELECT s.id, s.corpus, s.name, s.gender, s.age, s.language, s.accent, s.ethnicity,
       (SELECT count(*) FROM clip c WHERE c.speaker_id = s.id AND c.present = 1)
FROM speaker s
"""


def of_clip(database: Database, clip_id: ClipId) -> KnownSpeaker | None:
    """Whose voice the clip is; None while nobody has said."""
    where = "WHERE s.id = (SELECT speaker_id FROM clip WHERE id = ?)"
    return _first(database.rows(_SPEAKER + where, clip_id))


def named(database: Database, corpus: str, name: str) -> KnownSpeaker | None:
    """The speaker of that name, also one that has no clip any more."""
    return _first(database.rows(_SPEAKER + "WHERE s.corpus = ? AND s.name = ?", corpus, name))


def of_corpus(database: Database, corpus: str) -> list[KnownSpeaker]:
    """Those with clips, by name."""
    rows = database.rows(_SPEAKER + "WHERE s.corpus = ? ORDER BY s.name COLLATE NOCASE", corpus)
    return [speaker for speaker in map(_known, rows) if speaker.clips]


def clip_ids(database: Database, speaker_id: SpeakerId) -> frozenset[ClipId]:
    """The visible clips of a speaker."""
    sql = "SELECT id FROM clip WHERE speaker_id = ? AND present = 1"
    return frozenset(ClipId(clip) for (clip,) in database.rows(sql, speaker_id))


def clips_beside(database: Database, clip_id: ClipId) -> tuple[ClipId, ...]:
    """The visible clips of the clip's recording, itself among them."""
    sql = (
        "SELECT id FROM clip WHERE present = 1 AND corpus = (SELECT corpus FROM clip WHERE id = ?1)"
        " AND recording_id = (SELECT recording_id FROM clip WHERE id = ?1) ORDER BY start, id"
    )
    return tuple(ClipId(clip) for (clip,) in database.rows(sql, clip_id))


def values(database: Database, field: str) -> list[str]:
    """What the speakers of the project have in one of `FIELDS`, the commonest first."""
    assert field in FIELDS  # it goes into the statement as it stands
    sql = f"SELECT {field} FROM speaker WHERE {field} IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC"
    return [value for (value,) in database.rows(sql)]


def corpora(database: Database, clip_ids: Iterable[ClipId]) -> list[str]:
    """The corpora that these clips are of."""
    sql = "SELECT DISTINCT corpus FROM clip WHERE id IN (SELECT value FROM json_each(?))"
    return [corpus for (corpus,) in database.rows(sql, json.dumps(list(clip_ids)))]


def describe(edit: Edit, speaker_id: SpeakerId, facts: dict[str, str | None]) -> bool:
    """Set what is known of a speaker, remembering what was; False when all of it was so."""
    row = edit.database.rows(f"SELECT {', '.join(FIELDS)} FROM speaker WHERE id = ?", speaker_id)
    before = dict(zip(FIELDS, row[0], strict=True))
    changed = {field: value for field, value in facts.items() if before[field] != value}
    for field, value in changed.items():
        set_speaker_field(edit, speaker_id, field, before[field], value)
    return bool(changed)


def add(edit: Edit, corpus: str, name: str) -> SpeakerId:
    """A speaker of whom nothing is known yet."""
    sql = "INSERT INTO speaker (corpus, name) VALUES (?, ?)"
    return SpeakerId(edit.database.insert(sql, corpus, name))


def new_groups(database: Database, clip_ids: Iterable[ClipId], name: str) -> dict[ClipId, str]:
    """The group that each of these clips would come into as a clip of the speaker `name`, where
    that is another one.

    The group follows where it was that of the speaker, or of a file alone whose speaker nobody
    had named. A video stays its own group, whoever speaks.
    """
    sql = """
        SELECT c.id, c.corpus || ':' || ?2 FROM clip c JOIN recording r ON r.id = c.recording_id
        LEFT JOIN speaker s ON s.id = c.speaker_id
        WHERE c.id IN (SELECT value FROM json_each(?1)) AND c.group_key <> c.corpus || ':' || ?2
          AND c.group_key IS NOT c.corpus || ':' || r.video_id
          AND CASE WHEN s.id IS NOT NULL THEN c.group_key = c.corpus || ':' || s.name
              ELSE NOT EXISTS (SELECT 1 FROM clip o WHERE o.group_key = c.group_key
                               AND o.recording_id <> c.recording_id) END
    """
    rows = database.rows(sql, json.dumps(list(clip_ids)), name)
    return {ClipId(clip): group for clip, group in rows}


def groups(database: Database, clip_ids: Iterable[ClipId]) -> dict[ClipId, str]:
    """The group that each of these clips is in now."""
    sql = "SELECT id, group_key FROM clip WHERE id IN (SELECT value FROM json_each(?))"
    rows = database.rows(sql, json.dumps(list(clip_ids)))
    return {ClipId(clip): group for clip, group in rows}


def give_clips(
    edit: Edit, clip_ids: Iterable[ClipId], corpus: str, speaker_id: SpeakerId, name: str
) -> None:
    """Make those of the clips that are of `corpus` the speaker's, with their groups."""
    database, wanted = edit.database, json.dumps(list(clip_ids))
    moved = new_groups(database, json.loads(wanted), name)
    database.execute(
        "INSERT INTO clip_edit (clip_id, command_id, field, old, new)"
        " SELECT id, ?1, 'speaker_id', speaker_id, ?2 FROM clip WHERE corpus = ?3"
        " AND id IN (SELECT value FROM json_each(?4)) AND speaker_id IS NOT ?2",
        *(edit.command_id, speaker_id, corpus, wanted),
    )
    database.execute(
        "INSERT INTO clip_edit (clip_id, command_id, field, old, new)"
        " SELECT c.id, ?1, 'group_key', c.group_key, j.value ->> 1 FROM json_each(?2) j"
        " JOIN clip c ON c.id = j.value ->> 0 WHERE c.corpus = ?3 AND EXISTS ("
        "  SELECT 1 FROM clip_edit e WHERE e.clip_id = c.id AND e.command_id = ?1)",
        *(edit.command_id, json.dumps(list(moved.items())), corpus),
    )
    for field in ("speaker_id", "group_key"):
        fold_field(edit, field)


def changed_clips(edit: Edit) -> frozenset[ClipId]:
    """The clips that this command has edited."""
    sql = "SELECT DISTINCT clip_id FROM clip_edit WHERE command_id = ?"
    rows = edit.database.rows(sql, edit.command_id)
    return frozenset(ClipId(clip) for (clip,) in rows)


def described_otherwise(database: Database) -> Callable[[int, int | None], frozenset[str]]:
    """Tells, for a clip and its speaker, which of `FIELDS` a person says otherwise of it than it
    came with: of the speaker, or because the clip was given to another."""
    rows = database.rows(f"SELECT id, {', '.join(FIELDS)} FROM speaker")
    now: dict[int | None, dict[str, str | None]] = {None: dict.fromkeys(FIELDS)}
    now |= {id_: dict(zip(FIELDS, facts, strict=True)) for id_, *facts in rows}
    came = {id_: dict(facts) for id_, facts in now.items()}
    edits = "SELECT speaker_id, field, old FROM speaker_edit ORDER BY id DESC"  # the first last
    for speaker_id, field, old in database.rows(edits):
        came[speaker_id][field] = old
    given = "SELECT clip_id, old FROM clip_edit WHERE field = 'speaker_id' ORDER BY id DESC"
    first: dict[int, int | None] = dict(database.rows(given))

    def otherwise(clip_id: int, speaker_id: int | None) -> frozenset[str]:
        before, facts = came[first.get(clip_id, speaker_id)], now[speaker_id]
        return frozenset(name for name in FIELDS if before[name] != facts[name])

    return otherwise


def _first(rows: list[tuple[Any, ...]]) -> KnownSpeaker | None:
    return _known(rows[0]) if rows else None


def _known(row: tuple[Any, ...]) -> KnownSpeaker:
    id_, *facts, clips = row
    return KnownSpeaker(SpeakerId(id_), Speaker(*facts), clips)
