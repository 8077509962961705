"""Label Studio: `tasks.json`, a task for each recording, and `labels.xml`, the labelling interface
that a project there needs to show them.

Each annotator is one annotation with a region for each answer (`labels`, in seconds), or with
`choices` where the whole file is one clip. What the active model says is a prediction, with
the model's version and its probability. All of the clip that is not an answer lies in `data.clips`.
Sound is named for Label Studio's local files, with the document root `/`; a recording that is not
here is named by its link, which Label Studio cannot play. Not carried: flags, notes, who answered
when.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import quoteattr

from stremo_studio.domain.exported import ExportedClip, ExportedRecording
from stremo_studio.formats.rows import (
    ExportedProject,
    ExportedRun,
    File,
    Parcel,
    by_recording,
    voices,
)
from stremo_studio.formats.tracks import word
from trainer.contract.labels import CLASSES, paper_scheme
from trainer.corpora.answer_words import BESIDE_THE_CLASSES

_AUDIO, _ANSWER, _WHOLE = "audio", "answer", "whole"
_SLACK = 0.01
"""Seconds by which a clip of a whole file may differ from its length."""


def write_label_studio(project: ExportedProject) -> Parcel:
    """The tasks and the interface."""
    tasks = [
        _task(recording, inside, project.run) for recording, inside in by_recording(project.clips)
    ]
    text = json.dumps(tasks, ensure_ascii=False, indent=1) + "\n"
    return Parcel(
        [File("tasks.json", text.encode()), File("labels.xml", _interface(project).encode())]
    )


def _task(
    recording: ExportedRecording, clips: Sequence[ExportedClip], run: ExportedRun | None
) -> dict[str, Any]:
    task = {
        "data": {
            _AUDIO: _address(recording),
            "path": recording.path,
            "video_id": recording.video_id,
            "clips": [_facts(clip) for clip in clips],
        },
        "annotations": [
            {
                "completed_by": {"email": annotator},
                "result": [
                    _result(clip, word(one.answer))
                    for clip in clips
                    for one in clip.opinions
                    if one.annotator == annotator
                ],
            }
            for annotator in voices(clips)
        ],
    }
    if run and (found := _prediction(clips, run)):
        task["predictions"] = [found]
    return task


def _facts(clip: ExportedClip) -> dict[str, Any]:
    return {
        "id": f"clip-{clip.id}",
        "corpus": clip.corpus,
        "name": clip.name,
        "start": clip.file_start,
        "end": clip.file_end,
        "group": clip.group,
        "speaker": asdict(clip.speaker) if clip.speaker else None,
        "transcript": clip.transcript,
        "label": word(clip.answer),
    }


def _result(clip: ExportedClip, says: str) -> dict[str, Any]:
    """A region of the recording, or a choice for all of it."""
    result: dict[str, Any] = {
        "id": f"clip-{clip.id}",
        "to_name": _AUDIO,
        "original_length": clip.recording.duration,
    }
    if _is_whole(clip):
        return result | {"type": "choices", "from_name": _WHOLE, "value": {"choices": [says]}}
    value = {"start": clip.file_start, "end": clip.file_end, "labels": [says]}
    return result | {"type": "labels", "from_name": _ANSWER, "value": value}


def _prediction(clips: Sequence[ExportedClip], run: ExportedRun) -> dict[str, Any] | None:
    results, scores = [], []
    for clip in clips:
        said = run.predictions.get(clip.id)
        if said is not None:
            score = said.probabilities[CLASSES.index(said.predicted)]
            results.append(_result(clip, said.predicted) | {"score": score})
            scores.append(score)
    if not results:
        return None
    score = sum(scores) / len(scores)
    return {"model_version": f"{run.name} {run.model}", "score": score, "result": results}


def _is_whole(clip: ExportedClip) -> bool:
    length = clip.recording.duration
    return length is not None and clip.file_start == 0 and abs(clip.file_end - length) < _SLACK


def _address(recording: ExportedRecording) -> str:
    if recording.path is None:
        return recording.link
    return f"/data/local-files/?d={quote(Path(recording.path).as_posix().removeprefix('/'))}"


def _interface(project: ExportedProject) -> str:
    scheme = paper_scheme()
    used = (word(a.answer) for clip in project.clips for a in clip.opinions)
    words = dict.fromkeys(
        [*CLASSES, *(e.id for e in scheme.emotions), *BESIDE_THE_CLASSES, *sorted(set(used))]
    )
    labels = "\n".join(f"    <Label value={quoteattr(one)}/>" for one in words)
    choices = "\n".join(f"    <Choice value={quoteattr(one)}/>" for one in words)
    return (
        f'<View>\n  <Audio name="{_AUDIO}" value="${_AUDIO}"/>\n'
        f'  <Labels name="{_ANSWER}" toName="{_AUDIO}">\n{labels}\n  </Labels>\n'
        f'  <Choices name="{_WHOLE}" toName="{_AUDIO}">\n{choices}\n  </Choices>\n</View>\n'
    )
