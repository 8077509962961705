"""The transcript filter of CMU-MOSEI, against the authors' own figures."""

import csv
import difflib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.contract.errors import TrainerError
from trainer.corpora.cmu_mosei import PAPER, PUBLISHED, STRICT
from trainer.corpora.rows import CorpusClip, CorpusScan, Finding
from trainer.corpora.scan import scan
from trainer.corpora.tally import tally
from trainer.transcripts.cleaning import (
    clean,
    paper_similarity,
    read_transcripts,
    strict_similarity,
    words_of_printed_array,
)


@pytest.fixture(scope="session")
def published(real_data: Path) -> list[dict[str, str]]:
    path = real_data / "stremo" / "CMU-MOSEI_Processed_Subset_with_Whisper.csv"
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@settings(max_examples=40, deadline=None)
@given(st.text(), st.text())
def test_the_papers_measure_is_difflibs_quick_ratio(heard: str, stated: str) -> None:
    quick = difflib.SequenceMatcher(None, heard, stated).quick_ratio()
    assert paper_similarity(heard, stated) == pytest.approx(quick)


def test_the_papers_measure_agrees_with_the_published_column(
    published: list[dict[str, str]],
) -> None:
    off = [
        abs(
            paper_similarity(row["Whisper_Text"], words_of_printed_array(row["CMU_Raw_Text"]))
            - float(row["Text_Similarity"])
        )
        for row in published
    ]
    assert sum(difference <= 0.01 for difference in off) >= 2950
    assert min(float(row["Text_Similarity"]) for row in published) == 0.85


def test_the_published_mode_keeps_the_papers_row(real_data: Path) -> None:
    found = scan(real_data / "stremo" / "CMU-MOSEI_Processed_Subset_with_Whisper.csv")
    kept = tally(clean(found, {}, PUBLISHED).clips)
    assert (kept.positive, kept.neutral, kept.negative) == (298, 2157, 616)


def test_strict_leaves_fewer_of_the_published_rows_than_paper(
    published: list[dict[str, str]],
) -> None:
    stated = [words_of_printed_array(row["CMU_Raw_Text"]) for row in published[:300]]
    heard = [row["Whisper_Text"] for row in published[:300]]
    found = _scan(**dict(zip(map(str, range(300)), stated, strict=True)))
    transcripts = dict(zip(map(str, range(300)), heard, strict=True))
    paper, strict = (len(clean(found, transcripts, mode).clips) for mode in (PAPER, STRICT))
    assert 270 < strict < paper >= 295


def test_long_texts_do_not_lose_their_common_letters() -> None:
    text = "the quick brown fox jumps over the lazy dog and then some more of it " * 5
    assert strict_similarity(text, text.upper() + "!") == 1.0


def test_case_punctuation_and_fillers_do_not_count_in_strict() -> None:
    assert strict_similarity("Well, I think so.", "sp well umm i think uhh so") == 1.0
    assert paper_similarity("Well, I think so.", "well umm i think uhh so") < 0.85


def _scan(early: tuple[str, ...] = (), **stated: str) -> CorpusScan:
    clips: list[CorpusClip] = []
    for name, words in stated.items():
        fields: dict[str, Any] = {
            "source_label": "no emotion",
            "label": "neutral",
            "path": "/a.wav",
        }
        clips.append(
            CorpusClip("cmu_mosei", name, emotion=None, group="g", transcript=words, **fields)
        )
    rule = Finding("segments that start before their video", "fixed", "cut from 0.", early)
    return CorpusScan("cmu_mosei", "/", tuple(clips), (rule,))


def test_what_is_left_out_is_told_and_why() -> None:
    found = _scan(("c",), a="so it goes", b="so it goes", c="so it goes", d="so it goes")
    heard = {"a": "So it goes.", "b": "Nothing like that at all, sir.", "c": "So it goes."}
    paper, strict = clean(found, heard, PAPER), clean(found, heard, STRICT)
    assert [clip.name for clip in paper.clips] == ["a"]
    assert [clip.name for clip in strict.clips] == ["a", "c"]
    told = {f.rows for f in paper.findings if f.severity == "skipped"}
    assert told == {("b",), ("c",), ("d",)}


def test_a_mode_that_is_none_is_refused() -> None:
    with pytest.raises(TrainerError, match="no cleaning mode"):
        clean(_scan(a="x"), {}, "loose")


def test_ready_transcripts_are_read_from_a_table(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text('name,text\na,"Well,\nyes."\n')
    (tmp_path / "u.csv").write_text("a,b\n1,2\n")
    assert read_transcripts(tmp_path / "t.csv") == {"a": "Well,\nyes."}
    with pytest.raises(TrainerError, match="no columns name and text"):
        read_transcripts(tmp_path / "u.csv")
