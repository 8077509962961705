"""Sheets of Excel and LibreOffice: the same clips as from CSV, and every repair by its name."""

import datetime
from pathlib import Path

import pytest

from tests.trainer.corpora.books import text, typed, write_ods, write_xlsx
from tests.trainer.corpora.trees import finding, rules
from trainer.corpora.age_bands import band_of_date
from trainer.corpora.clip_times import seconds
from trainer.corpora.rows import CorpusError
from trainer.corpora.scan import scan
from trainer.corpora.sheet import read_sheet

HEADER = [
    *("Filename", "Language", "Gender", "Ethnicity", "Accent", "Age"),
    *("Clip Time From", "Clip Time To", "Video_Id", "Source", "Emotion"),
]
ID = "-bcdefghijk"


def _cells(name: str, age: object = "26-35", start: object = 3, end: object = 9) -> list[object]:
    return [name, "English", "Female ", "", "", age, start, end, ID, "YouTube", "Anger"]


def test_an_ods_sheet_gives_the_same_clips_and_cells_as_csv(tmp_path: Path) -> None:
    rows = [HEADER, *([f"{ID}_{n}", *map(str, _cells("")[1:])] for n in range(3))]
    for row in rows[1:]:
        row[6:8] = "0:00:03", "0:00:09"
    csv = tmp_path / "a.csv"
    csv.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    ods = write_ods(tmp_path / "b.ods", [list(map(text, row)) for row in rows])
    assert read_sheet(ods).rows == read_sheet(csv).rows
    assert scan(ods).clips == scan(csv).clips
    assert rules(scan(ods)) == rules(scan(csv))


