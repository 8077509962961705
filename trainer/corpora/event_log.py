"""The studio's own log of a project (`events.jsonl`): an object a line, each with its `kind`.

Clips come as they are now, with every answer that was ever given.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from trainer.contract.foreign_text import quoted
from trainer.contract.labels import CLASSES
from trainer.corpora.answer_words import BESIDE_THE_CLASSES, DISPUTED
from trainer.corpora.foreign_file import read_text, seconds
from trainer.corpora.rows import (
    NOTE,
    CorpusAnswer,
    CorpusClip,
    CorpusError,
    Finding,
    SpeakerFacts,
)
from trainer.corpora.sound_beside import Shelf

FORMAT = "stremo-studio-events"
VERSION = 1
PROJECT, CLIP, ANSWER, EDIT = "project", "clip", "answer", "edit"


def read_event_log(path: Path) -> tuple[list[CorpusClip], list[Finding], tuple[str, ...]]:
    """Clips, findings, and the columns of the sheet they came from. Raises CorpusError for what is
    no log, or one of a newer studio, and names the first line that cannot be read."""
    lines = _lines(path)
    _, head = next(lines, (0, {}))
    if head.get("format") != FORMAT:
        raise CorpusError(f"{quoted(path.name)} is no log of StrEmo Studio.", "Choose another.")
    if head.get("version") != VERSION:
        raise CorpusError(
            f"{quoted(path.name)} was written by a newer StrEmo Studio.", "Install the newest one."
        )
    rows: list[Mapping[str, Any]] = []
    answers: defaultdict[tuple[str, str], list[CorpusAnswer]] = defaultdict(list)
    shelf = Shelf.of(path.parent)
    try:
        number = 1
        for number, row in lines:  # noqa: B007 - named in the error
            if row["kind"] == CLIP:
                rows.append(row)
            elif row["kind"] == ANSWER:
                answers[row["corpus"], row["clip"]].append(_answer(row))
        clips = [_clip(row, answers[row["corpus"], row["name"]], shelf, path) for row in rows]
        columns = tuple(str(column) for column in head.get("columns", ()))
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise CorpusError(
            f"Line {number} of {quoted(path.name)} is no event of a log.", "Export it again."
        ) from error
    missing = tuple(clip.name for clip in clips if clip.path is None)
    findings = []
    differ = tuple(str(row["name"]) for row in rows if _label(row) == DISPUTED)
    if differ:
        message = f"Clips whose annotators differ: {len(differ)}."
        findings.append(Finding("annotators who differ", NOTE, message, differ))
    if missing:
        message = f"Clips without audio here: {len(missing)}."
        findings.append(Finding("audio missing", NOTE, message, missing))
    return clips, findings, columns


def _lines(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict):
            raise CorpusError(
                f"Line {number} of {quoted(path.name)} is cut short or damaged.", "Export it again."
            )
        yield number, row


def _answer(row: Mapping[str, Any]) -> CorpusAnswer:
    label, emotion, sure = _said(row["after"])
    return CorpusAnswer(
        str(row["voice"]), label, emotion, sure, str(row["annotator"]), str(row["source"]),
        str(row["at"]), None if row["heard_ms"] is None else int(row["heard_ms"]),
        int(row["id"]), None if row["stands"] is None else int(row["stands"]),
    )  # fmt: skip


def _said(answer: Mapping[str, Any] | None) -> tuple[str | None, str | None, bool]:
    if answer is None:
        return None, None, True
    label = answer["label"]
    if label not in (*CLASSES, *BESIDE_THE_CLASSES):
        raise ValueError(label)
    emotion = answer.get("emotion")
    return label, None if emotion is None else str(emotion), bool(answer.get("sure", True))


def _label(row: Mapping[str, Any]) -> str | None:
    """What stands, by all answers."""
    return None if row["label"] is None else str(row["label"]["label"])


def _clip(
    row: Mapping[str, Any],
    answers: Sequence[CorpusAnswer],
    shelf: Shelf,
    path: Path,
) -> CorpusClip:
    place, speaker = row["recording"], row["speaker"]
    was = str(place["path"] or "")
    sound = shelf.sound_of(Path(was).stem, [was], place["video_id"], path.parent)
    shift = seconds(place["shift"]) if sound.path else 0.0
    label = _label(row)
    emotion = None if label is None else row["label"].get("emotion")
    said = None if label == DISPUTED else label
    return CorpusClip(
        corpus=str(row["corpus"]),
        name=str(row["name"]),
        source_label=said and str(emotion or said),
        emotion=emotion and str(emotion),
        label=label if label in CLASSES else None,
        group=str(row["group"]),
        speaker=SpeakerFacts(**{k: v for k, v in speaker.items() if k != "corpus"})
        if speaker
        else None,
        path=sound.path,
        video_id=place["video_id"],
        start=seconds(row["start"]) + shift,
        end=seconds(row["end"]) + shift,
        transcript=row["transcript"],
        problem=sound.header.problem if sound.path else f"Its audio is not beside {path.name}.",
        cells=row["cells"],
        answers=tuple(answers),
    )
