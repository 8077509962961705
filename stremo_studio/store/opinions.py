"""What each annotator says now, and the label that follows: folded from annotations as they
come."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from stremo_studio.domain.annotation import ADJUDICATED, IMPORTED, AnnotationId, Answer
from stremo_studio.domain.clip import ClipId
from stremo_studio.domain.consensus import Opinion, consensus
from stremo_studio.store.database import Database

_LAST = """
SELECT clip_id, voice, max(id) AS id, source, stands, label, emotion, sure
FROM annotation WHERE command_id = ? AND clip_id > ? GROUP BY clip_id, voice
"""
"""The rows that a command leaves: SQLite takes the other columns from where `id` is greatest."""


def fold(database: Database, command_id: int, after: int = 0) -> None:
    """Make what a command answered, or brought back, the current answers of their voices, and
    settle the labels of its clips; only those behind the clip `after`."""
    database.execute(
        "DELETE FROM opinion WHERE (clip_id, annotator) IN"
        f" (SELECT clip_id, voice FROM ({_LAST}) WHERE source = 'undo' AND stands IS NULL)",
        *(command_id, after),
    )
    database.execute(
        "INSERT INTO opinion (clip_id, annotator, annotation_id, label, emotion, sure)"
        f" SELECT clip_id, voice, coalesce(stands, id), label, emotion, sure FROM ({_LAST})"
        " WHERE source <> 'undo' OR stands IS NOT NULL"
        " ON CONFLICT (clip_id, annotator) DO UPDATE SET annotation_id = excluded.annotation_id,"
        " label = excluded.label, emotion = excluded.emotion, sure = excluded.sure",
        *(command_id, after),
    )
    database.execute_many(
        "UPDATE clip SET annotation_id = ?, label = ?, emotion = ?, sure = ? WHERE id = ?",
        _settled(database, command_id, after),
    )


def by_clip(database: Database) -> dict[ClipId, dict[str, Answer]]:
    """Every current answer, by clip and voice."""
    found: defaultdict[ClipId, dict[str, Answer]] = defaultdict(dict)
    sql = "SELECT clip_id, annotator, label, emotion, sure FROM opinion"
    for clip_id, voice, label, emotion, sure in database.rows(sql):
        found[clip_id][voice] = Answer(label, emotion, bool(sure))
    return found


def people(database: Database) -> list[str]:
    """Everybody who has answered a clip, by name; one look into an index for each."""
    rows = database.rows(
        "WITH RECURSIVE person (name) AS (SELECT min(annotator) FROM opinion UNION ALL"
        " SELECT (SELECT min(annotator) FROM opinion WHERE annotator > name) FROM person"
        " WHERE name IS NOT NULL)"
        " SELECT name FROM person WHERE name IS NOT NULL AND name NOT IN (?, ?)",
        *(IMPORTED, ADJUDICATED),
    )
    return [name for (name,) in rows]


def count_by_label(database: Database, annotator: str) -> dict[str, int]:
    """Visible clips that one annotator has answered, by answer."""
    counts: Counter[str] = Counter()
    everywhere = (
        "SELECT label, count(*) FROM opinion WHERE annotator = ? AND label IS NOT NULL"
        " GROUP BY label"
    )
    hidden = (  # there are few: the clips of an import that was undone
        "SELECT o.label, -count(*) FROM clip c CROSS JOIN opinion o ON o.clip_id = c.id"
        " AND o.annotator = ? WHERE c.present = 0 AND o.label IS NOT NULL GROUP BY o.label"
    )
    for sql in (everywhere, hidden):
        for label, count in database.rows(sql, annotator):
            counts[label] += count
    return {label: count for label, count in counts.items() if count}


@dataclass(frozen=True, slots=True)
class SaidOfClip:
    """One voice's current answer to a visible clip, and how it was given."""

    clip_id: ClipId
    group: str
    annotator: str
    label: str
    source: str


def everything_said(database: Database) -> list[SaidOfClip]:
    """Every current answer of every voice, clip by clip."""
    rows = database.rows(
        "SELECT o.clip_id, c.group_key, o.annotator, o.label, a.source FROM opinion o"
        " JOIN clip c ON c.id = o.clip_id JOIN annotation a ON a.id = o.annotation_id"
        " WHERE o.label IS NOT NULL AND c.present = 1 ORDER BY o.clip_id, o.annotation_id"
    )
    return [SaidOfClip(ClipId(clip), *rest) for clip, *rest in rows]


def of_clip(database: Database, clip_id: ClipId) -> list[Opinion]:
    """The current answers to one clip, in the order they were given."""
    rows = database.rows(
        "SELECT annotator, annotation_id, label, emotion, sure FROM opinion"
        " WHERE clip_id = ? AND label IS NOT NULL ORDER BY annotation_id",
        clip_id,
    )
    return [_opinion(row) for row in rows]


def adjudicated(database: Database, clip_ids: Iterable[ClipId]) -> frozenset[ClipId]:
    """Those of the clips that are settled."""
    rows = database.rows(
        "SELECT clip_id FROM json_each(?) j JOIN opinion o ON o.clip_id = j.value"
        " WHERE o.annotator = ? AND o.label IS NOT NULL",
        *(json.dumps(list(clip_ids)), ADJUDICATED),
    )
    return frozenset(ClipId(clip) for (clip,) in rows)


def _settled(database: Database, command_id: int, after: int) -> Iterator[tuple[Any, ...]]:
    rows = database.rows(
        "SELECT c.clip_id, o.annotator, o.annotation_id, o.label, o.emotion, o.sure"
        " FROM (SELECT DISTINCT clip_id FROM annotation WHERE command_id = ? AND clip_id > ?) c"
        " LEFT JOIN opinion o ON o.clip_id = c.clip_id ORDER BY c.clip_id",
        *(command_id, after),
    )
    for clip_id, some in groupby(rows, itemgetter(0)):
        label = consensus(_opinion(row[1:]) for row in some if row[1] is not None)
        answer = label.answer
        yield label.annotation_id, answer.label, answer.emotion, int(answer.sure), clip_id


def _opinion(row: tuple[Any, ...]) -> Opinion:
    annotator, annotation_id, label, emotion, sure = row
    return Opinion(annotator, Answer(label, emotion, bool(sure)), AnnotationId(annotation_id))