def test_times_of_an_ods_sheet_are_read_in_every_type(tmp_path: Path) -> None:
    times = [
        (typed("time", "PT00H00M03S"), typed("time", "PT00H00M09.250S")),
        (typed("float", "3"), typed("float", "9.25")),
        (text("0:03"), text("0:09.25")),
        (typed("time", "PT3S"), typed("time", "P0DT9.25S")),
    ]
    rows = [
        [
            *map(text, map(str, _cells(f"{ID}_{n}")[:6])),
            *span,
            text(ID),
            text("YouTube"),
            text("Anger"),
        ]
        for n, span in enumerate(times)
    ]
    clips = scan(write_ods(tmp_path / "a.ods", [list(map(text, HEADER)), *rows])).clips
    assert [(clip.start, clip.end) for clip in clips] == [(3, 9.25)] * 4


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_day_fractions_are_told_from_seconds_and_named(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"a.{kind}"
    if kind == "xlsx":
        write_xlsx(path, [HEADER, _cells(f"{ID}_1", start=3.25 / 86_400, end=9 / 86_400)])
    else:
        cells = list(map(text, map(str, _cells(f"{ID}_1"))))
        cells[6:8] = [typed("float", str(part / 86_400)) for part in (3.25, 9)]
        write_ods(path, [list(map(text, HEADER)), cells])
    found = scan(path)
    assert (found.clips[0].start, found.clips[0].end) == (3.25, 9)
    assert finding(found, "times as fractions of a day").severity == "fixed"


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_formulas_are_read_by_the_values_saved_with_them(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"a.{kind}"
    if kind == "xlsx":
        rows = [HEADER, _cells(f"{ID}_1", start="=1+2"), _cells(f"={ID}_2")]
        rows[2][8] = f"={ID}"
        write_xlsx(path, rows, {"G2": "3"})
    else:
        one, two = (list(map(text, map(str, _cells(f"{ID}_{n}")))) for n in (1, 2))
        one[6] = typed("float", "3", "3", "of:=1+2")
        two[0] = typed("string", "", "#NAME?", f"of:={ID}_2")
        two[8] = typed("string", "", "#NAME?", f"of:={ID}")
        write_ods(path, [list(map(text, HEADER)), one, two])
    found = scan(path)
    assert [clip.name for clip in found.clips] == [f"{ID}_1", f"{ID}_2"]
    assert {(clip.start, clip.video_id) for clip in found.clips} == {(3, ID)}
    assert finding(found, "formulas read by their values").rows == ("row 2",)
    assert set(finding(found, "ids read as formulas").rows) == {ID, f"{ID}_2"}


def test_a_formula_that_was_never_computed_leaves_its_row_out(tmp_path: Path) -> None:
    rows = [HEADER, _cells(f"{ID}_1"), _cells(f"{ID}_2", start="=A1")]
    found = scan(write_xlsx(tmp_path / "a.xlsx", rows))
    assert finding(found, "formula cells").rows == ("row 3",)


@pytest.mark.parametrize(
    ("cell", "band"),
    [
        ("2026-05-12", "5-12"),
        ("2026-12-05 00:00:00", "5-12"),
        ("1936-10-01", "10-36"),
        ("12-May", "5-12"),
        ("May-12", "5-12"),
        ("Oct-45", "10-45"),
        ("36-45", None),
        ("Teen", None),
        ("", None),
    ],
)
def test_an_age_band_that_became_a_date_is_read_back(cell: str, band: str | None) -> None:
    assert band_of_date(cell) == band


def test_an_age_band_that_became_a_date_is_named_and_its_cell_kept(tmp_path: Path) -> None:
    rows = [HEADER, _cells(f"{ID}_1", age=datetime.datetime(2026, 5, 12)), _cells(f"{ID}_2")]
    found = scan(write_xlsx(tmp_path / "a.xlsx", rows))
    first = found.clips[0]
    assert first.speaker
    assert first.speaker.age == "5-12"
    assert (first.cells or {})["Age"] == "2026-05-12"
    assert finding(found, "age bands read as dates").rows == (f"{ID}_1",)


def test_other_headers_links_and_unlabelled_rows_are_read_and_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(
        "URL;Start time;END;gender\n"
        f"https://www.youtube.com/watch?v={ID}&t=4;0:03;0:09;Male\n"
        f"{ID};12:00:15 AM;12:00:21 AM;Male\n"
        "https://vimeo.com/1;3;9;Male\n",
        encoding="utf-8",
    )
    found = scan(path)
    first, second, other = found.clips
    assert (first.name, first.video_id, first.start, first.end) == (f"{ID} 0:03-0:09", ID, 3, 9)
    assert (second.start, second.end, second.label) == (15, 21, None)
    assert finding(found, "ids of no YouTube video").rows == (other.name,)
    assert finding(found, "links in place of ids").rows == ("row 2",)
    assert "URL as Video_Id" in finding(found, "columns by other names").message
    assert set(found.columns) == {"URL", "Start time", "END", "gender"}


def test_a_table_of_files_is_no_sheet_of_videos(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("path,video_id,start,end\na.wav,x,0,1\n", encoding="utf-8")
    assert scan(path).corpus != "stremo"


@pytest.mark.parametrize(
    ("cell", "time"),
    [
        ("12:00:03 AM", 3),
        ("12:00:03 PM", 43_203),
        ("1:02:03 am", 3723),
        ("1:75", None),
        ("0:61:00", None),
        ("3 AM", None),
    ],
)
def test_twelve_hour_times_are_read(cell: str, time: float | None) -> None:
    assert seconds(cell) == time


def test_a_damaged_ods_sheet_is_refused_in_one_sentence(tmp_path: Path) -> None:
    whole = write_ods(tmp_path / "a.ods", [list(map(text, HEADER))] * 5).read_bytes()
    path = tmp_path / "b.ods"
    refused = set()
    for place in range(0, len(whole), 31):
        after = whole[place + 9 :]
        path.write_bytes(whole[:place] + bytes(b ^ 0x5A for b in whole[place : place + 9]) + after)
        try:
            read_sheet(path)
        except CorpusError as error:
            refused.add(error.message)
    assert refused == {"b.ods is no readable OpenDocument sheet."}


def test_a_sheet_that_repeats_its_rows_without_end_is_refused(tmp_path: Path) -> None:
    row = (
        "<table:table-row table:number-rows-repeated='9000000'>" + text("x") + "</table:table-row>"
    )
    path = write_ods(tmp_path / "a.ods", [[f"</table:table-row>{row}<table:table-row>"]])
    with pytest.raises(CorpusError, match="no readable OpenDocument"):
        read_sheet(path)
