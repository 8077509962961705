"""Annotations: every answer ever given, oldest first. Rows are only ever added."""

import json
from collections.abc import Iterable
from typing import Any

from stremo_studio.domain.annotation import Annotation, AnnotationId, Answer
from stremo_studio.domain.clip import ClipId
from stremo_studio.store.database import Database
from stremo_studio.store.history import Edit, fold_answers

_COLUMNS = "id, clip_id, annotator, label, emotion, sure, source, at, heard_ms"


def answer_clips(
    edit: Edit, clip_ids: Iterable[ClipId], answer: Answer, source: str, heard_ms: int | None
) -> None:
    """Add one annotation for each clip and make it the clip's current answer."""
    edit.database.execute(
        """
        INSERT INTO annotation
               (clip_id, command_id, annotator, label, emotion, sure, source, heard_ms, at)
        SELECT value, ?, ?, ?, ?, ?, ?, ?, ? FROM json_each(?)
        """,
        *(edit.command_id, edit.annotator, answer.label, answer.emotion, int(answer.sure)),
        *(source, heard_ms, edit.at, json.dumps(list(clip_ids))),
    )
    fold_answers(edit)


def of_clip(database: Database, clip_id: ClipId) -> list[Annotation]:
    """Oldest first."""
    sql = f"SELECT {_COLUMNS} FROM annotation WHERE clip_id = ? ORDER BY id"
    return [_annotation(row) for row in database.rows(sql, clip_id)]


def recent(database: Database, limit: int) -> list[Annotation]:
    """The last answers of people, newest first; an answer taken back since is among them."""
    sql = (
        f"SELECT {_COLUMNS} FROM annotation WHERE source IN ('key', 'review', 'peek')"
        " ORDER BY id DESC LIMIT ?"
    )
    return [_annotation(row) for row in database.rows(sql, limit)]


def decisions(database: Database) -> int:
    """How many answers people gave in this project."""
    sql = "SELECT count(*) FROM annotation WHERE source IN ('key', 'review', 'peek')"
    return int(database.value(sql))


def _annotation(row: tuple[Any, ...]) -> Annotation:
    id_, clip_id, annotator, label, emotion, sure, source, at, heard_ms = row
    answer = Answer(label, emotion, bool(sure))
    return Annotation(AnnotationId(id_), ClipId(clip_id), annotator, answer, source, at, heard_ms)
