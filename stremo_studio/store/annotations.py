"""Annotations: every answer ever given, oldest first. Rows are only ever added."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from stremo_studio.domain.annotation import (
    ADJUDICATED,
    BY_ADJUDICATION,
    BY_IMPORT,
    Annotation,
    AnnotationId,
    Answer,
)
from stremo_studio.domain.clip import ClipId
from stremo_studio.store import opinions
from stremo_studio.store.database import Database
from stremo_studio.store.history import Edit

_COLUMNS = "id, clip_id, annotator, label, emotion, sure, source, at, heard_ms, voice, stands"
_BY_PEOPLE = "source NOT IN ('import', 'undo')"


def answer_clips(
    edit: Edit, clip_ids: Iterable[ClipId], answer: Answer, source: str, heard_ms: int | None
) -> None:
    """Add one annotation for each clip and make it the current answer of its annotator, or that
    which settles the clip."""
    voice = ADJUDICATED if source == BY_ADJUDICATION else edit.annotator
    edit.database.execute(
        """
        INSERT INTO annotation
               (clip_id, command_id, annotator, voice, label, emotion, sure, source, heard_ms, at)
        SELECT value, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM json_each(?)
        """,
        *(edit.command_id, edit.annotator, voice, answer.label, answer.emotion, int(answer.sure)),
        *(source, heard_ms, edit.at, json.dumps(list(clip_ids))),
    )
    opinions.fold(edit.database, edit.command_id)


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """An answer on its way in, as its source tells of it. Empty = the source does not say."""

    voice: str
    answer: Answer
    annotator: str
    source: str = BY_IMPORT
    at: str = ""
    heard_ms: int | None = None
    number: int = 0
    """Its number in the source, by which one that brings it back names it in `stands`."""
    stands: int | None = None


def add_given(
    database: Database, command_id: int, clip_id: ClipId, given: Iterable[GivenAnswer]
) -> None:
    """Add the answers of one clip, oldest first; `opinions.fold` then makes them current."""
    ids: dict[int, int] = {}
    for one in given:
        ids[one.number] = database.insert(
            "INSERT INTO annotation (clip_id, command_id, annotator, voice, label, emotion, sure,"
            " source, heard_ms, stands, at) SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
            " coalesce(nullif(?, ''), at) FROM command WHERE id = ?",
            *(clip_id, command_id, one.annotator, one.voice, one.answer.label, one.answer.emotion),
            *(int(one.answer.sure), one.source, one.heard_ms),
            *(None if one.stands is None else ids.get(one.stands), one.at, command_id),
        )


def of_clip(database: Database, clip_id: ClipId) -> list[Annotation]:
    """Oldest first."""
    sql = f"SELECT {_COLUMNS} FROM annotation WHERE clip_id = ? ORDER BY id"
    return [_annotation(row) for row in database.rows(sql, clip_id)]


def standing(database: Database, limit: int, voice: str | None = None) -> list[Annotation]:
    """The newest answers of people that still stand, newest first; those of one annotator, or of
    all. One taken back or given anew since is not among them."""
    mine = "" if voice is None else " AND +annotator = ?"
    sql = (
        f"SELECT {_COLUMNS} FROM annotation WHERE id IN (SELECT annotation_id FROM opinion"
        f" WHERE annotator <> 'import'{mine} ORDER BY annotation_id DESC LIMIT ?) ORDER BY id DESC"
    )
    values = [limit] if voice is None else [voice, limit]
    return [_annotation(row) for row in database.rows(sql, *values)]


def decisions(database: Database) -> int:
    """How many answers people gave in this project."""
    return int(database.value(f"SELECT count(*) FROM annotation WHERE {_BY_PEOPLE}"))


def _annotation(row: tuple[Any, ...]) -> Annotation:
    id_, clip_id, annotator, label, emotion, sure, *rest = row
    answer = Answer(label, emotion, bool(sure))
    return Annotation(AnnotationId(id_), ClipId(clip_id), annotator, answer, *rest)
