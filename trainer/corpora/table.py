"""A table of clips of one's own: a column with file names, and whatever else it says under names
that people use (start, end, emotion, speaker, gender, text ...)."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from trainer.corpora.book_cells import is_formula
from trainer.corpora.clip_times import are_day_fractions, seconds
from trainer.corpora.headers import Header, audio_findings, read_headers
from trainer.corpora.rows import (
    KNOWN,
    NEEDS_YOU,
    NOTE,
    CorpusClip,
    CorpusError,
    CorpusScan,
    SpeakerFacts,
)
from trainer.corpora.rows_met import SHARED_RULES, RowsMet
from trainer.corpora.sheet import (
    BOOK_SUFFIXES,
    Sheet,
    read_columns,
    read_sheet,
    trailing_spaces,
)
from trainer.corpora.tally import discarded_labels, emotion_and_class
from trainer.corpora.tree import AudioFile, audio_tree, one_file

_SYNONYMS = {
    "path": "path file file_path filepath filename file_name wav wav_file wav_path audio "
    "audio_path audio_file recording",
    "name": "id clip_id clip name utterance utterance_id segment_id",
    "start": "start start_time start_s from begin onset clip_time_from",
    "end": "end end_time end_s stop stop_time to offset clip_time_to",
    "emotion": "emotion label class category emotion_label emotion_class",
    "speaker": "speaker speaker_id spk spk_id actor actor_id subject subject_id participant",
    "group": "group video video_id session dialog",
    "gender": "gender sex",
    "age": "age",
    "language": "language lang",
    "accent": "accent",
    "ethnicity": "ethnicity",
    "transcript": "transcript transcription text sentence words",
}
_RULES = {
    "audio missing": (NOTE, "{} rows name a file that is not there."),
    "rows without a file": (NEEDS_YOU, "{} rows name no audio file: left out."),
    "clips without length": (NEEDS_YOU, "{} clips do not end after they start, or start too late."),
    "speakers unknown": (NOTE, "The speakers of {} clips are unknown: each file is its own group."),
    "clips without a label": (NOTE, "{} rows give no emotion."),
    **SHARED_RULES,
}


@dataclass(slots=True)
class _Reading:
    """One table being read. `files` is by what the path column says, `headers` by path."""

    corpus: str
    roles: Mapping[str, str]
    files: Mapping[str, AudioFile]
    headers: Mapping[str, Header]
    shared: Counter[str]
    day_fractions: bool
    met: RowsMet = field(default_factory=RowsMet)

    def cell(self, row: Mapping[str, str], role: str) -> str:
        """The row's value for a role, without spaces around it; empty when there is none."""
        column = self.roles.get(role)
        return row[column].strip() if column else ""


def own_name(folder: Path) -> str:
    """What a folder of one's own is called as a corpus."""
    name = folder.resolve().name or "folder"
    return f"{name} folder" if name.lower() in KNOWN else name


def has_paths(table: Path) -> bool:
    """Whether a column of this table names audio files."""
    return names_audio(read_columns(table))


def names_audio(columns: Sequence[str]) -> bool:
    """Whether one of these columns names audio files."""
    return "path" in _roles(columns)


def scan_table(path: Path) -> CorpusScan:
    """The clips that a table lists. Raises CorpusError for a table that names no audio files."""
    sheet = read_sheet(path)
    roles = _roles(sheet.columns)
    if "path" not in roles:
        raise CorpusError(
            f"{path.name} has no column that names audio files.",
            f"It has: {', '.join(sheet.columns)}. Call one of them path.",
        )
    reading = _reading(sheet, roles)
    read = [_clip(f"row {n}", row, reading) for n, row in enumerate(sheet.rows, start=2)]
    clips = tuple(clip for clip in read if clip is not None)
    if not clips:
        raise CorpusError(
            f"No row of {path.name} names an audio file.", "Fill its column " + roles["path"] + "."
        )
    findings = (
        *sheet.findings,
        *reading.met.findings(_RULES),
        *trailing_spaces(sheet, roles["path"]),
        *audio_findings(clips, reading.headers),
        *discarded_labels(clips),
    )
    return CorpusScan(reading.corpus, str(path), clips, findings, sheet.columns)


def _roles(columns: Sequence[str]) -> dict[str, str]:
    """Which column plays which part; the synonym named first wins."""
    plain = {re.sub(r"[^a-z0-9]+", "_", column.lower()).strip("_"): column for column in columns}
    roles: dict[str, str] = {}
    for role, synonyms in _SYNONYMS.items():
        column = next((plain[name] for name in synonyms.split() if name in plain), None)
        if column is not None:
            roles[role] = column
    return roles


