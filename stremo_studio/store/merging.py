"""Answers on their way from one copy of a project into another."""

from collections.abc import Iterable
from dataclasses import dataclass

from stremo_studio.domain.annotation import Answer
from stremo_studio.domain.clip import ClipId
from stremo_studio.store import opinions
from stremo_studio.store.database import Database
from stremo_studio.store.history import Edit


@dataclass(frozen=True, slots=True)
class StandingAnswer:
    """The current answer of one voice to one clip, with all that is known of how it was given."""

    clip_id: ClipId
    corpus: str
    name: str
    start: float
    end: float
    """Seconds, as the clip lies in this copy."""
    voice: str
    annotator: str
    answer: Answer
    source: str
    heard_ms: int | None
    at: str


def standing_answers(database: Database) -> list[StandingAnswer]:
    """Every answer of people that stands, on visible clips, the first to be given first."""
    rows = database.rows(
        "SELECT c.id, c.corpus, c.name, c.start, c.end, o.annotator, a.annotator,"
        " o.label, o.emotion, o.sure, a.source, a.heard_ms, a.at"
        " FROM opinion o JOIN clip c ON c.id = o.clip_id"
        " JOIN annotation a ON a.id = o.annotation_id"
        " WHERE o.annotator <> 'import' AND c.present = 1 ORDER BY a.at, a.id"
    )
    return [
        StandingAnswer(ClipId(clip), corpus, name, start, end, voice, annotator,
                       Answer(label, emotion, bool(sure)), *given)
        for clip, corpus, name, start, end, voice, annotator, label, emotion, sure, *given in rows
    ]  # fmt: skip


def spans(database: Database) -> dict[tuple[str, str], tuple[ClipId, float, float]]:
    """Every visible clip by corpus and name, with its times."""
    rows = database.rows("SELECT corpus, name, id, start, end FROM clip WHERE present = 1")
    return {(corpus, name): (ClipId(id_), start, end) for corpus, name, id_, start, end in rows}


def take_over(edit: Edit, answers: Iterable[StandingAnswer]) -> None:
    """Add answers as they were given; `clip_id` is that of this copy."""
    edit.database.execute_many(
        "INSERT INTO annotation (clip_id, command_id, annotator, voice, label, emotion, sure,"
        " source, heard_ms, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (a.clip_id, edit.command_id, a.annotator, a.voice, a.answer.label, a.answer.emotion,
             int(a.answer.sure), a.source, a.heard_ms, a.at)
            for a in answers
        ),
    )  # fmt: skip
    opinions.fold(edit.database, edit.command_id)
