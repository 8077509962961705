"""CMU-MOSEI by emotion scores: the recovered rule, and the tables in circulation."""

from pathlib import Path

import pytest

from tests.trainer.corpora.trees import finding, plant, rules, tone
from trainer.corpora.mosei_scores import EMOTIONS, class_of_scores
from trainer.corpora.rows import CorpusError
from trainer.corpora.scan import scan

HEADER = "video,start_time,end_time,sentiment,happy,sad,anger,surprise,disgust,fear,text,ASR"
SWAPPED = "ytid,ytid_seg,start,end,sentiment,happiness,sadness,anger,fear,disgust,surprise"


def _scores(**given: float) -> dict[str, float]:
    return {name: given.get(name, 0.0) for name in EMOTIONS}


@pytest.mark.parametrize(
    ("given", "paper", "strict"),
    [
        ({"happy": 7 / 3}, "positive", "positive"),
        ({"happy": 2.0}, None, None),
        ({"happy": 3.0, "surprise": 2.0}, "positive", "positive"),
        ({"happy": 3.0, "sad": 1 / 3}, None, None),
        ({"sad": 1.0, "anger": 1.0, "fear": 1.0}, "negative", None),
        ({"disgust": 8 / 3}, "negative", "negative"),
        ({"disgust": 8 / 3, "happy": 1 / 3}, None, None),
        ({"sad": 2.0}, None, None),
        ({}, "neutral", "neutral"),
        ({"surprise": 2.0}, "neutral", None),
        ({"anger": 1 / 3}, None, None),
        ({"happy": 4.33}, "positive", "positive"),
    ],
)
def test_the_class_of_scores(
    given: dict[str, float], paper: str | None, strict: str | None
) -> None:
    assert class_of_scores(_scores(**given)) == paper
    assert class_of_scores(_scores(**given), strict=True) == strict


def test_a_sum_of_two_but_for_single_precision_is_above_two_as_it_was_for_the_authors() -> None:
    scores = _scores(sad=2 / 3, anger=1.0, disgust=1 / 3)
    assert class_of_scores(scores) == "negative"
    assert class_of_scores(scores, sum_tolerance=1e-6) is None


def test_a_score_table_gives_labelled_spans(tmp_path: Path) -> None:
    rows = [
        "102858,-0.25,4.0,0,0,0,0,0,0,0,nothing here,",
        "-a_bcdefghi,1.5,3.0,2,3,0,0,0,0,0,so happy,",
        "-a_bcdefghi,3.0,4.0,2,0,1,1,1,1,0,not,",
        "-a_bcdefghi,3.0,4.0,2,0,1,1,1,1,0,not,",
        "-a_bcdefghi,4.0,5.0,2,4.33,x,1,1,1,0,not,",
    ]
    labels = tmp_path / "Labels"
    labels.mkdir()
    (labels / "Data_Train_modified.csv").write_text("\n".join([HEADER, *rows]))
    plant(tmp_path, ["Audio/Full/WAV_16000/102858.wav"], tone(9.0))
    found = scan(tmp_path)
    assert found.corpus == "cmu_mosei"
    assert [(c.group, c.start, c.end, c.label) for c in found.clips] == [
        ("cmu_mosei:102858", 0.0, 4.0, "neutral"),
        ("cmu_mosei:-a_bcdefghi", 1.5, 3.0, "positive"),
        ("cmu_mosei:-a_bcdefghi", 3.0, 4.0, "negative"),
    ]
    assert finding(found, "segments that start before their video").rows == ("102858@-0.250",)
    assert {"rows that stand twice", "rows without numbers", "audio missing"} <= rules(found)
    assert found.clips[0].path


def test_the_copy_with_fear_and_surprise_exchanged_is_set_right(tmp_path: Path) -> None:
    row = "abcdefghijk,0,1.0,2.0,0,0,0,0,3,0,0"  # 3 under fear: it is surprise
    (tmp_path / "sample.csv").write_text(f"{SWAPPED}\n{row}\n")
    found = scan(tmp_path / "sample.csv")
    assert [(c.label, c.source_label) for c in found.clips] == [("neutral", "surprise 3.00")]
    assert "fear and surprise exchanged" in rules(found)


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("video_id,clip_id,text,label,label_T,label_A,label_V,annotation,mode", "only sentiment"),
        (",file,index,start,end,label2a,label2b,label6,label7,split", "no emotion scores"),
    ],
)
@pytest.mark.parametrize("by", ["file", "folder"])
def test_tables_without_emotion_scores_are_refused_and_say_why(
    tmp_path: Path, header: str, reason: str, by: str
) -> None:
    path = tmp_path / "label.csv"
    path.write_text(header + "\n")
    with pytest.raises(CorpusError, match=reason) as caught:
        scan(path if by == "file" else tmp_path, None if by == "file" else "cmu_mosei")
    assert caught.value.hint
