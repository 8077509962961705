"""Clips on their way in: written hidden, a chunk a transaction, then shown by one command.

A studio that dies half-way leaves hidden rows behind; `sweep` removes them at the next opening.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from stremo_studio.domain.annotation import BY_IMPORT, IMPORTED
from stremo_studio.domain.clip import ClipId
from stremo_studio.domain.recording import Recording
from stremo_studio.domain.speaker import Speaker
from stremo_studio.store import annotations, history, opinions
from stremo_studio.store.annotations import GivenAnswer
from stremo_studio.store.clips import set_field
from stremo_studio.store.database import Database
from stremo_studio.store.history import STAGED, STAGING, Edit


@dataclass(frozen=True, slots=True)
class IncomingClip:
    """One clip as it is written. `recording.id` and all other ids are given by the database."""

    corpus: str
    name: str
    recording: Recording
    start: float
    end: float
    group: str
    speaker: Speaker | None
    label: str | None
    emotion: str | None
    transcript: str | None
    problem: str
    cells: Mapping[str, str] | None
    answers: tuple[GivenAnswer, ...] = ()
    """Of several voices; `label` is then None, as it follows from them."""


@dataclass(frozen=True, slots=True)
class KnownClip:
    """What the project holds already under a name."""

    id: ClipId
    present: bool
    path: str | None
    heard: bool


def known(database: Database, corpus: str) -> dict[str, KnownClip]:
    """All finished clips of a corpus by name, hidden ones included."""
    rows = database.rows(
        "SELECT c.name, c.id, c.present, r.path, r.audio = 'ready' AND c.problem = ''"
        " FROM clip c JOIN recording r ON r.id = c.recording_id WHERE c.corpus = ?",
        corpus,
    )
    return {
        name: KnownClip(ClipId(id_), bool(present), path, bool(heard))
        for name, id_, present, path, heard in rows
    }


def known_spans(database: Database) -> dict[tuple[str, int, int], KnownClip]:
    """All visible clips by where their sound lies and when, in whole milliseconds of the file. A
    recording goes by its name and by its path."""
    rows = database.rows(
        "SELECT r.key, r.path, c.start + r.shift, c.end + r.shift, c.id,"
        " r.audio = 'ready' AND c.problem = ''"
        " FROM clip c JOIN recording r ON r.id = c.recording_id WHERE c.present = 1"
    )
    return {
        (place, round(start * 1000), round(end * 1000)): KnownClip(
            ClipId(id_), True, path, bool(heard)
        )
        for key, path, start, end, id_, heard in rows
        for place in (key, path)
        if place
    }


def begin(database: Database, sentence: str, annotator: str) -> int:
    """The id under which one import's rows are written."""
    with database.transaction():
        return history.begin(database, STAGING, sentence, annotator).command_id


def add(database: Database, staging: int, clips: Iterable[IncomingClip]) -> None:
    """Write a chunk of hidden clips, with their recordings, speakers and labels."""
    chunk = list(clips)
    with database.transaction():
        last = database.value("SELECT coalesce(max(id), 0) FROM clip")
        _add_recordings(database, chunk)
        database.execute_many(
            "INSERT INTO speaker (corpus, name, gender, age, language, accent, ethnicity)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (corpus, name) DO NOTHING",
            (
                (s.corpus, s.name, s.gender, s.age, s.language, s.accent, s.ethnicity)
                for s in (clip.speaker for clip in chunk)
                if s
            ),
        )
        database.execute_many(
            "INSERT INTO clip (recording_id, corpus, name, start, end, speaker_id, group_key,"
            " transcript, problem, source_cells, import_id, label, emotion)"
            " VALUES ((SELECT id FROM recording WHERE key = ?), ?, ?, ?, ?,"
            " (SELECT id FROM speaker WHERE corpus = ? AND name = ?), ?, ?, ?, ?, ?, ?, ?)",
            (
                (clip.recording.key, clip.corpus, clip.name, clip.start, clip.end, clip.corpus,
                 clip.speaker and clip.speaker.name, clip.group, clip.transcript, clip.problem,
                 clip.cells and json.dumps(dict(clip.cells), ensure_ascii=False), staging,
                 clip.label, clip.emotion)
                for clip in chunk
            ),
        )  # fmt: skip
        _add_answers(database, staging, last)
        _add_given(database, staging, last, chunk)


def relink(database: Database, clips: Iterable[tuple[ClipId, IncomingClip]]) -> None:
    """Give clips that could not be heard the audio that was found for them since."""
    chunk = list(clips)
    with database.transaction():
        _add_recordings(database, [clip for _, clip in chunk])
        database.execute_many(
            "UPDATE clip SET recording_id = (SELECT id FROM recording WHERE key = ?),"
            " start = ?, end = ?, problem = ? WHERE id = ?",
            (
                (clip.recording.key, clip.start, clip.end, clip.problem, clip_id)
                for clip_id, clip in chunk
            ),
        )


