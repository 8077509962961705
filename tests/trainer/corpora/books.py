"""Spreadsheets as Excel and LibreOffice save them, made by the tests themselves."""

import re
import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import openpyxl

_ODS = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
    "<office:body><office:spreadsheet>{}</office:spreadsheet></office:body>"
    "</office:document-content>"
)
TAIL = (
    '<table:table-row table:number-rows-repeated="1048570">'
    '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
)


def text(cell: str) -> str:
    """An ODS cell of text."""
    spaces = re.sub(r"  +", lambda m: f'<text:s text:c="{len(m[0])}"/>', escape(cell))
    return (
        f'<table:table-cell office:value-type="string"><text:p>{spaces}</text:p></table:table-cell>'
    )


def typed(kind: str, value: str, shown: str = "", formula: str = "") -> str:
    """An ODS cell of a type: `time` PT00H00M03S, `float` 0.5, `date` 2026-12-05."""
    attribute = "value" if kind == "float" else f"{kind}-value"
    computed = f" table:formula={quoteattr(formula)}" if formula else ""
    return (
        f'<table:table-cell office:value-type="{kind}" office:{attribute}="{value}"{computed}>'
        f"<text:p>{escape(shown)}</text:p></table:table-cell>"
    )


def write_ods(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    """A file of one table; every row ends in the empty cells that LibreOffice adds."""
    body = "".join(
        f"<table:table-row>{''.join(row)}"
        '<table:table-cell table:number-columns-repeated="16373"/></table:table-row>'
        for row in rows
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr(
            "content.xml", _ODS.format(f'<table:table table:name="A">{body}{TAIL}</table:table>')
        )
    return path


def write_xlsx(
    path: Path, rows: Sequence[Sequence[object]], computed: Mapping[str, str] = {}
) -> Path:
    """A workbook; `computed` gives cells that hold formulas the values Excel saved with them."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    made = BytesIO()
    book.save(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name).decode()
            if name.endswith("sheet1.xml"):
                for cell, value in computed.items():
                    content, count = re.subn(
                        rf'(<c r="{cell}"[^>]*><f>[^<]*</f>)<v ?/>(</c>)|(<c r="{cell}"[^>]*><f>'
                        r"[^<]*</f>)<v></v>(</c>)",
                        rf"\g<1>\g<3><v>{value}</v></c>",
                        content,
                    )
                    assert count == 1, content
            new.writestr(name, content)
    return path
