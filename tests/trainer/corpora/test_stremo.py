"""The StrEmo sheet: the released one, and what people do to it."""

import csv
import datetime
import io
import time
from pathlib import Path

import openpyxl
import pytest

from tests.trainer.corpora.trees import finding, plant, rules, tone
from trainer.corpora.rows import CorpusError, CorpusScan
from trainer.corpora.scan import scan
from trainer.corpora.stremo import FULL
from trainer.corpora.tally import tally

HEADER = (
    "Filename,Language,Gender,Ethnicity,Accent,Age,Clip Time From,Clip Time To,Video_Id,"
    "Source,Emotion"
)


def _row(name: str = "abcdefghijk_1", start: str = "0:00:03", end: str = "0:00:09") -> str:
    video = name.partition("_")[0]
    return f"{name},English,Female,White,British,26-35,{start},{end},{video},YouTube,Anger"


def _sheet(folder: Path, *rows: str, header: str = HEADER, encoding: str = "utf-8") -> Path:
    path = folder / "sheet.csv"
    path.write_bytes("\n".join([header, *rows, ""]).encode(encoding))
    return path


def test_g2_the_released_sheet(real_data: Path) -> None:
    found = scan(real_data / "stremo" / "StrEmo.csv")
    assert tally(found.clips) == FULL
    assert len({clip.group for clip in found.clips}) == 107
    assert len(finding(found, "zero-length clips").rows) == 3
    assert len(finding(found, "trailing spaces").rows) == 16
    assert len(finding(found, "ids with a leading -").rows) == 5
    assert len(finding(found, "overlapping clips of one video").rows) == 6
    assert len(finding(found, "language gives the emotion away").rows) == 180
    assert {"emotion fully predictable from Video_Id", "odd age bands"} <= rules(found)
    assert sum(clip.speaker.language == "Spanish" for clip in found.clips if clip.speaker) == 39
    assert all(clip.end is not None and clip.end > clip.start for clip in found.clips)
    assert len(finding(found, "audio missing").rows) == 496


def test_the_cells_of_the_released_sheet_write_the_same_bytes(real_data: Path) -> None:
    path = real_data / "stremo" / "StrEmo.csv"
    assert _written(scan(path)) == path.read_bytes()


def _written(found: CorpusScan) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, found.columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(dict(clip.cells or {}) for clip in found.clips)
    return text.getvalue().encode()


def test_a_zero_length_clip_becomes_one_second_and_keeps_its_cells(tmp_path: Path) -> None:
    found = scan(_sheet(tmp_path, _row(start="0:02:31", end="0:02:31")))
    (clip,) = found.clips
    assert (clip.start, clip.end) == (151.0, 152.0)
    assert clip.cells
    assert clip.cells["Clip Time To"] == "0:02:31"


@pytest.mark.parametrize("times", [("00:00:03", "00:09"), ("3", "9.0"), ("0:03", "0:00:09.0")])
def test_times_are_read_in_every_spelling(tmp_path: Path, times: tuple[str, str]) -> None:
    (clip,) = scan(_sheet(tmp_path, _row(start=times[0], end=times[1]))).clips
    assert (clip.start, clip.end) == (3.0, 9.0)


def test_times_as_fractions_of_a_day_are_told_from_seconds(tmp_path: Path) -> None:
    found = scan(_sheet(tmp_path, _row(start="3.47222222222222E-05", end="0.000104166666667")))
    assert (found.clips[0].start, found.clips[0].end) == (3.0, 9.0)
    assert "times as fractions of a day" in rules(found)


def test_a_time_that_is_none_makes_a_row_that_needs_you(tmp_path: Path) -> None:
    found = scan(_sheet(tmp_path, _row(start="soon"), _row("abcdefghijk_2", "0:61:00")))
    assert len(finding(found, "times that cannot be read").rows) == 2
    assert "'soon'" in found.clips[0].problem


def test_an_end_before_the_start_needs_you(tmp_path: Path) -> None:
    found = scan(_sheet(tmp_path, _row(start="0:00:09", end="0:00:03")))
    assert finding(found, "clips that end before they start").severity == "needs you"


def test_an_id_that_a_spreadsheet_took_for_a_formula_is_repaired(tmp_path: Path) -> None:
    row = _row("-bcdefghijk_1").replace("-bcdef", "=-bcdef")
    (clip,) = (found := scan(_sheet(tmp_path, row))).clips
    assert (clip.name, clip.group) == ("-bcdefghijk_1", "stremo:-bcdefghijk")
    assert "ids read as formulas" in rules(found)


def test_other_formulas_are_left_out_by_row(tmp_path: Path) -> None:
    found = scan(_sheet(tmp_path, _row(), _row("#NAME?"), _row("=A2&1")))
    assert finding(found, "formula cells").rows == ("row 3", "row 4")
    assert len(found.clips) == 1


def test_a_sheet_of_nothing_but_formulas_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="No row") as caught:
        scan(_sheet(tmp_path, _row("=A1")))
    assert "formula" in caught.value.hint


@pytest.mark.parametrize("missing", [["Clip Time From", "Clip Time To"], ["Video_Id"]])
def test_missing_columns_are_named(tmp_path: Path, missing: list[str]) -> None:
    header = HEADER
    for column in missing:
        header = header.replace(column, "Other")
    with pytest.raises(CorpusError, match=f"no column {', '.join(missing)}"):
        scan(_sheet(tmp_path, _row(), header=header))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_other_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    row = _row().replace("British", "Québécois")
    found = scan(_sheet(tmp_path, row, encoding=encoding))
    assert found.clips[0].speaker
    assert found.clips[0].speaker.accent == "Québécois"
    assert ("encoding" in rules(found)) == (encoding != "utf-8-sig")


