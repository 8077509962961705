"""A table of clips on disk, CSV, xlsx or ods, as text cells that can be written back unchanged."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from trainer.corpora.book_cells import settled
from trainer.corpora.opendocument import opendocument_rows
from trainer.corpora.rows import FIXED, NEEDS_YOU, NOTE, CorpusError, Finding, enumerated

BOOK_SUFFIXES = frozenset({".xlsx", ".ods"})
SHEET_SUFFIXES = frozenset({".csv", ".tsv"}) | BOOK_SUFFIXES
_CSV_FIELD_LIMIT = 1 << 24
_HEADER_BYTES = 1 << 16
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Header in order and the rows below it; every row has every column."""

    path: Path
    columns: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]
    findings: tuple[Finding, ...] = ()


def read_sheet(path: Path) -> Sheet:
    """Read all rows. Raises CorpusError for what is no table."""
    lines, findings = _lines(path)
    columns = _columns(next(lines, []), path)
    rows: list[Mapping[str, str]] = []
    longer: list[str] = []
    for number, line in enumerate(lines, start=2):
        if not any(line):
            continue
        if len(line) > len(columns) and any(line[len(columns) :]):
            longer.append(f"row {number}")
        line += [""] * (len(columns) - len(line))
        rows.append(dict(zip(columns, line, strict=False)))
    if longer:
        message = f"{len(longer)} rows have more cells than the header: the rest is ignored."
        findings.append(Finding("rows with too many cells", NEEDS_YOU, message, tuple(longer)))
    return Sheet(path, columns, tuple(rows), tuple(findings))


def read_columns(path: Path) -> tuple[str, ...]:
    """The header alone, to tell what a sheet is; empty for what is no readable table."""
    try:
        if path.suffix.lower() in BOOK_SUFFIXES:
            return _columns(next(_book_lines(path, 1)[0], []), path)
        with path.open("rb") as file:
            raw = file.read(_HEADER_BYTES)
        encoding = "utf-16" if raw.startswith(_UTF_16) else "utf-8-sig"
        first = raw.decode(encoding, errors="replace").lstrip("\r\n").partition("\n")[0]
        return _columns(next(csv.reader([first], delimiter=_delimiter(first)), []), path)
    except (CorpusError, OSError, csv.Error):
        return ()


def require_columns(sheet: Sheet, needed: Iterable[str]) -> None:
    """Raises CorpusError that names the columns which are not there."""
    missing = [column for column in needed if column not in sheet.columns]
    if missing:
        raise CorpusError(
            f"{sheet.path.name} has no column {', '.join(missing)}.",
            f"It has: {', '.join(sheet.columns)}. Rename or add the missing ones.",
        )


def _columns(header: list[str], path: Path) -> tuple[str, ...]:
    if not any(cell.strip() for cell in header):
        raise CorpusError(f"{path.name} is empty.", "Choose a table with a header row.")
    columns: list[str] = []
    for number, cell in enumerate(header, start=1):
        name = cell.strip() or f"column {number}"
        columns.append(name if name not in columns else f"{name} ({number})")
    return tuple(columns)


def _lines(path: Path) -> tuple[Iterator[list[str]], list[Finding]]:
    if not path.is_file():
        raise CorpusError(f"There is no file {path}.", "Check the path.")
    try:
        if path.suffix.lower() in BOOK_SUFFIXES:
            return _book_lines(path)
        text, findings = _text(path)
    except OSError as error:
        raise CorpusError(
            f"{path.name} cannot be read: {error.strerror or error}.", "Check its permissions."
        ) from error
    delimiter = _delimiter(text.partition("\n")[0])
    csv.field_size_limit(_CSV_FIELD_LIMIT)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return _read(reader, path), findings


def _read(reader: Iterator[list[str]], path: Path) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error as error:
        raise CorpusError(f"{path.name} is no readable CSV: {error}.", "Save it again.") from error


def _text(path: Path) -> tuple[str, list[Finding]]:
    raw = path.read_bytes()
    encodings = ["utf-16"] if raw.startswith(_UTF_16) else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        if encoding == "utf-8-sig":
            return text, []
        message = f"{path.name} is not UTF-8: read as {encoding}. Check accented letters."
        return text, [Finding("encoding", NOTE, message)]
    raise CorpusError(f"{path.name} is no text table.", "Save it as CSV UTF-8 and try again.")


def _delimiter(first_line: str) -> str:
    return max(",;\t", key=first_line.count)


def _book_lines(path: Path, limit: int | None = None) -> tuple[Iterator[list[str]], list[Finding]]:
    if path.suffix.lower() == ".ods":
        rows = opendocument_rows(path, limit)
    else:
        # openpyxl takes a quarter of a second to import, and most sheets are CSV
        from trainer.corpora.workbook import workbook_rows  # noqa: PLC0415

        rows = workbook_rows(path, limit)
    lines, computed = settled(rows)
    if not computed:
        return iter(lines), []
    message = f"{len(computed)} rows hold formulas: the values they had when saved are taken."
    return iter(lines), [Finding("formulas read by their values", FIXED, message, computed)]


def trailing_spaces(sheet: Sheet, name: str) -> list[Finding]:
    """Cells with spaces around them, named by column; readers strip them, cells keep them."""
    rows: list[str] = []
    values: dict[str, int] = {}
    for row in sheet.rows:
        cells = list(row.values())
        if list(map(str.strip, cells)) == cells:
            continue
        for column, cell in row.items():
            if cell != cell.strip():
                rows.append(row[name].strip())
                shown = f"{cell!r} in {column}"
                values[shown] = values.get(shown, 0) + 1
    if not rows:
        return []
    listed = enumerated([f"{number} × {shown}" for shown, number in values.items()])
    message = f"{len(rows)} values had spaces around them: {listed}."
    return [Finding("trailing spaces", FIXED, message, tuple(rows))]
