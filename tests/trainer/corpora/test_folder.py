"""Folders and tables of one's own."""

import sys
from pathlib import Path

import pytest

from tests.trainer.corpora.trees import finding, plant, rules, tone
from trainer.corpora.rows import CorpusError, CorpusScan
from trainer.corpora.scan import scan


def _labels(found: CorpusScan) -> dict[str, str | None]:
    return {clip.name: clip.label for clip in found.clips}


def test_sub_folders_named_after_emotions_give_the_labels(tmp_path: Path) -> None:
    plant(tmp_path, ["Anger/a.wav", "02_happy/b.flac", "neutral/c.ogg.wav", "Bored/d.wav"])
    found = scan(tmp_path)
    assert _labels(found) == {
        "Anger/a": "negative",
        "02_happy/b": "positive",
        "neutral/c.ogg": "neutral",
        "Bored/d": None,
    }
    assert "1 Bored" in finding(found, "discarded labels").message


def test_speaker_folders_make_groups(tmp_path: Path) -> None:
    plant(tmp_path, ["speaker_7/sad/a.wav", "speaker_7/joy/b.wav", "speaker_8/sad/a.wav"])
    found = scan(tmp_path)
    assert [clip.group.partition(":")[2] for clip in found.clips] == ["7", "7", "8"]
    assert "speakers unknown" not in rules(found)


def test_files_without_a_label_folder_come_unlabelled(tmp_path: Path) -> None:
    found = scan(plant(tmp_path, ["monday/a.wav", "b.wav"]))
    assert _labels(found) == {"b": None, "monday/a": None}
    assert {"clips without a label", "speakers unknown"} <= rules(found)
    assert len({clip.group for clip in found.clips}) == 2


def test_a_folder_that_bears_a_corpus_name_does_not_pass_for_it(tmp_path: Path) -> None:
    assert scan(plant(tmp_path / "RAVDESS", ["a.wav"])).corpus == "RAVDESS folder"


def test_one_audio_file_is_one_clip(tmp_path: Path) -> None:
    found = scan(plant(tmp_path, ["talk.wav"]) / "talk.wav")
    (clip,) = found.clips
    assert (clip.name, clip.source_label, clip.end) == ("talk", None, pytest.approx(0.1))


def test_the_same_file_in_two_formats_is_one_clip(tmp_path: Path) -> None:
    found = scan(plant(tmp_path, ["a.flac", "a.wav"]))
    assert len(found.clips) == 1
    assert finding(found, "second copies").rows == ("a.wav",)


@pytest.mark.parametrize("case", ["nothing", "empty", "text"])
def test_a_place_without_audio_is_one_sentence(tmp_path: Path, case: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "text").write_text("hello")
    with pytest.raises(CorpusError) as caught:
        scan(tmp_path / case)
    assert caught.value.message.endswith(".")
    assert caught.value.hint


def test_an_unknown_corpus_is_told_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(CorpusError) as caught:
        scan(tmp_path, "emodb")
    assert "ravdess" in caught.value.hint


def test_another_corpus_at_that_place_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="named as in RAVDESS"):
        scan(plant(tmp_path, ["a.wav"]), "RAVDESS")


def test_a_folder_that_links_to_itself_is_walked_once(tmp_path: Path) -> None:
    plant(tmp_path, ["sad/a.wav"])
    (tmp_path / "sad" / "loop").symlink_to(tmp_path)
    assert len(scan(tmp_path).clips) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep names as text")
def test_a_name_that_is_no_text_is_told_and_left_out(tmp_path: Path) -> None:
    (tmp_path / "\udcff.wav").write_bytes(tone())
    found = scan(plant(tmp_path, ["b.wav"]))
    assert [clip.name for clip in found.clips] == ["b"]
    assert finding(found, "names that are no UTF-8").rows == (r"'\udcff.wav'",)


def test_a_link_to_nowhere_is_a_row_with_a_reason(tmp_path: Path) -> None:
    (tmp_path / "a.wav").symlink_to(tmp_path / "gone.wav")
    (clip,) = scan(tmp_path).clips
    assert "is not there" in clip.problem


TABLE = """Audio File;Onset;Stop;Label;Spk;Sex;Text
sub/a.wav;0,5;1,5;angry;anna;F;"Well; no."
sub\\a.wav;1.5;3;happy;anna;F;
a.wav;0;0:01;calm;;;
b.wav;;;sad;bert;M;
gone.wav;;;sad;bert;M;
"""


def test_a_table_is_read_by_what_its_columns_mean(tmp_path: Path) -> None:
    plant(tmp_path, ["sub/a.wav", "b.wav"], tone(3.0))
    (tmp_path / "list.csv").write_text(TABLE)
    found = scan(tmp_path / "list.csv")
    assert [(c.name, c.start, c.end, c.label) for c in found.clips] == [
        ("sub/a @0,5", 0.5, 1.5, "negative"),
        ("sub/a @1.5", 1.5, 3.0, "positive"),
        ("a", 0.0, 1.0, "neutral"),
        ("b", 0.0, 3.0, "negative"),
        ("gone", 0.0, None, "negative"),
    ]
    assert found.clips[0].transcript == "Well; no."
    assert found.clips[0].group.endswith(":anna")
    assert finding(found, "audio missing").rows == ("gone",)
    assert found.columns[0] == "Audio File"


def test_the_only_table_in_a_folder_gives_its_labels(tmp_path: Path) -> None:
    plant(tmp_path, ["a.wav", "b.wav"])
    (tmp_path / "labels.csv").write_text("file,emotion\na.wav,joy\nb.wav,sad\n")
    (tmp_path / "readme.csv").write_text("x,y\n1,2\n")
    assert _labels(scan(tmp_path)) == {"a": "positive", "b": "negative"}


def test_two_tables_in_a_folder_are_named_and_not_guessed_between(tmp_path: Path) -> None:
    plant(tmp_path, ["a.wav"])
    for name in ("train.csv", "test.csv"):
        (tmp_path / name).write_text("file,emotion\na.wav,joy\n")
    found = scan(tmp_path)
    assert "test.csv, train.csv" in finding(found, "tables not used").message


def test_a_table_of_other_columns_is_named(tmp_path: Path) -> None:
    (plant(tmp_path, ["anger/a.wav"]) / "notes.csv").write_text("foo,bar\n1,2\n")
    assert finding(scan(tmp_path), "tables that name no audio").rows == ("notes.csv",)


def test_a_table_without_file_names_says_which_columns_it_has(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("colour,mood\nred,sad\n")
    with pytest.raises(CorpusError) as caught:
        scan(tmp_path / "t.csv")
    assert "colour, mood" in caught.value.hint


def test_bad_rows_of_a_table_are_named(tmp_path: Path) -> None:
    plant(tmp_path, ["a.wav"], tone(3.0))
    rows = ["a.wav,0,1", "a.wav,2,1", "a.wav,x,1", ",0,1", "=B1,0,1", "a.wav,0,1"]
    (tmp_path / "t.csv").write_text("\n".join(["path,start,end", *rows]))
    found = scan(tmp_path / "t.csv")
    assert finding(found, "clips without length").rows == ("a @2",)
    assert finding(found, "times that cannot be read").rows == ("a @x",)
    assert finding(found, "rows without a file").rows == ("row 5",)
    assert finding(found, "formula cells").rows == ("row 6",)
    assert finding(found, "rows that stand twice").rows == ("a @0",)
    assert len(found.clips) == 3
