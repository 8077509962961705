"""audformat: raters are columns, splits are tables, and the real package reads what we wrote."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from stremo_studio.formats.audformat import write_audformat
from stremo_studio.formats.rows import ExportedRun
from tests.formats.exported import clip, project, texts, two_annotators


def test_raters_are_columns_and_times_are_those_of_pandas() -> None:
    files = texts(write_audformat(two_annotators()))
    assert list(files) == ["db.yaml", "db.answers.other.csv"]
    rows = list(csv.DictReader(io.StringIO(files["db.answers.other.csv"])))
    first = rows[0]
    assert (first["file"], first["start"]) == ("/sound/talk.wav", "0 days 00:00:01.000000")
    assert (first["label"], first["Ann"], first["Ben"]) == ("", "negative", "neutral")
    assert [row["Ben"] for row in rows] == ["neutral", "", "", "neutral"]
    assert rows[3]["file"] == "youtube/-aaaaaaaaaa"
    header = json.loads(files["db.yaml"])
    assert header["raters"]["Ann"] == {"description": "Ann", "type": "human"}
    assert header["schemes"]["speaker"]["labels"]["made:ann"]["gender"] == "female"


def test_each_split_of_the_run_is_a_table() -> None:
    run = ExportedRun("Probe 1", "abc", {}, {"made:ann": "test"})
    made = replace(two_annotators(), run=run)
    header = json.loads(texts(write_audformat(made))["db.yaml"])
    assert list(header["tables"]) == ["answers.test"]
    assert header["tables"]["answers.test"]["split_id"] == "test"
    assert header["splits"] == {"test": {"type": "test"}}


def test_annotators_named_like_columns_get_other_columns() -> None:
    odd = clip(1, 0, 1, ("label", "neutral"), ("Ann Lee", "neutral"), ("ann lee", "positive"))
    header = json.loads(texts(write_audformat(project([odd])))["db.yaml"])
    assert [(k, v["description"]) for k, v in header["raters"].items()] == [
        *(("label (2)", "label"), ("Ann_Lee", "Ann Lee"), ("ann_lee (2)", "ann lee"))
    ]


def test_a_second_clip_of_one_span_is_told_and_left_out() -> None:
    parcel = write_audformat(project([clip(1, 0, 1), clip(2, 0, 1)]))
    texts(parcel)
    assert parcel.notes == ["1 clip left out: the span of another."]


@pytest.mark.filterwarnings("ignore::Warning")  # its own, of the pandas of the day
def test_audformat_itself_reads_it(tmp_path: Path) -> None:
    audformat = pytest.importorskip("audformat")
    run = ExportedRun("Probe 1", "abc", {}, {"made:ann": "test"})
    for made in (two_annotators(), replace(two_annotators(), run=run), project([clip(1, 0, 1)])):
        for name, text in texts(write_audformat(made)).items():
            (tmp_path / name).write_text(text)
        database = audformat.Database.load(str(tmp_path))
        for table in database:
            frame = database[table].get()
            assert len(frame) == len(made.clips)
            assert frame["label"].notna().sum() == sum(
                c.answer.label not in (None, "disputed") for c in made.clips
            )
            starts = [c.file_start for c in made.clips]
            assert list(frame.index.get_level_values("start").total_seconds()) == starts
        for file in tmp_path.iterdir():
            file.unlink()
