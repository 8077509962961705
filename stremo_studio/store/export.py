"""What an export needs to know of each clip, beside what the worklist shows."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from stremo_studio.domain.annotation import BY_IMPORT, Answer
from stremo_studio.domain.speaker import Speaker
from stremo_studio.store.database import Database


@dataclass(frozen=True, slots=True)
class ExportedClip:
    """A clip as a row of a sheet. `cells` are those it came with; `imported` is the answer that
    the corpus gave, None for a clip that came without one."""

    corpus: str
    name: str
    start: float
    end: float
    group: str
    video_id: str | None
    path: str | None
    speaker: Speaker | None
    answer: Answer
    imported: Answer | None
    cells: dict[str, str] | None
    moved: bool = False
    """Whether a person gave it other edges than it came with."""


_SQL = """
SELECT c.corpus, c.name, c.start, c.end, c.group_key, r.video_id, r.path,
       c.label, c.emotion, c.sure, c.source_cells, i.id, i.label, i.emotion,
       EXISTS (SELECT 1 FROM clip_edit e WHERE e.clip_id = c.id AND (
           e.field = 'start' AND c.start <> (SELECT o.old FROM clip_edit o WHERE o.clip_id = c.id
               AND o.field = 'start' ORDER BY o.id LIMIT 1)
           OR e.field = 'end' AND c.end <> (SELECT o.old FROM clip_edit o WHERE o.clip_id = c.id
               AND o.field = 'end' ORDER BY o.id LIMIT 1))),
       s.id, s.name, s.gender, s.age, s.language, s.accent, s.ethnicity
FROM clip c JOIN recording r ON r.id = c.recording_id
LEFT JOIN speaker s ON s.id = c.speaker_id
LEFT JOIN annotation i ON i.id = (
    SELECT min(id) FROM annotation WHERE clip_id = c.id AND source = ?)
WHERE c.present = 1 ORDER BY c.id
"""


def clips(database: Database) -> Iterator[ExportedClip]:
    """Every visible clip, in the order it was added."""
    for row in database.rows(_SQL, BY_IMPORT):
        corpus, name, start, end, group, video_id, path, label, emotion, sure, cells, *rest = row
        import_id, import_label, import_emotion, moved, speaker_id, *speaker = rest
        yield ExportedClip(
            corpus, name, start, end, group, video_id, path,
            Speaker(corpus, *speaker) if speaker_id else None,
            Answer(label, emotion, bool(sure)),
            Answer(import_label, import_emotion) if import_id else None,
            json.loads(cells) if cells else None, bool(moved),
        )  # fmt: skip
