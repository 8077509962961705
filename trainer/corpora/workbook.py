"""The first table of an xlsx workbook as text cells. Formulas stay formulas: their computed values
are only a copy, and an id like `-btTC` that became one is repaired by the reader of the sheet."""

import datetime
import zipfile
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import openpyxl

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


def workbook_lines(path: Path, limit: int | None = None) -> Iterator[list[str]]:
    """Rows of the first sheet. Raises CorpusError for a file that is no workbook."""
    try:
        workbook = openpyxl.load_workbook(path, read_only=True)
        lines = [
            [_cell(value) for value in row]
            for row in islice(workbook.worksheets[0].iter_rows(values_only=True), limit)
        ]
        workbook.close()
    except _DAMAGE as error:
        raise CorpusError(
            f"{path.name} is no readable workbook.", "Save it again, or as CSV UTF-8."
        ) from error
    return iter(lines)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):  # 24 hours and more are kept as a date of 1900
        return _clock((value - _EXCEL_DAY_ZERO).total_seconds())
    if isinstance(value, datetime.time):
        seconds = value.hour * 3600 + value.minute * 60 + value.second
        return _clock(seconds + value.microsecond / 1e6)
    if isinstance(value, datetime.timedelta):
        return _clock(value.total_seconds())
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # numeric video ids must not grow a `.0`
    return str(value)


def _clock(total: float) -> str:
    """`H:MM:SS`, the way StrEmo writes times."""
    whole, part = divmod(round(total, 3), 1)
    minutes, second = divmod(int(whole), 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02}:{second:02}" + (f"{part:.3f}"[1:] if part else "")
