"""CMU-MOSEI in tables with a video, times and six emotion scores a row, under many names."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from trainer.corpora.mosei_scores import EMOTIONS, SPELLINGS, Met, Segment, segment_name
from trainer.corpora.rows import CorpusError
from trainer.corpora.sheet import read_sheet
from trainer.corpora.table import names_audio

_COLUMNS = {
    **SPELLINGS,
    "video": ("video", "video_id", "ytid"),
    "start": ("start", "start_time"),
    "end": ("end", "end_time"),
}
_SWAPPED = ("ytid", "ytid_seg", "start", "end", "sentiment", "happiness", "sadness", "anger")
"""Begins the header of a public copy whose columns fear and surprise have each other's name."""
SENTIMENT_ONLY = frozenset({"aligned_50.pkl", "unaligned_50.pkl", "mosei_senti_data.pkl"})
_SCORES_NEEDED = "Use a table with scores for happy, sad, anger, disgust, fear and surprise."


def is_score_table(columns: Sequence[str]) -> bool:
    """Whether the header has a video, times and six emotion scores."""
    return set(_named(columns)) == set(_COLUMNS)


def refuse_without_scores(path: Path, columns: Sequence[str]) -> None:
    """Raises CorpusError for the files of CMU-MOSEI that cannot give the paper's classes."""
    if {"label2a", "label6"} <= set(columns):
        raise CorpusError(
            f"{path.name} holds no emotion scores: in its label6, no emotion looks like happiness.",
            "Use the published list of 3,071 segments; its cut audio files are found by name.",
        )
    named, plain = _named(columns), {column.lower() for column in columns}
    of_segments = "video" in named and not names_audio(columns)
    scored = [emotion for emotion in EMOTIONS if emotion in named]
    only_sentiment = {"video_id", "clip_id", "annotation", "label"} <= plain
    only_sentiment |= of_segments and "sentiment" in plain and not scored
    if only_sentiment or path.name in SENTIMENT_ONLY:
        raise CorpusError(f"{path.name} holds only sentiment, not emotion.", _SCORES_NEEDED)
    missing = [what for what in _COLUMNS if what not in named]
    if of_segments and len(scored) > 1 and missing:
        raise CorpusError(f"{path.name} has no column {', '.join(missing)}.", _SCORES_NEEDED)


def read_score_table(table: Path, met: Met) -> Iterator[Segment]:
    """The segments of a table. Raises CorpusError for what is no table."""
    sheet = read_sheet(table)
    columns = _named(sheet.columns)
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
        text = row.get("text") or row.get("ASR") or None
        yield Segment(segment_name(video, start), video, start, end, scores, text, row)


def _named(columns: Sequence[str]) -> dict[str, str]:
    """Which column says what, whatever it is called."""
    plain = {column.lower(): column for column in columns}
    named = {
        what: next((plain[name] for name in names if name in plain), "")
        for what, names in _COLUMNS.items()
    }
    if tuple(plain)[: len(_SWAPPED)] == _SWAPPED:
        named["fear"], named["surprise"] = named["surprise"], named["fear"]
    return {what: column for what, column in named.items() if column}
