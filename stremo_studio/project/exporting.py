"""The project as a sheet with the columns of `StrEmo.csv`, for people and for another import.

A row that came from a sheet goes back cell by cell; only `Emotion` follows a label that was
changed, and the times follow edges that were moved. Cells made here that a spreadsheet would
compute (=, +, @) get an apostrophe in front; cells of a sheet stay as they came, and ids that
start with - are ids.
"""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from stremo_studio.domain.annotation import DISPUTED, Answer
from stremo_studio.domain.speaker import Speaker
from stremo_studio.errors import StudioError
from stremo_studio.project.importing import columns_key
from stremo_studio.project.project import Project
from stremo_studio.store import export
from stremo_studio.store.export import ExportedClip
from trainer.contract.files import write_text_atomically

COLUMNS = (
    *("Filename", "Language", "Gender", "Ethnicity", "Accent", "Age"),
    *("Clip Time From", "Clip Time To", "Video_Id", "Source", "Emotion"),
)
_STREMO = "stremo"
_CLASS_SPELLING = {"negative": "Anger", "neutral": "Neutral", "positive": "Happiness"}
"""What the sheet, which knows one emotion a class, calls a class that nobody made finer."""
_COMPUTED = ("=", "+", "@", "\t", "\r")
_NOBODY = Speaker("", "")


def export_sheet(project: Project, path: Path) -> int:
    """Write all clips as CSV (UTF-8, LF); returns how many rows. The file appears whole or not at
    all. Raises StudioError when it cannot be written."""
    rows = list(export.clips(project.database))
    columns = _columns(project, rows)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for clip in rows:
        cells = _cells(clip)
        writer.writerow([cells.get(column, "") for column in columns])
    try:
        write_text_atomically(path, text.getvalue())
    except OSError as error:
        reason = error.strerror or str(error)
        hint = "Choose another folder, or free some space."
        raise StudioError(f"{path} cannot be written: {reason}.", hint) from error
    return len(rows)


def _columns(project: Project, rows: Iterable[ExportedClip]) -> Sequence[str]:
    """The StrEmo sheet's header as it was imported, else the released one's; then whatever other
    columns the sheets of the project have."""
    stored = {
        corpus: json.loads(project.setting(columns_key(corpus), "[]"))
        for corpus in sorted({clip.corpus for clip in rows})
    }
    first = stored.pop(_STREMO, []) or COLUMNS
    return list(dict.fromkeys([*first, *COLUMNS, *(c for more in stored.values() for c in more)]))


def _cells(clip: ExportedClip) -> dict[str, str]:
    kept = clip.cells or {}
    facts = {name: _harmless(value) for name, value in _facts(clip).items() if name not in kept}
    if "Emotion" in kept and clip.answer != (clip.imported or Answer(None)):
        facts_now = {"Emotion": spelling(clip.answer)}
    else:
        facts_now = {}
    if clip.moved:
        facts_now |= {"Clip Time From": clock(clip.start), "Clip Time To": clock(clip.end)}
    return facts | kept | facts_now


def _facts(clip: ExportedClip) -> dict[str, str]:
    """A row for a clip that came from no StrEmo sheet. `Video_Id` is what splits keep together:
    the video, else the speaker or recording."""
    speaker = clip.speaker or _NOBODY
    return {
        "Filename": clip.name,
        "Language": speaker.language or "",
        "Gender": (speaker.gender or "").capitalize(),
        "Ethnicity": speaker.ethnicity or "",
        "Accent": speaker.accent or "",
        "Age": speaker.age or "",
        "Clip Time From": clock(clip.start),
        "Clip Time To": clock(clip.end),
        "Video_Id": clip.video_id or clip.group.removeprefix(f"{clip.corpus}:"),
        "Source": "YouTube" if clip.video_id else clip.corpus,
        "Emotion": spelling(clip.answer),
    }


def spelling(answer: Answer) -> str:
    """The answer as the sheet spells it, e.g. `Anger`; empty for an unlabelled clip,
    and for one whose annotators disagree."""
    if answer.label is None or answer.label == DISPUTED:
        return ""
    word = answer.emotion or _CLASS_SPELLING.get(answer.label, answer.label)
    return word.replace("_", " ").capitalize()


def clock(seconds: float) -> str:
    """Seconds as the sheet writes them, `0:00:03`; milliseconds only where there are some."""
    milliseconds = round(seconds * 1000)
    whole, rest = divmod(milliseconds, 1000)
    text = f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
    return f"{text}.{rest:03}" if rest else text


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_COMPUTED) else cell
