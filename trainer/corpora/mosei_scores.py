"""CMU-MOSEI in its tables of emotion scores (0 to 3, means of raters): which class a segment is.

The rule was recovered from the authors' published rows and differs from the paper's words: the
four negative scores are summed, and surprise plays no part.
"""

import struct
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from trainer.contract.labels import NEGATIVE, NEUTRAL, POSITIVE
from trainer.corpora.headers import Header, audio_findings, read_headers
from trainer.corpora.rows import (
    FIXED,
    NEEDS_YOU,
    NOTE,
    SKIPPED,
    CorpusClip,
    CorpusError,
    CorpusScan,
    Finding,
)
from trainer.corpora.sheet import read_sheet
from trainer.corpora.tally import discarded_labels
from trainer.corpora.tree import AudioFile

CORPUS = "cmu_mosei"
EMOTIONS = ("happy", "sad", "anger", "disgust", "fear", "surprise")
STARTS_EARLY = "segments that start before their video"
NOT_COMPARED = "not compared with what is heard"
_NEGATIVES = ("sad", "anger", "disgust", "fear")
_SPELLINGS = {
    "happy": ("happy", "happiness"),
    "sad": ("sad", "sadness"),
    "anger": ("anger", "angry"),
    "disgust": ("disgust", "disgusted"),
    "fear": ("fear", "fearful"),
    "surprise": ("surprise", "surprised"),
    "video": ("video", "video_id", "ytid"),
    "start": ("start", "start_time"),
    "end": ("end", "end_time"),
}
_SWAPPED = ("ytid", "ytid_seg", "start", "end", "sentiment", "happiness", "sadness", "anger")
"""Begins the header of a public copy whose columns fear and surprise have each other's name."""
_MOST = 3.0
_ENOUGH = 2.0


def class_of_scores(
    scores: Mapping[str, float], strict: bool = False, sum_tolerance: float = 0.0
) -> str | None:
    """The class of a segment with scores for happy, sad, anger, disgust, fear and surprise.

    None = neither clear nor absent emotion: discarded. `strict` reads the paper's words: one
    negative emotion alone above 2, and no surprise in a neutral segment. `sum_tolerance` 1e-6
    takes a sum that is 2 but for rounding (2/3 + 1 + 1/3 in single precision) for 2.
    """
    exact = {name: _single(min(score, _MOST)) for name, score in scores.items()}
    happy = exact["happy"]
    negatives = [exact[name] for name in _NEGATIVES]
    negative = max(negatives) if strict else sum(negatives)
    if happy > _ENOUGH and not any(negatives):
        return POSITIVE
    if negative > _ENOUGH + sum_tolerance and happy == 0:
        return NEGATIVE
    nothing = happy == 0 and not any(negatives)
    return NEUTRAL if nothing and not (strict and exact["surprise"]) else None


def segment_name(video: str, start: float) -> str:
    """A segment's name, e.g. `-3nNcZdcdvU@12.014`: score tables number nothing."""
    return f"{video}@{start:.3f}"


def is_score_table(columns: Sequence[str]) -> bool:
    """Whether the header has a video, times and six emotion scores."""
    return set(_columns(columns)) == set(_SPELLINGS)


def refuse_without_scores(path: Path, columns: Sequence[str]) -> None:
    """Raises CorpusError for the tables of CMU-MOSEI that cannot give the paper's classes."""
    if {"label2a", "label6"} <= set(columns):
        raise CorpusError(
            f"{path.name} holds no emotion scores: in its label6, no emotion looks like happiness.",
            "Use the published list of 3,071 segments; its cut audio files are found by name.",
        )
    if {"Input.VIDEO_ID", "Input.CLIP"} <= set(columns):
        raise CorpusError(
            f"{path.name} holds the answers of single raters, which are not averaged here.",
            "Use a table with scores for happy, sad, anger, disgust, fear and surprise.",
        )
    if {"video_id", "clip_id", "annotation", "label"} <= set(columns):
        raise CorpusError(
            f"{path.name} holds only sentiment, not emotion.",
            "Use a table with scores for happy, sad, anger, disgust, fear and surprise.",
        )


