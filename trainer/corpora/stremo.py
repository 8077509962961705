"""The StrEmo sheet (IntelligentVoice/IV_SER_Data): spans of YouTube videos, audio not included.

Every dirty value is read by a named rule; the cells themselves are kept as they are.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from trainer.corpora.age_bands import band_of_date
from trainer.corpora.book_cells import is_formula
from trainer.corpora.clip_times import are_day_fractions, seconds
from trainer.corpora.rows import (
    FIXED,
    NEEDS_YOU,
    NOTE,
    CorpusClip,
    CorpusError,
    CorpusScan,
    Finding,
    SpeakerFacts,
    speaker_facts,
)
from trainer.corpora.rows_met import SHARED_RULES, RowsMet
from trainer.corpora.sheet import read_sheet, require_columns, trailing_spaces
from trainer.corpora.stremo_audio import attach_audio, missing_audio
from trainer.corpora.stremo_columns import (
    EMOTION,
    FROM,
    NAME,
    NEEDED,
    RELEASED,
    TO,
    VIDEO,
    column_names,
    renamed,
)
from trainer.corpora.stremo_notes import notes
from trainer.corpora.tally import Tally, discarded_labels, emotion_and_class
from trainer.corpora.video_link import VIDEO_ID, video_id

CORPUS = "stremo"
FULL = Tally(files=496, positive=180, neutral=94, negative=222, discarded=0)
ZERO_LENGTH_BECOMES = 1.0
"""Seconds given to a clip whose whole-second stamps are equal."""

_ID_AS_FORMULA = re.compile(r'="?(-[\w-]+)"?')
_RULES = {
    "zero-length clips": (FIXED, "{} clips start and end at the same second: 1 s is taken."),
    "clips that end before they start": (
        NEEDS_YOU,
        "{} clips end before they start: 1 s is taken.",
    ),
    "ids read as formulas": (FIXED, "{} ids with a leading - had become formulas: repaired."),
    "rows without an id": (NEEDS_YOU, "{} rows have no Filename or no Video_Id: left out."),
    "times as fractions of a day": (FIXED, "{} rows keep times as fractions of a day."),
    "links in place of ids": (FIXED, "{} rows hold the link of a video: its id is taken."),
    "ids of no YouTube video": (NOTE, "{} rows name no video of YouTube: link a file to them."),
    "age bands read as dates": (
        FIXED,
        "{} age bands had become dates (5-12 as 12-May): read back.",
    ),
    **SHARED_RULES,
}


@dataclass(slots=True)
class _Reading:
    """Rows by the rule they met, and the names given so far."""

    day_fractions: bool
    columns: Mapping[str, str]
    met: RowsMet = field(default_factory=RowsMet)


def scan_stremo(path: Path) -> CorpusScan:
    """Read the sheet and look for its audio beside it. Raises CorpusError for another sheet."""
    sheet = read_sheet(path)
    columns = column_names(sheet.columns)
    require_columns(sheet, (column for column in NEEDED if column not in columns))
    times = [columns[FROM], columns[TO]]
    reading = _Reading(are_day_fractions(row[c] for row in sheet.rows for c in times), columns)
    read = [_clip(f"row {n}", row, reading) for n, row in enumerate(sheet.rows, start=2)]
    clips = [clip for clip in read if clip is not None]
    if not clips:
        raise CorpusError(
            f"No row of {path.name} can be used.",
            " ".join(f.message for f in reading.met.findings(_RULES)) or "It has only a header.",
        )
    clips, audio = attach_audio(path.parent, clips)
    findings = (
        *sheet.findings,
        *_renamed(columns),
        *reading.met.findings(_RULES),
        *trailing_spaces(sheet, columns.get(NAME, columns[VIDEO])),
        *notes(clips, sheet.columns, columns.get(EMOTION, "")),
        *audio,
        *discarded_labels(clips),
    )
    return CorpusScan(CORPUS, str(path), tuple(clips), findings, sheet.columns)


def _clip(where: str, cells: Mapping[str, str], reading: _Reading) -> CorpusClip | None:
    row = _repaired(where, cells, reading)
    begin = {row[column][:1] for column in RELEASED}
    if not begin.isdisjoint("=#E") and any(is_formula(row[column]) for column in RELEASED):
        reading.met.add("formula cells", where)
        return None
    if not row[NAME] or not row[VIDEO]:
        reading.met.add("rows without an id", where)
        return None
    name = reading.met.unique_name(row[NAME], cells)
    if name is None:
        return None
    if not VIDEO_ID.fullmatch(row[VIDEO]):
        reading.met.add("ids of no YouTube video", name)
    if age := band_of_date(row.get("Age", "")):
        row["Age"] = age
        reading.met.add("age bands read as dates", name)
    emotion, label = emotion_and_class(row[EMOTION])
    start, end, problem = _span(name, row, reading)
    return CorpusClip(
        corpus=CORPUS,
        name=name,
        source_label=row[EMOTION] or None,
        emotion=emotion,
        label=label,
        group=f"{CORPUS}:{row[VIDEO]}",
        speaker=_speaker(row),
        video_id=row[VIDEO],
        start=start,
        end=end,
        problem=problem or missing_audio(row[VIDEO]),
        cells=cells,
    )


def _repaired(where: str, cells: Mapping[str, str], reading: _Reading) -> dict[str, str]:
    """The row by the names of the released sheet, with ids that are ids again."""
    row = {known: cells[column].strip() for known, column in reading.columns.items()}
    for column in (NAME, VIDEO):
        cell = row.get(column, "")
        if cell[:1] == "=" and (repaired := _ID_AS_FORMULA.fullmatch(cell)):
            row[column] = repaired[1]
            reading.met.add("ids read as formulas", repaired[1])
    if "/" in row[VIDEO] and (linked := video_id(row[VIDEO])):
        row[VIDEO] = linked
        reading.met.add("links in place of ids", row.get(NAME) or where)
    row.setdefault(EMOTION, "")
    row.setdefault(NAME, row[VIDEO] and f"{row[VIDEO]} {row[FROM]}-{row[TO]}")
    return row


def _span(name: str, row: Mapping[str, str], reading: _Reading) -> tuple[float, float | None, str]:
    """Start, end and what is wrong with them."""
    start = seconds(row[FROM], reading.day_fractions)
    end = seconds(row[TO], reading.day_fractions)
    if start is None or end is None:
        reading.met.add("times that cannot be read", name)
        return 0.0, None, f"Its times {row[FROM]!r} to {row[TO]!r} cannot be read."
    if reading.day_fractions:
        reading.met.add("times as fractions of a day", name)
    if end <= start:
        rule = "zero-length clips" if end == start else "clips that end before they start"
        reading.met.add(rule, name)
        end = start + ZERO_LENGTH_BECOMES
    return start, end, ""


def _renamed(columns: Mapping[str, str]) -> list[Finding]:
    others = renamed(columns)
    if not others:
        return []
    message = f"Columns go by other names: {', '.join(others)}."
    return [Finding("columns by other names", NOTE, message)]


def _speaker(row: Mapping[str, str]) -> SpeakerFacts:
    """The sheet names no speakers: one video and one gender is the nearest it comes to one."""
    gender = row.get("Gender", "").lower()
    return speaker_facts(
        name=f"{row[VIDEO]} {gender}".strip(),
        gender=gender or None,
        age=row.get("Age") or None,
        language=row.get("Language") or None,
        accent=row.get("Accent") or None,
        ethnicity=row.get("Ethnicity") or None,
    )