def _reading(sheet: Sheet, roles: Mapping[str, str]) -> _Reading:
    named = Counter(_slashed(row[roles["path"]]) for row in sheet.rows)
    folder = sheet.path.resolve().parent
    files = _locate(folder, named)
    headers = read_headers(
        {f.path: f for f in files.values()}.values(), f"table:{folder / sheet.path.name}"
    )
    times = [roles[role] for role in ("start", "end") if role in roles]
    return _Reading(
        corpus=own_name(folder),
        roles=roles,
        files=files,
        headers=headers,
        shared=named,
        day_fractions=False if not times else _keeps_days(sheet, times),
    )


def _keeps_days(sheet: Sheet, times: Sequence[str]) -> bool:
    """Seconds below 1 are common in tables that give seconds: only a workbook has day parts."""
    cells = (row[column] for row in sheet.rows for column in times)
    return sheet.path.suffix.lower() in BOOK_SUFFIXES and are_day_fractions(cells)


def _locate(folder: Path, named: Mapping[str, int]) -> dict[str, AudioFile]:
    """The files behind the cells: beside the table, anywhere by full path, or below the table's
    folder when only one file bears that name."""
    below: defaultdict[str, list[AudioFile]] = defaultdict(list)
    by_relative: dict[str, AudioFile] = {}
    for file in audio_tree(folder).files:
        by_relative[file.relative] = file
        below[file.relative.rpartition("/")[2]].append(file)
        below[file.stem].append(file)
    located: dict[str, AudioFile] = {}
    for cell in named:
        alike = below.get(cell.rpartition("/")[2], [])
        found = by_relative.get(cell) or _outside(folder, cell)
        if found is None and len(alike) == 1:
            found = alike[0]
        if found is not None:
            located[cell] = found
    return located


def _slashed(cell: str) -> str:
    """A path as a table gives it, with forward slashes."""
    return cell.strip().replace("\\", "/").removeprefix("./")


def _outside(folder: Path, wanted: str) -> AudioFile | None:
    path = folder / wanted
    if not wanted or not ("../" in wanted or Path(wanted).is_absolute()) or not path.is_file():
        return None
    return one_file(path)


def _clip(where: str, row: Mapping[str, str], reading: _Reading) -> CorpusClip | None:
    cell = _slashed(reading.cell(row, "path"))
    if not cell:
        reading.met.add("rows without a file", where)
        return None
    if any(is_formula(reading.cell(row, role)) for role in reading.roles if role != "transcript"):
        reading.met.add("formula cells", where)
        return None
    name = reading.met.unique_name(_name(row, cell, reading), row)
    if name is None:
        return None
    file = reading.files.get(cell)
    header = reading.headers[file.path] if file else Header(problem=f"{cell} is not there.")
    if file is None:
        reading.met.add("audio missing", name)
    start, end, problem = _span(name, row, header, reading)
    source = reading.cell(row, "emotion")
    if not source:
        reading.met.add("clips without a label", name)
    emotion, label = emotion_and_class(source)
    speaker = _speaker(row, reading)
    group = reading.cell(row, "group")
    if speaker is None and not group:
        reading.met.add("speakers unknown", name)
    return CorpusClip(
        corpus=reading.corpus,
        name=name,
        source_label=source or None,
        emotion=emotion,
        label=label,
        group=f"{reading.corpus}:{speaker.name if speaker else group or cell}",
        speaker=speaker,
        path=file.path if file else None,
        start=start,
        end=end,
        transcript=reading.cell(row, "transcript") or None,
        problem=header.problem or problem,
        cells=row,
    )


def _name(row: Mapping[str, str], cell: str, reading: _Reading) -> str:
    if own := reading.cell(row, "name"):
        return own
    stem = cell.rpartition(".")[0] or cell
    several = reading.shared[cell] > 1 and "start" in reading.roles
    return f"{stem} @{reading.cell(row, 'start')}" if several else stem


def _span(
    name: str, row: Mapping[str, str], header: Header, reading: _Reading
) -> tuple[float, float | None, str]:
    """Start, end and what is wrong with them. A missing end is the end of the file."""
    from_cell, to_cell = reading.cell(row, "start"), reading.cell(row, "end")
    start = seconds(from_cell, reading.day_fractions) if from_cell else 0.0
    end = seconds(to_cell, reading.day_fractions) if to_cell else header.duration or None
    if start is None or (to_cell and end is None):
        reading.met.add("times that cannot be read", name)
        return 0.0, None, f"Its times {from_cell!r} to {to_cell!r} cannot be read."
    if end is not None and header.duration:
        end = min(end, header.duration)
    if end is not None and end <= start:
        reading.met.add("clips without length", name)
        return start, None, f"It ends at {end:.2f} s, not after its start at {start:.2f} s."
    return start, end, ""


def _speaker(row: Mapping[str, str], reading: _Reading) -> SpeakerFacts | None:
    name = reading.cell(row, "speaker")
    if not name:
        return None
    return SpeakerFacts(
        name=name,
        gender=reading.cell(row, "gender").lower() or None,
        age=reading.cell(row, "age") or None,
        language=reading.cell(row, "language") or None,
        accent=reading.cell(row, "accent") or None,
        ethnicity=reading.cell(row, "ethnicity") or None,
    )
