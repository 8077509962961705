"""The StrEmo sheet (IntelligentVoice/IV_SER_Data): spans of YouTube videos, audio not included.

Every dirty value is read by a named rule; the cells themselves are kept as they are.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from trainer.corpora.clip_times import are_day_fractions, seconds
from trainer.corpora.rows import (
    FIXED,
    NEEDS_YOU,
    CorpusClip,
    CorpusError,
    CorpusScan,
    SpeakerFacts,
)
from trainer.corpora.rows_met import SHARED_RULES, RowsMet
from trainer.corpora.sheet import is_formula, read_sheet, require_columns, trailing_spaces
from trainer.corpora.stremo_audio import attach_audio
from trainer.corpora.stremo_notes import notes
from trainer.corpora.tally import Tally, discarded_labels, emotion_and_class

CORPUS = "stremo"
FULL = Tally(files=496, positive=180, neutral=94, negative=222, discarded=0)
NAME, VIDEO, FROM, TO, EMOTION = "Filename", "Video_Id", "Clip Time From", "Clip Time To", "Emotion"
NEEDED = (NAME, FROM, TO, VIDEO, EMOTION)
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
    **SHARED_RULES,
}


@dataclass(slots=True)
class _Reading:
    """Rows by the rule they met, and the names given so far."""

    day_fractions: bool
    met: RowsMet = field(default_factory=RowsMet)


def is_stremo(columns: Sequence[str]) -> bool:
    """Whether this header is the StrEmo sheet's, give or take a column."""
    alike = sum(column in columns for column in NEEDED)
    return alike >= 3 and not {VIDEO, FROM, TO}.isdisjoint(columns)


def scan_stremo(path: Path) -> CorpusScan:
    """Read the sheet and look for its audio beside it. Raises CorpusError for another sheet."""
    sheet = read_sheet(path)
    require_columns(sheet, NEEDED)
    reading = _Reading(are_day_fractions(row[c] for row in sheet.rows for c in (FROM, TO)))
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
        *reading.met.findings(_RULES),
        *trailing_spaces(sheet, NAME),
        *notes(clips, sheet.columns, EMOTION),
        *audio,
        *discarded_labels(clips),
    )
    return CorpusScan(CORPUS, str(path), tuple(clips), findings, sheet.columns)


def _clip(where: str, cells: Mapping[str, str], reading: _Reading) -> CorpusClip | None:
    row = {column: cell.strip() for column, cell in cells.items()}
    for column in (NAME, VIDEO):
        if repaired := _ID_AS_FORMULA.fullmatch(row[column]):
            row[column] = repaired[1]
            reading.met.add("ids read as formulas", repaired[1])
    if any(is_formula(row[column]) for column in NEEDED):
        reading.met.add("formula cells", where)
        return None
    if not row[NAME] or not row[VIDEO]:
        reading.met.add("rows without an id", where)
        return None
    name = reading.met.unique_name(row[NAME], cells)
    if name is None:
        return None
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
        problem=problem,
        cells=cells,
    )


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


def _speaker(row: Mapping[str, str]) -> SpeakerFacts:
    """The sheet names no speakers: one video and one gender is the nearest it comes to one."""
    gender = row.get("Gender", "").lower()
    return SpeakerFacts(
        name=f"{row[VIDEO]} {gender}".strip(),
        gender=gender or None,
        age=row.get("Age") or None,
        language=row.get("Language") or None,
        accent=row.get("Accent") or None,
        ethnicity=row.get("Ethnicity") or None,
    )
