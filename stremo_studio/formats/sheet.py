"""The project as a sheet with the columns of `StrEmo.csv`, for people and for another import.

A row that came from a sheet goes back cell by cell; only `Emotion` follows a label that was
changed, the times follow edges that were moved, and what is known of the speaker follows where a
person said otherwise. Cells made here that a spreadsheet would
compute (=, +, @) get an apostrophe in front; cells of a sheet stay as they came, and ids that
start with - are ids. Not carried: all answers but the one that stands, whether it was sure, and
where the sound lies.
"""

import csv
import io

from stremo_studio.domain.annotation import DISPUTED, Answer
from stremo_studio.domain.exported import ExportedClip
from stremo_studio.domain.speaker import Speaker
from stremo_studio.formats.rows import ExportedProject, File, Parcel
from trainer.corpora.stremo_columns import column_names

COLUMNS = (
    *("Filename", "Language", "Gender", "Ethnicity", "Accent", "Age"),
    *("Clip Time From", "Clip Time To", "Video_Id", "Source", "Emotion"),
)
_CLASS_SPELLING = {"negative": "Anger", "neutral": "Neutral", "positive": "Happiness"}
"""What the sheet, which knows one emotion a class, calls a class that nobody made finer."""
_COMPUTED = ("=", "+", "@", "\t", "\r")
_NOBODY = Speaker("", "")


def write_sheet(project: ExportedProject) -> Parcel:
    """`StrEmo.csv`, UTF-8, LF."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows(sheet_rows(project))
    return Parcel([File("StrEmo.csv", text.getvalue().encode())])


def sheet_rows(project: ExportedProject) -> list[list[str]]:
    """The header and a row for each clip."""
    columns = project.columns or COLUMNS
    rows = [_cells(clip) for clip in project.clips]
    return [list(columns), *([cells.get(column, "") for column in columns] for cells in rows)]


def _cells(clip: ExportedClip) -> dict[str, str]:
    kept = clip.cells or {}
    facts = {name: harmless(value) for name, value in _facts(clip).items() if name not in kept}
    if "Emotion" in kept and clip.answer != (clip.imported or Answer(None)):
        facts_now = {"Emotion": spelling(clip.answer)}
    else:
        facts_now = {}
    columns = column_names(list(kept)) if clip.described else {}
    for name in (field.capitalize() for field in clip.described):
        facts_now[columns.get(name, name)] = harmless(_facts(clip)[name])
    if clip.moved:
        facts_now |= {"Clip Time From": clock(clip.start), "Clip Time To": clock(clip.end)}
    return facts | kept | facts_now


def _facts(clip: ExportedClip) -> dict[str, str]:
    """A row for a clip that came from no StrEmo sheet. `Video_Id` is what splits keep together:
    the video, else the speaker or recording."""
    speaker, video = clip.speaker or _NOBODY, clip.recording.video_id
    return {
        "Filename": clip.name,
        "Language": speaker.language or "",
        "Gender": (speaker.gender or "").capitalize(),
        "Ethnicity": speaker.ethnicity or "",
        "Accent": speaker.accent or "",
        "Age": speaker.age or "",
        "Clip Time From": clock(clip.start),
        "Clip Time To": clock(clip.end),
        "Video_Id": video or clip.group.removeprefix(f"{clip.corpus}:"),
        "Source": "YouTube" if video else clip.corpus,
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


def harmless(cell: str) -> str:
    """The cell as text, where a spreadsheet would compute it."""
    return f"'{cell}" if cell.startswith(_COMPUTED) else cell