def test_a_sheet_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_bytes(b"\x81\x8d\x00" * 50)
    with pytest.raises(CorpusError, match="no text table"):
        scan(path)


def test_rows_and_ids_that_stand_twice_are_told_apart(tmp_path: Path) -> None:
    found = scan(_sheet(tmp_path, _row(), _row(), _row(end="0:00:10")))
    assert [clip.name for clip in found.clips] == ["abcdefghijk_1", "abcdefghijk_1 #2"]
    assert {"rows that stand twice", "ids that stand twice"} <= rules(found)


def test_one_id_and_a_label_of_its_own_for_all_of_many_rows(tmp_path: Path) -> None:
    rows = (_row().replace("Anger", f" mood {n}") for n in range(20_000))
    found = scan(_sheet(tmp_path, *rows))  # in seconds: naming must not try every number again
    assert len({clip.name for clip in found.clips}) == 20_000
    assert found.clips[-1].name == "abcdefghijk_1 #20000"
    assert max(len(f.message) for f in found.findings) < 400


def test_an_unknown_and_a_blank_emotion(tmp_path: Path) -> None:
    rows = [_row(), _row("b_1").replace("Anger", "Boredom"), _row("c_1").replace("Anger", "")]
    found = scan(_sheet(tmp_path, *rows))
    assert [(c.source_label, c.label) for c in found.clips] == [
        ("Anger", "negative"),
        ("Boredom", None),
        (None, None),
    ]
    assert "1 Boredom" in finding(found, "discarded labels").message


def test_audio_is_found_as_cut_as_video_and_as_download(tmp_path: Path) -> None:
    ids = ["aaaaaaaaaaa_1", "bbbbbbbbbbb_1", "ccccccccccc_1", "ddddddddddd_1"]
    plant(tmp_path, ["clips/aaaaaaaaaaa_1.WAV"], tone(6.0))
    plant(tmp_path, ["bbbbbbbbbbb.wav", "A title [ccccccccccc].wav"], tone(60.0))
    a, b, c, d = scan(_sheet(tmp_path, *map(_row, ids))).clips
    assert (a.start, a.end, a.video_id) == (0.0, 6.0, None)
    assert [(x.start, x.end, x.video_id) for x in (b, c)] == [
        (3.0, 9.0, "bbbbbbbbbbb"),
        (3.0, 9.0, "ccccccccccc"),
    ]
    assert d.path is None
    assert "No audio" in d.problem


@pytest.mark.parametrize(("length", "span"), [(6.0, (0.0, 6.0)), (60.0, (3.0, 9.0))])
def test_a_bare_id_is_cut_or_whole_by_its_length(
    tmp_path: Path, length: float, span: tuple[float, float]
) -> None:
    plant(tmp_path, ["aaaaaaaaaaa.wav"], tone(length))
    first, second = scan(_sheet(tmp_path, _row("aaaaaaaaaaa"), _row("aaaaaaaaaaa_2"))).clips
    assert (first.start, first.end) == span
    assert (second.path is None) == (length == 6.0)


def test_a_clip_behind_the_end_of_its_video_says_so(tmp_path: Path) -> None:
    plant(tmp_path, ["aaaaaaaaaaa.wav"], tone(2.0))
    found = scan(_sheet(tmp_path, _row("aaaaaaaaaaa_1")))
    assert "lasts 2 s" in found.clips[0].problem
    assert "clips beyond the end of their file" in rules(found)


def test_a_workbook_gives_the_same_clips(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(HEADER.split(","))
    for start in (datetime.time(0, 0, 3), datetime.timedelta(seconds=3), 3 / 86_400):
        cells: list[object] = list(_row(f"x_{len(str(start))}").split(","))
        cells[6:8] = start, "=0" if start is None else datetime.time(0, 0, 9)
        book.active.append(cells)
    cells[0], cells[8] = "=-bcdefghijk_4", "=-bcdefghijk"
    book.active.append(cells)
    book.save(tmp_path / "sheet.xlsx")
    clips = scan(tmp_path / "sheet.xlsx").clips
    assert [(clip.start, clip.end) for clip in clips] == [(3.0, 9.0)] * 4
    assert clips[-1].name == "-bcdefghijk_4"


def test_a_damaged_workbook_is_refused_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "sheet.xlsx"
    book = openpyxl.Workbook()
    book.active.append(HEADER.split(","))
    book.active.append(_row().split(","))
    book.save(path)
    whole = path.read_bytes()
    read, refused = 0, []
    for place in range(0, len(whole), 97):
        after = whole[place + 9 :]
        path.write_bytes(whole[:place] + bytes(b ^ 0x5A for b in whole[place : place + 9]) + after)
        try:
            read += len(scan(path, "stremo").clips)
        except CorpusError as error:
            refused.append(error.message)
    assert "sheet.xlsx is no readable workbook." in refused
    assert read, "damage to parts that nobody reads must not matter"


def test_fifty_thousand_rows_are_read_in_a_few_seconds(tmp_path: Path) -> None:
    path = _sheet(tmp_path, *(_row(f"abcdefghij{i % 9}_{i}") for i in range(50_000)))
    started = time.process_time()  # what other programs do at the moment must not count
    found = scan(path)
    assert len(found.clips) == 50_000
    assert time.process_time() - started < 3  # `bench_scan` holds the target
