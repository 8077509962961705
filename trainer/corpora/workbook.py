"""The first table of an xlsx workbook. Formulas and the values they had when the file was saved are
two readings of it; the second is made only where there are formulas."""

import datetime
import zipfile
import zlib
from itertools import islice
from pathlib import Path

import openpyxl

from trainer.corpora.book_cells import Cell, clock
from trainer.corpora.rows import CorpusError

_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,  # XML that is none
    NotImplementedError,  # a way of packing that zipfile does not know
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
)
"""What openpyxl lets through from a file whose bytes have suffered."""
_EXCEL_DAY_ZERO = datetime.datetime(1899, 12, 30)
_LAST_CLOCK_YEAR = 1900
"""Up to here a date is a time: 24 hours and more are kept as a date of 1900."""


def workbook_rows(path: Path, limit: int | None = None) -> list[list[Cell]]:
    """Rows of the first sheet. Raises CorpusError for a file that is no workbook."""
    try:
        rows = _read(path, limit, values=False)
        if any(text.startswith("=") for row in rows for text in row):
            return [
                [
                    Cell(b, a) if a.startswith("=") else Cell(a)
                    for a, b in zip(row, same, strict=True)
                ]
                for row, same in zip(rows, _read(path, limit, values=True), strict=True)
            ]
    except _DAMAGE as error:
        raise CorpusError(
            f"{path.name} is no readable workbook.", "Save it again, or as CSV UTF-8."
        ) from error
    return [[Cell(text) for text in row] for row in rows]


def _read(path: Path, limit: int | None, *, values: bool) -> list[list[str]]:
    book = openpyxl.load_workbook(path, read_only=True, data_only=values)
    rows = islice(book.worksheets[0].iter_rows(values_only=True), limit)
    lines = [[_text(value) for value in row] for row in rows]
    book.close()
    return lines


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        if value.year > _LAST_CLOCK_YEAR:
            return value.isoformat(sep=" ").removesuffix(" 00:00:00")
        return clock((value - _EXCEL_DAY_ZERO).total_seconds())
    if isinstance(value, datetime.time):
        seconds = value.hour * 3600 + value.minute * 60 + value.second
        return clock(seconds + value.microsecond / 1e6)
    if isinstance(value, datetime.timedelta):
        return clock(value.total_seconds())
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # numeric video ids must not grow a `.0`
    return str(value)
