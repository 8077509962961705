"""What people point `scan` and `reproduce` at by mistake: one sentence each, nothing in silence."""

import json
import sys
from pathlib import Path

import pytest

from tests.trainer.corpora.trees import plant, tone
from trainer.__main__ import main

SENTIMENT = "video_id,clip_id,text,label,label_T,label_A,label_V,annotation,mode\na,1,x,0,,,,N,t\n"
S3PRL = ",file,index,start,end,label2a,label2b,label6,label7,split\n0,abc,1,0,1,1,1,0,1,0\n"
EMOTIONS = ("anger", "disgust", "fear", "happiness", "sadness", "surprise")
ANSWERS = ",".join(f"Answer.{emotion}" for emotion in EMOTIONS)
RATERS = f"Input.VIDEO_ID,Input.CLIP,{ANSWERS}\nabc,1,0,0,0,0,0,0\n"
RATED_SENTIMENT = "Input.VIDEO_ID,Input.CLIP,Answer.sentiment\nabc,1,0\n"
SHEET = "Filename,Clip Time From,Clip Time To,Video_Id,Emotion\na_1,0:00:01,0:00:02,a,Anger\n"
TURN = "Session1/sentences/wav/Ses01F_impro01/Ses01F_impro01_F000.wav"


def _tables(root: Path, **tables: str) -> Path:
    root.mkdir(parents=True, exist_ok=True)
    for name, text in tables.items():
        (root / _dotted(name)).write_text(text)
    return root


def _dotted(name: str) -> str:
    stem, _, suffix = name.rpartition("_")
    return f"{stem}.{suffix}"


CASES = {
    "nothing": ({}, [], "No corpus and no audio lies in"),
    "a text": ({"readme_txt": "hello"}, [], "No corpus and no audio lies in"),
    "other columns": ({"x_csv": "foo,bar\n1,2\n"}, [], "No corpus and no audio lies in"),
    "only sentiment": ({"label_csv": SENTIMENT}, ["Raw/a/1.wav"], "only sentiment, not emotion"),
    "only sentiment of spans": (
        {"m_csv": "video,start,end,sentiment\nabc,0,1,2\n"},
        ["abc.wav"],
        "only sentiment, not emotion",
    ),
    "a score missing": (
        {"m_csv": "video,start,end,happy,sad,anger,surprise,disgust\nabc,0,1,0,0,0,0,0\n"},
        ["abc.wav"],
        "m.csv has no column fear",
    ),
    "no scores": ({"labels_csv": S3PRL}, ["Audio/abc_1.wav"], "no emotion scores"),
    "raters without times": ({"batch_csv": RATERS}, ["Audio/abc.wav"], "names clips by number"),
    "raters of sentiment": ({"b_csv": RATED_SENTIMENT}, ["abc.wav"], "raters without Answer.happ"),
    "a pickle of sentiment": ({"aligned_50_pkl": "x"}, ["abc.wav"], "only sentiment, not emotion"),
    "no HDF5": ({"labels_csd": "<html>"}, ["Audio/abc.wav"], "is no HDF5 file"),
    "no more than a head": ({"labels_csd": "\x89HDF\r\n\x1a\n"}, [], "damaged or incomplete"),
    "no EmoEvaluation": ({}, [TURN], "1 turns of IEMOCAP have no labels"),
}


@pytest.mark.parametrize("verb", ["scan", "reproduce"])
@pytest.mark.parametrize("case", CASES)
def test_what_cannot_be_used_is_one_line_and_exit_code_2(
    case: str, verb: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables, audio, words = CASES[case]
    root = plant(_tables(tmp_path / "corpora"), audio)
    for name, text in tables.items():
        (root / _dotted(name)).write_bytes(text.encode("latin-1"))
    out = ["--out", str(tmp_path / "out")]
    ways = {"scan": ["scan", str(root)], "reproduce": ["reproduce", "--corpora", str(root), *out]}
    assert main(ways[verb]) == 2
    told = capsys.readouterr().err.splitlines()
    assert words in told[-1]
    assert len([line for line in told if not line.startswith("1/8")]) == 1


def test_what_is_refused_beside_a_corpus_is_told_and_stops_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plant(tmp_path, ["RAVDESS/03-01-05-01-02-01-01.wav", TURN])
    _tables(tmp_path / "CMU-MOSEI", label_csv=SENTIMENT)
    assert main(["scan", str(tmp_path)]) == 0
    text = capsys.readouterr().out
    assert "1 of 1440" in text
    assert "label.csv holds only sentiment" in text
    assert "1 turns of IEMOCAP have no labels" in text
    assert main(["scan", str(tmp_path), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["refused"]) == 2


def test_tables_beside_a_list_that_is_used_are_no_loss(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = "Filename,CMU_Raw_Audio,Start_Time,Stop_Time,Emotion\nabc[1],abc,0,1,neutral\n"
    _tables(tmp_path, list_csv=listed, labels_csv=S3PRL)
    plant(tmp_path, ["Audio/abc_1.wav"], tone(1.0))
    assert main(["scan", str(tmp_path)]) == 0
    assert "label6" not in capsys.readouterr().out


def test_a_second_sheet_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a", "b"):
        _tables(tmp_path / name, StrEmo_csv=SHEET)
    assert main(["scan", str(tmp_path)]) == 0
    text = capsys.readouterr().out
    assert "1 of 496" in text
    assert f"1 tables left out, as one counts: {tmp_path / 'b' / 'StrEmo.csv'}" in text


def test_half_a_corpus_twice_with_unreadable_files_counts_each(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for copy in ("TESS", "TESS again"):
        plant(tmp_path, [f"{copy}/OAF_back_sad.wav", f"{copy}/OAF_bar_ps.wav"], tone(0.2))
    plant(tmp_path, ["TESS/OAF_base_sad.wav"], b"")
    plant(tmp_path, ["TESS/OAF_bath_sad.wav"], b"version https://git-lfs.github.com/spec/v1\n")
    assert main(["scan", str(tmp_path)]) == 0
    text = capsys.readouterr().out
    assert "4 of 2800" in text
    assert "2 files left out: second copies" in text
    assert "2 files cannot be heard" in text


@pytest.mark.parametrize(
    ("table", "words"),
    [("a,b\n1,2\n", "no columns name and text"), ("", "is empty"), (None, "There is no file")],
)
def test_transcripts_that_are_none_are_one_line(
    table: str | None, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scores = "video,start,end,happy,sad,anger,surprise,disgust,fear\nabc,0,1,0,0,0,0,0,0\n"
    plant(_tables(tmp_path / "corpora", scores_csv=scores), ["abc.wav"], tone(1.0))
    if table is not None:
        (tmp_path / "ready.csv").write_text(table)
    command = ["reproduce", "--corpora", str(tmp_path / "corpora"), "--out", str(tmp_path / "out")]
    assert main([*command, "--transcripts", str(tmp_path / "ready.csv")]) == 2
    assert words in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.skipif(sys.platform == "win32", reason="folders have other permissions there")
def test_an_output_folder_that_is_a_file_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").write_text("")
    assert main(["reproduce", "--corpora", str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    assert "cannot be written" in capsys.readouterr().err
