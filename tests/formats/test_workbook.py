"""The workbook: whatever looks like a formula, a date or a time is text."""

import io
from dataclasses import replace
from pathlib import Path

from openpyxl import load_workbook

from stremo_studio.domain.speaker import Speaker
from stremo_studio.formats.workbook import write_workbook
from tests.formats.exported import clip, project
from trainer.corpora.sheet import read_sheet


def test_everything_is_text(tmp_path: Path) -> None:
    odd = replace(
        clip(1, 3, 9), name="-aa=1", speaker=Speaker("made", "x", age="5-12"),
        cells={"Source": "=2+2", "Emotion": "Anger\x00"},
    )  # fmt: skip
    (file,) = write_workbook(project([odd])).files
    (table,) = load_workbook(io.BytesIO(file.data)).worksheets
    row = {head.value: cell for head, cell in zip(*table.iter_rows(), strict=True)}
    assert {cell.data_type for cell in row.values() if cell.value is not None} == {"s"}
    assert {cell.number_format for cell in row.values() if cell.value is not None} == {"@"}
    assert [row[c].value for c in ("Filename", "Age", "Clip Time From", "Source", "Emotion")] == [
        *("-aa=1", "5-12", "0:00:03", "=2+2", "Anger"),
    ]
    (tmp_path / "s.xlsx").write_bytes(file.data)
    assert read_sheet(tmp_path / "s.xlsx").rows[0]["Filename"] == "-aa=1"