def answer(
    edit: Edit, answers: Iterable[tuple[ClipId, Sequence[GivenAnswer]]]
) -> frozenset[ClipId]:
    """Add answers of voices that had given none to clips which are here already."""
    clips = set()
    for clip_id, given in answers:
        annotations.add_given(edit.database, edit.command_id, clip_id, given)
        clips.add(clip_id)
    if clips:
        opinions.fold(edit.database, edit.command_id)
    return frozenset(clips)


def show(edit: Edit, staging: int | None, hidden: Iterable[ClipId]) -> frozenset[ClipId]:
    """Let staged clips, and clips of an import undone before, into the worklist."""
    database = edit.database
    staged: list[ClipId] = []
    if staging is not None:
        database.execute("UPDATE command SET kind = ? WHERE id = ?", STAGED, staging)
        rows = database.rows("SELECT id FROM clip WHERE import_id = ?", staging)
        staged = [ClipId(row[0]) for row in rows]
    return set_field(edit, [*staged, *hidden], "present", 1)


def sweep(database: Database) -> int:
    """Remove what an import that never ended left behind; returns how many clips that were."""
    if not database.rows("SELECT 1 FROM command WHERE kind = ?", STAGING):
        return 0
    with database.transaction():
        unfinished = "(SELECT id FROM command WHERE kind = 'staging')"
        # the tables name each other: let go of the answers first
        database.execute(
            "DELETE FROM opinion WHERE clip_id IN"
            f" (SELECT id FROM clip WHERE import_id IN {unfinished})"
        )
        database.execute(f"UPDATE clip SET annotation_id = NULL WHERE import_id IN {unfinished}")
        database.execute(f"DELETE FROM annotation WHERE command_id IN {unfinished}")
        gone = database.execute(f"DELETE FROM clip WHERE import_id IN {unfinished}")
        database.execute(
            "DELETE FROM recording WHERE id NOT IN (SELECT recording_id FROM clip)"
            " AND id NOT IN (SELECT recording_id FROM source)"
        )
        database.execute(
            "DELETE FROM speaker WHERE id NOT IN"
            " (SELECT speaker_id FROM clip WHERE speaker_id IS NOT NULL"
            "  UNION SELECT speaker_id FROM speaker_edit"
            "  UNION SELECT value FROM clip_edit, json_each(json_array(old, new))"
            "  WHERE field = 'speaker_id' AND value IS NOT NULL)"
        )
        database.execute("DELETE FROM command WHERE kind = ?", STAGING)
    return gone


def _add_answers(database: Database, staging: int, after: int) -> None:
    """The labels that the clips written since `after` came with, as annotations of the corpus."""
    database.execute(
        "INSERT INTO annotation (clip_id, command_id, annotator, voice, label, emotion, source, at)"
        " SELECT clip.id, ?1, corpus, ?2, label, emotion, ?3, at FROM clip, command"
        " WHERE clip.id > ?4 AND label IS NOT NULL AND command.id = ?1",
        *(staging, IMPORTED, BY_IMPORT, after),
    )
    database.execute(
        "INSERT INTO opinion (clip_id, annotator, annotation_id, label, emotion)"
        " SELECT clip_id, voice, id, label, emotion FROM annotation WHERE clip_id > ?",
        after,
    )
    database.execute(
        "UPDATE clip SET annotation_id = a.id FROM annotation a"
        " WHERE a.clip_id = clip.id AND clip.id > ?",
        after,
    )


def _add_given(database: Database, staging: int, after: int, clips: Iterable[IncomingClip]) -> None:
    """The answers of clips whose source keeps annotators apart."""
    answered = {(clip.corpus, clip.name): clip.answers for clip in clips if clip.answers}
    if not answered:
        return
    rows = database.rows("SELECT id, corpus, name FROM clip WHERE id > ?", after)
    for clip_id, corpus, name in rows:
        given = answered.get((corpus, name), ())
        annotations.add_given(database, staging, ClipId(clip_id), given)
    opinions.fold(database, staging, after)


def _add_recordings(database: Database, clips: Iterable[IncomingClip]) -> None:
    """A recording that is known already takes the file that was just seen."""
    database.execute_many(
        "INSERT INTO recording (key, path, video_id, audio, problem)"
        " VALUES (?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET"
        " path = excluded.path, audio = excluded.audio, problem = excluded.problem"
        " WHERE excluded.path IS NOT NULL",
        {
            clip.recording.key: (
                *(clip.recording.key, clip.recording.path, clip.recording.video_id),
                *(clip.recording.audio, clip.recording.problem),
            )
            for clip in clips
        }.values(),
    )
