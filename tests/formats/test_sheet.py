"""The sheet: what came from one goes back byte by byte, what was changed here is seen."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stremo_studio.domain.annotation import CANNOT_TELL, Answer
from stremo_studio.domain.clip import ClipId
from stremo_studio.errors import StudioError
from stremo_studio.formats.sheet import COLUMNS, clock
from stremo_studio.project.commands import LabelClips
from stremo_studio.project.exporting import export_sheet
from stremo_studio.project.importing import plan_import, scan_source, write_import
from stremo_studio.project.project import Project
from tests.builders import all_clips, corpus_clip, import_clips
from trainer.corpora.clip_times import seconds

SHEET = """Filename,Language,Gender,Ethnicity,Accent,Age,Clip Time From,Clip Time To,Video_Id,\
Source,Emotion,My notes
-a_01,English,Female ,White,,16-25,0:00:03,0:00:09,-aaaaaaaaaa,YouTube,Anger,"one, two"
b,,,,,,0:01:00,0:01:00,bbbbbbbbbbb,YouTube,Happiness,=2+2
"""


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    project = Project.create(tmp_path / "p", annotator="Ann")
    yield project
    project.close()


def _import(project: Project, source: Path) -> None:
    list(write_import(project, plan_import(project, scan_source(source))))


def _sheet(project: Project, folder: Path, text: str = SHEET) -> None:
    path = folder / "in.csv"
    path.write_bytes(text.encode())
    _import(project, path)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_sheet_comes_back_byte_by_byte(project: Project, tmp_path: Path) -> None:
    _sheet(project, tmp_path)
    assert export_sheet(project, tmp_path / "out.csv") == 2
    assert (tmp_path / "out.csv").read_bytes() == SHEET.encode()


def test_only_the_emotion_of_a_relabelled_clip_changes(project: Project, tmp_path: Path) -> None:
    _sheet(project, tmp_path)
    first, second = all_clips(project)
    project.do(LabelClips((first,), Answer("negative", "fear")))
    project.do(LabelClips((second,), Answer("neutral")))
    export_sheet(project, tmp_path / "out.csv")
    expected = SHEET.replace("Anger", "Fear").replace("Happiness", "Neutral")
    assert (tmp_path / "out.csv").read_text() == expected
    project.undo()
    project.undo()
    export_sheet(project, tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text() == SHEET


def test_other_answers_are_spelled_out(project: Project, tmp_path: Path) -> None:
    _sheet(project, tmp_path)
    first, second = all_clips(project)
    project.do(LabelClips((first,), Answer(CANNOT_TELL)))
    project.do(LabelClips((second,), Answer(None)))
    export_sheet(project, tmp_path / "out.csv")
    assert [row["Emotion"] for row in _rows(tmp_path / "out.csv")] == ["Cannot tell", ""]


def test_clips_of_other_corpora_get_rows_with_their_facts(project: Project, tmp_path: Path) -> None:
    clips = [corpus_clip(1, label="positive"), corpus_clip(2)]
    import_clips(project, clips)
    export_sheet(project, tmp_path / "out.csv")
    text = (tmp_path / "out.csv").read_text()
    assert text.splitlines() == [
        ",".join(COLUMNS),
        "clip-001,,,,,,0:00:02,0:00:04,video-000,YouTube,Happiness",
        "clip-002,,,,,,0:00:04,0:00:06,video-000,YouTube,",
    ]


def test_a_name_cannot_become_a_formula(project: Project, tmp_path: Path) -> None:
    names = ["=HYPERLINK(1)", "+1", "@SUM(A1)", "-ok", "plain"]
    import_clips(project, (replace(corpus_clip(n), name=name) for n, name in enumerate(names)))
    export_sheet(project, tmp_path / "out.csv")
    assert [row["Filename"] for row in _rows(tmp_path / "out.csv")] == [
        *("'=HYPERLINK(1)", "'+1", "'@SUM(A1)", "-ok", "plain"),
    ]


def test_an_export_can_be_imported_again(project: Project, tmp_path: Path) -> None:
    _sheet(project, tmp_path)
    project.do(LabelClips((ClipId(1),), Answer("positive", "excitement")))
    export_sheet(project, tmp_path / "out.csv")
    other = Project.create(tmp_path / "other")
    _import(other, tmp_path / "out.csv")
    one, two = (p.clips(all_clips(p)) for p in (project, other))
    facts = [(c.name, c.start, c.end, c.group, c.label, c.emotion) for c in one]
    assert facts == [(c.name, c.start, c.end, c.group, c.label, c.emotion) for c in two]
    other.close()


def test_a_place_that_cannot_be_written_is_one_sentence(project: Project, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StudioError, match=r"cannot be written: .+\."):
        export_sheet(project, tmp_path / "file" / "out.csv")


@given(st.integers(0, 400_000_000))
def test_a_clock_time_keeps_the_milliseconds(milliseconds: int) -> None:
    assert seconds(clock(milliseconds / 1000)) == pytest.approx(milliseconds / 1000, abs=1e-6)


def test_the_released_sheet_comes_back_byte_by_byte(
    project: Project, tmp_path: Path, real_data: Path
) -> None:
    source = real_data / "stremo" / "StrEmo.csv"
    _import(project, source)
    assert export_sheet(project, tmp_path / "out.csv") == 496
    assert (tmp_path / "out.csv").read_bytes() == source.read_bytes()
