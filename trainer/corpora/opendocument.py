"""The first table of an ODS file as text cells, read with the standard library: the libraries for
it show no formulas, and an id like `-btTC` that became one is only to be found there."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from trainer.corpora.book_cells import Cell, clock
from trainer.corpora.rows import CorpusError

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_DURATION = re.compile(r"P(?:(\d+)D)?T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?")
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    ElementTree.ParseError,
    KeyError,
    ValueError,
    NotImplementedError,  # a way of packing that zipfile does not know
    RuntimeError,  # a password
    EOFError,
)
_MOST_BYTES = 1 << 28
_MOST_COLUMNS = 1 << 12
_MOST_ROWS = 1 << 20
"""A sheet ends with one empty row or cell that is repeated to its limit."""


def opendocument_rows(path: Path, limit: int | None = None) -> list[list[Cell]]:
    """Rows of the first table. Raises CorpusError for a file that is none."""
    try:
        with zipfile.ZipFile(path) as book, book.open("content.xml") as content:
            if book.getinfo("content.xml").file_size > _MOST_BYTES:
                raise ValueError("no sheet of clips is that large")
            return list(islice(_rows(content), limit))
    except _DAMAGE as error:
        raise CorpusError(
            f"{path.name} is no readable OpenDocument sheet.", "Save it again, or as CSV UTF-8."
        ) from error


def _rows(content: IO[bytes]) -> Iterator[list[Cell]]:
    """Every row that comes before the end of the first table; empty ones only between others."""
    empty = total = 0
    for _, element in ElementTree.iterparse(content):
        if element.tag == f"{_TABLE}table":
            return
        if element.tag != f"{_TABLE}table-row":
            continue
        row = _cells(element)
        repeated = _repeated(element, "number-rows-repeated")
        element.clear()
        if not row:
            empty += repeated
            continue
        total += empty + repeated
        if total > _MOST_ROWS:
            raise ValueError("no sheet of clips is that long")
        yield from ([] for _ in range(empty))
        yield from (list(row) for _ in range(repeated))
        empty = 0


def _cells(row: ElementTree.Element) -> list[Cell]:
    cells: list[Cell] = []
    empty = 0
    for element in row:
        if element.tag not in _CELLS:
            continue
        cell = _cell(element)
        repeated = _repeated(element, "number-columns-repeated")
        if not cell.text and not cell.formula:
            empty += repeated
            continue
        if len(cells) + empty + repeated > _MOST_COLUMNS:
            raise ValueError("no sheet of clips is that wide")
        cells += [Cell("")] * empty + [cell] * repeated
        empty = 0
    return cells


def _cell(element: ElementTree.Element) -> Cell:
    formula = element.get(f"{_TABLE}formula", "")
    return Cell(_value(element), formula[formula.find("=") :] if formula else "")


def _value(element: ElementTree.Element) -> str:
    match element.get(f"{_OFFICE}value-type"):
        case "float" | "percentage" | "currency":
            number = element.get(f"{_OFFICE}value", "")
            return number.removesuffix(".0")
        case "time":
            found = _DURATION.fullmatch(element.get(f"{_OFFICE}time-value", ""))
            if found:
                days, hours, minutes, seconds = (
                    float((part or "0").replace(",", ".")) for part in found.groups()
                )
                return clock(((days * 24 + hours) * 60 + minutes) * 60 + seconds)
        case "date":
            return element.get(f"{_OFFICE}date-value", "").removesuffix("T00:00:00")
    return "\n".join(_words(part) for part in element if part.tag == f"{_TEXT}p")


def _words(paragraph: ElementTree.Element) -> str:
    """The text of a paragraph; spaces that XML would swallow are elements of their own."""
    parts = [paragraph.text or ""]
    for child in paragraph:
        if child.tag == f"{_TEXT}s":
            parts.append(" " * min(int(child.get(f"{_TEXT}c", "1")), 1000))
        elif child.tag == f"{_TEXT}tab":
            parts.append("\t")
        else:
            parts.append(_words(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _repeated(element: ElementTree.Element, name: str) -> int:
    return int(element.get(f"{_TABLE}{name}", "1"))