def scan_scores(
    tables: Sequence[Path], files: Sequence[AudioFile], strict: bool = False
) -> CorpusScan:
    """The segments of one or several tables, labelled by their scores and not yet compared with
    what is heard (see `trainer/cleaning.py`). Raises CorpusError when there are none."""
    met: defaultdict[str, list[str]] = defaultdict(list)
    segments: dict[str, CorpusClip] = {}
    for table in tables:
        for segment in _segments(table, strict, met):
            if segments.setdefault(segment.name, segment) is not segment:
                met["rows that stand twice"].append(segment.name)
    if not segments:
        raise CorpusError(f"{tables[0].name} has no segments.", "Fetch the table again.")
    videos = {segment.video_id for segment in segments.values()}
    audio = {file.stem: file for file in reversed(files) if file.stem in videos}
    headers = read_headers(audio.values(), f"{CORPUS}:{tables[0].resolve()}")
    clips = tuple(_placed(segment, audio, headers) for segment in segments.values())
    met["audio missing"] = [clip.name for clip in clips if clip.path is None]
    findings = (*_findings(met), *audio_findings(clips, headers), *discarded_labels(clips))
    return CorpusScan(CORPUS, str(tables[0].parent), clips, findings)


def _columns(columns: Sequence[str]) -> dict[str, str]:
    """Which column says what, whatever it is called."""
    plain = {column.lower(): column for column in columns}
    named = {
        what: next((plain[name] for name in names if name in plain), "")
        for what, names in _SPELLINGS.items()
    }
    if tuple(plain)[: len(_SWAPPED)] == _SWAPPED:
        named["fear"], named["surprise"] = named["surprise"], named["fear"]
    return {what: column for what, column in named.items() if column}


def _segments(table: Path, strict: bool, met: defaultdict[str, list[str]]) -> Iterator[CorpusClip]:
    sheet = read_sheet(table)
    columns = _columns(sheet.columns)
    if columns["fear"].lower().startswith("surprise"):
        met["fear and surprise exchanged"].append(table.name)
    for number, row in enumerate(sheet.rows, start=2):
        video = row[columns["video"]].strip().rpartition("/")[2]
        try:
            start, end = float(row[columns["start"]]), float(row[columns["end"]])
            scores = {name: float(row[columns[name]]) for name in EMOTIONS}
        except ValueError:
            met["rows without numbers"].append(f"{table.name} row {number}")
            continue
        name = segment_name(video, start)
        if max(scores.values()) > _MOST:
            met["scores above 3"].append(name)
        if start < 0:
            met[STARTS_EARLY].append(name)
        yield CorpusClip(
            corpus=CORPUS,
            name=name,
            source_label=", ".join(f"{n} {s:.2f}" for n, s in scores.items() if s) or "no emotion",
            emotion=None,
            label=class_of_scores(scores, strict),
            group=f"{CORPUS}:{video}",
            video_id=video,
            start=max(0.0, start),
            end=end,
            transcript=row.get("text") or row.get("ASR") or None,
            cells=row,
        )


def _placed(
    segment: CorpusClip, audio: Mapping[str, AudioFile], headers: Mapping[str, Header]
) -> CorpusClip:
    file = audio.get(segment.video_id or "")
    if file is None:
        return replace(segment, problem=f"No audio of {segment.video_id} was found.")
    return replace(segment, path=file.path, problem=headers[file.path].problem)


def _findings(met: Mapping[str, list[str]]) -> Iterator[Finding]:
    told = {
        "fear and surprise exchanged": (FIXED, "tables name fear surprise and surprise fear."),
        "rows without numbers": (NEEDS_YOU, "rows lack times or scores: left out."),
        "rows that stand twice": (SKIPPED, "segments stand in several tables: one is kept."),
        "scores above 3": (FIXED, "segments have a score above 3: taken for 3."),
        STARTS_EARLY: (FIXED, "segments start before their video: cut from 0."),
        "audio missing": (NOTE, "segments have no audio."),
    }
    for rule, (severity, what) in told.items():
        if rows := met.get(rule):
            yield Finding(rule, severity, f"{len(rows)} {what}", tuple(rows))
    yield Finding(
        NOT_COMPARED,
        NEEDS_YOU,
        "The labels follow the scores alone; the paper also asks that a transcript agrees.",
    )


def _single(value: float) -> float:
    """The single-precision number that the corpus stored."""
    return float(struct.unpack("f", struct.pack("f", value))[0])
