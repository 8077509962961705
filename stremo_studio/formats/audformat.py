"""audformat 1: `db.yaml` and a table of segments for each split, with a column for each annotator.

Written by hand, as the package brings pandas; the header is JSON, which is YAML too. Files are
named by their absolute paths, or by `youtube/<id>` where the sound is not here: the database is
not portable, because no sound is copied. Not carried: transcripts, flags, notes, edges without a
length, clips of equal spans (an index holds each once), and who answered when.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from stremo_studio.domain.annotation import DISPUTED
from stremo_studio.domain.exported import ExportedClip, ExportedRecording
from stremo_studio.domain.speaker import Speaker
from stremo_studio.domain.wording import counted
from stremo_studio.formats.rows import ExportedProject, File, Parcel, placeable, unique, voices
from stremo_studio.formats.tracks import word
from trainer.contract.labels import paper_scheme
from trainer.contract.manifest import SPLITS
from trainer.corpora.answer_words import BESIDE_THE_CLASSES

_ANSWER, _SPEAKER, _TEXT, _UNSPLIT = "answer", "speaker", "text", "other"
_UNNAMED = re.compile(r"[^\w.-]+")


def write_audformat(project: ExportedProject) -> Parcel:
    """The header and the tables `answers.<split>`."""
    clips, notes = placeable(project.clips)
    once = list({(clip.recording.id, _time(clip.file_start), _time(clip.file_end)): clip
                 for clip in reversed(clips)}.values())[::-1]  # fmt: skip
    if len(once) < len(clips):
        notes.append(f"{counted(len(clips) - len(once), 'clip')} left out: the span of another.")
    raters = _rater_names(voices(once))
    splits = project.run.splits if project.run else {}
    tables = {name: [c for c in once if splits.get(c.group, _UNSPLIT) == name]
              for name in (*SPLITS, _UNSPLIT)}  # fmt: skip
    tables = {name: inside for name, inside in tables.items() if inside}
    header = json.dumps(_header(project, raters, tables), ensure_ascii=False, indent=2) + "\n"

    def files() -> Iterator[File]:
        yield File("db.yaml", header.encode())
        for name, inside in tables.items():
            yield File(f"db.answers.{name}.csv", _table(inside, raters).encode())

    return Parcel(files(), notes)


def _header(
    project: ExportedProject,
    raters: Mapping[str, str],
    tables: Mapping[str, Sequence[ExportedClip]],
) -> dict[str, Any]:
    scheme = paper_scheme()
    known = [c.id for c in scheme.classes] + [e.id for e in scheme.emotions]
    clips = [clip for inside in tables.values() for clip in inside]
    said = {word(a.answer) for clip in clips for a in clip.opinions}
    said |= {word(clip.answer) for clip in clips}
    speakers = {_speaker_id(clip.speaker): clip.speaker for clip in clips if clip.speaker}
    columns: dict[str, Any] = {"label": {"scheme_id": _ANSWER}}
    columns |= {r: {"scheme_id": _ANSWER, "rater_id": r} for r in raters.values()}
    columns |= {"speaker": {"scheme_id": _SPEAKER}}
    columns |= {name: {"scheme_id": _TEXT} for name in ("corpus", "clip", "group")}
    return {
        "name": project.name,
        "source": "StrEmo Studio",
        "usage": "other",
        "description": f"Revision {project.revision} of the project {project.name}.",
        "raters": {r: {"description": name, "type": "human"} for name, r in raters.items()},
        "schemes": {
            _ANSWER: {
                "dtype": "str",
                "labels": list(dict.fromkeys([*known, *BESIDE_THE_CLASSES, *sorted(said)])),
            },
            _SPEAKER: {"dtype": "str", "labels": {k: _facts(s) for k, s in speakers.items()}},
            _TEXT: {"dtype": "str"},
        },
        "splits": {name: {"type": name} for name in tables if name != _UNSPLIT},
        "tables": {
            f"answers.{name}": {"type": "segmented", "columns": columns}
            | ({"split_id": name} if name != _UNSPLIT else {})
            for name in tables
        },
    }


def _table(clips: Sequence[ExportedClip], raters: Mapping[str, str]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    rater_ids = list(raters.values())
    writer.writerow(
        ["file", "start", "end", "label", *rater_ids, "speaker", "corpus", "clip", "group"]
    )
    for clip in clips:
        given = {raters[one.annotator]: word(one.answer) for one in clip.opinions}
        label = "" if clip.answer.label in (None, DISPUTED) else word(clip.answer)
        writer.writerow([
            _file(clip.recording), _time(clip.file_start), _time(clip.file_end), label,
            *(given.get(rater, "") for rater in rater_ids),
            _speaker_id(clip.speaker) if clip.speaker else "", clip.corpus, clip.name, clip.group,
        ])  # fmt: skip
    return text.getvalue()


def _file(recording: ExportedRecording) -> str:
    if recording.path is not None:
        return Path(recording.path).as_posix()
    return f"youtube/{recording.video_id}" if recording.video_id else recording.key


def _time(seconds: float) -> str:
    """As pandas writes a time, `0 days 00:01:02.500000`."""
    microseconds = round(seconds * 1_000_000)
    whole, rest = divmod(microseconds, 1_000_000)
    days, whole = divmod(whole, 86_400)
    clock = f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"
    return f"{days} days {clock}.{rest:06}"


def _rater_names(names: Sequence[str]) -> dict[str, str]:
    """A column for each annotator, with no name twice and none of our own columns."""
    ours = ("label", "speaker", "corpus", "clip", "group", "file", "start", "end")
    taken = dict.fromkeys(ours, 1)
    return {name: unique(_UNNAMED.sub("_", name).strip("_") or "rater", taken) for name in names}


def _speaker_id(speaker: Speaker) -> str:
    return f"{speaker.corpus}:{speaker.name}"


def _facts(speaker: Speaker) -> dict[str, str]:
    """What is known of a speaker; audformat wants the same keys for all, so blanks stay."""
    names = ("gender", "age", "language", "accent", "ethnicity")
    return {name: getattr(speaker, name) or "" for name in names}
