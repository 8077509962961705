"""Our own log, one JSON object a line, complete: every clip as it is; every answer ever given with
who gave it, when, by which way, after how much of the clip, and what they had said before; every
change of flag, note and edges.

Read back, all clips and answers are as they were. Changes are told for the record: an import takes
the edges as they are now, and no flags and notes.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from stremo_studio.domain.annotation import Answer
from stremo_studio.domain.exported import ExportedClip
from stremo_studio.formats.rows import ExportedProject, File, Parcel
from trainer.corpora.event_log import ANSWER, CLIP, EDIT, FORMAT, PROJECT, VERSION


def write_events(project: ExportedProject) -> Parcel:
    """`events.jsonl`: the project, its clips, then what happened in order of time."""
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in _rows(project)]
    return Parcel([File("events.jsonl", "".join(lines).encode())])


def _rows(project: ExportedProject) -> Iterator[dict[str, Any]]:
    yield {
        "kind": PROJECT,
        "format": FORMAT,
        "version": VERSION,
        "name": project.name,
        "revision": project.revision,
        "saved": project.saved,
        "columns": list(project.columns),
    }
    for clip in project.clips:
        yield _clip(clip)
    happened = [*_answers(project), *_edits(project)]
    yield from (row for _, row in sorted(happened, key=lambda pair: pair[0]))


def _clip(clip: ExportedClip) -> dict[str, Any]:
    recording, speaker = clip.recording, clip.speaker
    return {
        "kind": CLIP,
        "corpus": clip.corpus,
        "name": clip.name,
        "start": clip.start,
        "end": clip.end,
        "group": clip.group,
        "recording": {
            "path": recording.path,
            "video_id": recording.video_id,
            "link": recording.link,
            "shift": recording.shift,
        },
        "speaker": asdict(speaker) if speaker else None,
        "transcript": clip.transcript,
        "flagged": clip.flagged,
        "note": clip.note,
        "cells": clip.cells,
        "label": _answer(clip.answer),
    }


def _answers(project: ExportedProject) -> Iterator[tuple[tuple[str, int, int], dict[str, Any]]]:
    for clip in project.clips:
        said: dict[str, Answer] = {}
        for one in clip.history:
            yield (
                (one.at, 0, one.id),
                {
                    "kind": ANSWER,
                    "corpus": clip.corpus,
                    "clip": clip.name,
                    "id": one.id,
                    "annotator": one.annotator,
                    "voice": one.voice,
                    "stands": one.stands,
                    "at": one.at,
                    "source": one.source,
                    "heard_ms": one.heard_ms,
                    "before": _answer(said.get(one.voice, Answer(None))),
                    "after": _answer(one.answer),
                },
            )
            said[one.voice] = one.answer


def _edits(project: ExportedProject) -> Iterator[tuple[tuple[str, int, int], dict[str, Any]]]:
    names = {clip.id: (clip.corpus, clip.name) for clip in project.clips}
    for number, edit in enumerate(project.edits):
        corpus, name = names[edit.clip_id]
        yield (
            (edit.at, 1, number),
            {
                "kind": EDIT,
                "corpus": corpus,
                "clip": name,
                "annotator": edit.annotator,
                "at": edit.at,
                "field": edit.field,
                "before": edit.old,
                "after": edit.new,
            },
        )


def _answer(answer: Answer) -> dict[str, Any] | None:
    if answer.label is None:
        return None
    return {"label": answer.label, "emotion": answer.emotion, "sure": answer.sure}
