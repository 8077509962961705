"""The authors' own rows, written as computational sequences and found again by their rule."""

import csv
import re
from pathlib import Path

import pytest

from tests.trainer.corpora.sequences import write_labels, write_words
from trainer.contract.labels import NEGATIVE, NEUTRAL, POSITIVE
from trainer.corpora.scan import find_corpora
from trainer.procedure.mosei import Cleaning, cleaned
from trainer.transcripts.cleaning import paper_similarity

LIST = "CMU-MOSEI_Processed_Subset_with_Whisper.csv"
SCORES = {
    POSITIVE: (2.0, 8 / 3, 0, 0, 0, 0, 0),
    NEUTRAL: (0.0, 0, 0, 0, 1 / 3, 0, 0),
    NEGATIVE: (-2.0, 0, 1, 1, 0, 1, 0),
}
UNCLEAR = (0.0, 1.0, 1.0, 0, 0, 0, 0)
FAR = 1000.0
"""Seconds between rows, so that no word belongs to two: true times are not in the list."""
_TOKEN = re.compile(r"""'([^']*)'|"([^"]*)\"""")
Row = dict[str, str]


@pytest.fixture(scope="module")
def rows(real_data: Path) -> list[Row]:
    with (real_data / "stremo" / LIST).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _tokens(row: Row) -> list[str]:
    return [plain or quoted for plain, quoted in _TOKEN.findall(row["CMU_Raw_Text"])]


def _agrees(row: Row) -> bool:
    stated = " ".join(token for token in _tokens(row) if token != "sp")
    return paper_similarity(row["Whisper_Text"], stated) >= 0.85


def _write(rows: list[Row], root: Path) -> None:
    labels: dict[str, list[tuple[float, float, tuple[float, ...]]]] = {}
    words: dict[str, list[tuple[float, float, str]]] = {}
    for row in rows:
        video = row["CMU_Raw_Audio"]
        index = int(row["Filename"].removeprefix(video).strip("[]"))
        told = labels.setdefault(video, [])
        told += [(FAR * i, FAR * i + 1, UNCLEAR) for i in range(len(told), index + 1)]
        start = FAR * index
        spoken = [(start + i, start + i + 1, word) for i, word in enumerate(_tokens(row))]
        told[index] = start, start + len(spoken), SCORES[row["Emotion"]]
        words.setdefault(video, []).extend(spoken)
    write_labels(root / "CMU_MOSEI_Labels.csd", labels)
    write_words(root / "CMU_MOSEI_TimestampedWords.csd", words)


def test_words_without_pauses_keep_all_published_rows_but_seven(rows: list[Row]) -> None:
    assert sum(map(_agrees, rows)) == 3064


def test_published_rows_come_back_from_scores_words_and_transcripts(
    rows: list[Row], tmp_path: Path, real_data: Path
) -> None:
    some = rows[::9]
    _write(some, tmp_path)
    asked = Cleaning("paper", real_data / "stremo" / LIST)
    (scan,) = cleaned(find_corpora(tmp_path, "paper").scans, asked)
    kept = {clip.name: clip.label for clip in scan.clips if clip.label}
    assert kept == {row["Filename"]: row["Emotion"] for row in some if _agrees(row)}
    assert len(kept) > 0.99 * len(some)
