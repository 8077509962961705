"""What an export needs to know of each clip, beside what the worklist shows."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from stremo_studio.domain.annotation import BY_IMPORT, Annotation, AnnotationId, Answer
from stremo_studio.domain.clip import ClipId
from stremo_studio.domain.consensus import Opinion
from stremo_studio.domain.exported import ExportedClip, ExportedEdit, ExportedRecording
from stremo_studio.domain.recording import RecordingId
from stremo_studio.domain.source import source_link
from stremo_studio.domain.speaker import Speaker
from stremo_studio.store.database import Database
from stremo_studio.store.speakers import described_otherwise

_SQL = """
SELECT c.id, c.corpus, c.name, c.start, c.end, c.group_key, c.recording_id,
       c.label, c.emotion, c.sure, c.source_cells, i.id, i.label, i.emotion,
       EXISTS (SELECT 1 FROM clip_edit e WHERE e.clip_id = c.id AND (
           e.field = 'start' AND c.start <> (SELECT o.old FROM clip_edit o WHERE o.clip_id = c.id
               AND o.field = 'start' ORDER BY o.id LIMIT 1)
           OR e.field = 'end' AND c.end <> (SELECT o.old FROM clip_edit o WHERE o.clip_id = c.id
               AND o.field = 'end' ORDER BY o.id LIMIT 1))),
       c.transcript, c.flagged, c.note,
       s.id, s.name, s.gender, s.age, s.language, s.accent, s.ethnicity
FROM clip c
LEFT JOIN speaker s ON s.id = c.speaker_id
LEFT JOIN annotation i ON i.id = (
    SELECT min(id) FROM annotation WHERE clip_id = c.id AND source = ?)
WHERE c.present = 1 ORDER BY c.id
"""
_RECORDINGS = """
SELECT r.id, r.key, CASE r.audio WHEN 'ready' THEN r.path END, r.video_id, coalesce(s.link, ''),
       r.shift, coalesce(s.licence, '')
FROM recording r LEFT JOIN source s ON s.recording_id = r.id
"""
_ANSWERS = """
SELECT a.id, a.clip_id, a.annotator, a.label, a.emotion, a.sure, a.source, a.at, a.heard_ms,
       a.voice, a.stands
FROM annotation a JOIN clip ON clip.id = a.clip_id WHERE clip.present = 1 ORDER BY a.id
"""
_OPINIONS = """
SELECT o.clip_id, o.annotator, o.label, o.emotion, o.sure, o.annotation_id
FROM opinion o JOIN clip ON clip.id = o.clip_id WHERE clip.present = 1 ORDER BY o.annotation_id
"""
_EDITS = """
SELECT e.clip_id, e.field, e.old, e.new, c.annotator, c.at
FROM clip_edit e JOIN command c ON c.id = e.command_id JOIN clip ON clip.id = e.clip_id
WHERE clip.present = 1 AND e.field IN ('flagged', 'note', 'start', 'end') ORDER BY e.id
"""


def clips(database: Database) -> Iterator[ExportedClip]:
    """Every visible clip, in the order it was added."""
    recordings = _recordings(database)
    answers = defaultdict[ClipId, list[Annotation]](list)
    for row in database.rows(_ANSWERS):
        answers[row[1]].append(_annotation(row))
    opinions = defaultdict[ClipId, list[Opinion]](list)
    for clip_id, voice, label, emotion, sure, given in database.rows(_OPINIONS):
        opinions[clip_id].append(Opinion(voice, Answer(label, emotion, bool(sure)), given))
    otherwise = described_otherwise(database)
    for row in database.rows(_SQL, BY_IMPORT):
        id_, corpus, name, start, end, group, recording, label, emotion, sure, cells, *rest = row
        import_id, import_label, import_emotion, moved, transcript, flagged, note, *who = rest
        speaker_id, *speaker = who
        yield ExportedClip(
            ClipId(id_), corpus, name, start, end, group, recordings[recording],
            Speaker(corpus, *speaker) if speaker_id else None,
            Answer(label, emotion, bool(sure)),
            Answer(import_label, import_emotion) if import_id else None,
            json.loads(cells) if cells else None, bool(moved), transcript, bool(flagged), note,
            tuple(answers[id_]), tuple(opinions[id_]), otherwise(id_, speaker_id),
        )  # fmt: skip


def edits(database: Database) -> list[ExportedEdit]:
    """Every change of a visible clip's flag, note or edges, oldest first."""
    return [ExportedEdit(*row) for row in database.rows(_EDITS)]


def _recordings(database: Database) -> Mapping[int, ExportedRecording]:
    return {
        id_: ExportedRecording(
            RecordingId(id_), key, path, video_id, source_link(video_id, link), shift, None, licence
        )
        for id_, key, path, video_id, link, shift, licence in database.rows(_RECORDINGS)
    }


def _annotation(row: Sequence[Any]) -> Annotation:
    id_, clip_id, annotator, label, emotion, sure, source, at, heard_ms, voice, stands = row
    answer = Answer(label, emotion, bool(sure))
    brought = None if stands is None else AnnotationId(stands)
    return Annotation(
        AnnotationId(id_), ClipId(clip_id), annotator, answer, source, at, heard_ms, voice, brought
    )
