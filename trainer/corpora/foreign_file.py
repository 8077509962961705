"""Files that other programs wrote, before anything is believed of them: neither too large nor in
an unknown encoding, and XML without definitions of its own."""

import codecs
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

from trainer.contract.foreign_text import quoted
from trainer.corpora.rows import CorpusError

MOST_BYTES = 1 << 28
"""An hour of annotation takes some hundred kilobytes."""
_LONGEST_S = 1e7
"""Some hundred days: no recording has a time beyond."""
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def is_time(number: float) -> bool:
    """Whether a recording can have such a time: a number, and no absurd one."""
    return abs(number) < _LONGEST_S


def seconds(value: Any) -> float:
    """A time as it was written. Raises ValueError or TypeError for what can be none."""
    try:
        found = float(value)
    except OverflowError as error:
        raise ValueError(value) from error
    if not is_time(found):
        raise ValueError(value)
    return found


def read_bytes(path: Path) -> bytes:
    """The whole file. Raises CorpusError for one that cannot be read or is absurdly large."""
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise CorpusError(
                f"{quoted(path.name)} has {size >> 20} MB: no annotation is that large.",
                "Choose another file.",
            )
        return path.read_bytes()
    except OSError as error:
        raise CorpusError(
            f"{quoted(path.name)} cannot be read: {error.strerror or error}.",
            "Check its permissions.",
        ) from error


def read_text(path: Path) -> str:
    """UTF-8 with or without its mark, or UTF-16 with one. Raises CorpusError for other bytes."""
    raw = read_bytes(path)
    try:
        text = raw.decode("utf-16" if raw.startswith(_UTF_16) else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise CorpusError(
            f"{quoted(path.name)} is neither UTF-8 nor UTF-16.", "Save it again as UTF-8."
        ) from error
    if "\0" in text:
        raise CorpusError(f"{quoted(path.name)} is no text file.", "Save it again as UTF-8.")
    return text


def read_json(path: Path) -> Any:
    """Raises CorpusError for what is no JSON."""
    text = read_text(path)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CorpusError(
            f"{quoted(path.name)} is no readable JSON.", "Export it again."
        ) from error


def read_xml(path: Path) -> ElementTree.Element:
    """The root. A document type is refused: with one come entities that grow without end, or that
    name files of this machine. Raises CorpusError for that, and for a document cut short."""
    builder = ElementTree.TreeBuilder()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(read_bytes(path), True)
        return builder.close()
    except _DoctypeError as error:
        raise CorpusError(
            f"{quoted(path.name)} defines entities of its own, which is not safe to read.",
            "Save it again in the program that it comes from.",
        ) from error
    except (expat.ExpatError, AssertionError, LookupError, ValueError) as error:
        raise CorpusError(
            f"{quoted(path.name)} is cut short or damaged: {error}.", "Save it again."
        ) from error


class _DoctypeError(Exception):
    pass


def _refuse_doctype(*_: object) -> None:
    raise _DoctypeError
