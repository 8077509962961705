"""CMU-MOSEI by its raw folders: transcripts and the answers of single raters."""

from pathlib import Path

import pytest

from tests.trainer.corpora.trees import finding, plant, tone
from trainer.corpora.mosei_raw import Line, read_line
from trainer.corpora.rows import CorpusError
from trainer.corpora.scan import find_corpora, scan

HEADER = (
    "HITId,Input.VIDEO_ID,Input.CLIP,Answer.anger,Answer.disgust,Answer.fear,Answer.happiness,"
    "Answer.sadness,Answer.sentiment,Answer.surprise"
)


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    root = tmp_path / "Raw"
    labels = root / "Labels"
    labels.mkdir(parents=True)
    rows = [
        "h,_a_b_,0,0,0,0,3,0,2,0",
        "h,_a_b_,0,0,0,0,2,0,2,0",
        "h,_a_b_,0,0,0,0,2,0,2,1",
        "h,_a_b_,1,3,1,0,0,0,-2,0",
        "h,_a_b_,1,3,0,0,0,,-2,0",
        "h,_a_b_,9,0,0,0,0,0,0,0",
    ]
    (labels / "5000_batch_raw.csv").write_text("\n".join([HEADER, *rows]) + "\n")
    extra = ["h,pom/102858,0.0,0,0,0,0,0,0,2"]
    (labels / "pom_extra_sqa_mono_results.csv").write_text("\n".join([HEADER, *extra]) + "\n")
    lines = root / "Transcript" / "Segmented" / "Combined"
    lines.mkdir(parents=True)
    (lines / "_a_b_.txt").write_text(
        "_a_b____1___2.5___4.0___so ____ angry___\n_a_b____0___-0.2___2.5____well\nMusic\n\n"
    )
    (lines / "102858.txt").write_text("102858___0___1.0___2.0___caf\xe9\n", encoding="latin-1")
    plant(root, ["Audio/Full/WAV_16000/_a_b_.wav", "Audio/Full/WAV_16000/102858.wav"], tone(5.0))
    return tmp_path


def test_raters_are_averaged_and_joined_with_the_transcripts_times(raw: Path) -> None:
    found = scan(raw)
    assert [(c.name, c.start, c.end, c.label, c.transcript) for c in found.clips] == [
        ("_a_b_@-0.200", 0.0, 2.5, "positive", "_well"),
        ("_a_b_@2.500", 2.5, 4.0, "negative", "so ____ angry___"),
        ("102858@1.000", 1.0, 2.0, "neutral", "caf\ufffd"),
    ]
    assert found.clips[0].source_label == "happy 2.33, surprise 0.33"
    assert all(clip.path for clip in found.clips)


def test_what_cannot_be_averaged_or_placed_is_counted(raw: Path) -> None:
    found = scan(raw)
    assert finding(found, "answers without numbers").rows == ("5000_batch_raw.csv row 6",)
    assert finding(found, "clips without times").rows == ("_a_b_ clip 9",)
    assert finding(found, "lines that name no clip").rows == ("_a_b_.txt line 3",)


def test_without_transcripts_the_answers_cannot_be_placed(raw: Path) -> None:
    for path in (raw / "Raw" / "Transcript" / "Segmented" / "Combined").iterdir():
        path.unlink()
    (raw / "Raw" / "Transcript" / "Segmented" / "Combined").rmdir()
    with pytest.raises(CorpusError, match="names clips by number") as caught:
        find_corpora(raw)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("video", "line", "read"),
    [
        ("abc", "abc___3___1.5___2.25___hello there", Line("3", 1.5, 2.25, "hello there")),
        ("_a__", "_a_____3___1___2___x", Line("3", 1.0, 2.0, "x")),
        ("a", "a___3___-0.25___2___b___c", Line("3", -0.25, 2.0, "b___c")),
        ("a", "a___3___1___2______", Line("3", 1.0, 2.0, "___")),
        ("a", "ba___3___1___2___x", None),
        ("a", "a___3___one___2___x", None),
        ("a", "a___3___1___2", None),
        ("a", "", None),
    ],
)
def test_a_line_is_split_from_its_known_video_on(video: str, line: str, read: Line | None) -> None:
    assert read_line(video, line) == read
