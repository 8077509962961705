"""The same sheet as a workbook of Excel, in which everything is text: ids that start with - become
no formulas, age bands no dates, times no fractions of a day. Not carried: as in `sheet.py`."""

import io

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from stremo_studio.formats.rows import ExportedProject, File, Parcel
from stremo_studio.formats.sheet import sheet_rows

_TEXT = "@"
"""Excel's number format for text: it stays text also when a person edits the cell."""


def write_workbook(project: ExportedProject) -> Parcel:
    """`StrEmo.xlsx`, one table."""
    book = Workbook(write_only=True)
    table = book.create_sheet("StrEmo")
    table.freeze_panes = "A2"
    for row in sheet_rows(project):
        cells = []
        for text in row:
            cell = WriteOnlyCell(table, ILLEGAL_CHARACTERS_RE.sub("", text))
            cell.data_type = "s"  # openpyxl takes what begins with = for a formula
            cell.number_format = _TEXT
            cells.append(cell)
        table.append(cells)
    file = io.BytesIO()
    book.save(file)
    return Parcel([File("StrEmo.xlsx", file.getvalue())])
