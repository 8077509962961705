"""Small files that must never be half written: aside first, then moved in."""

import errno
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import get_ident
from typing import Any, BinaryIO


@contextmanager
def written_aside(path: Path, *, durable: bool = True) -> Iterator[BinaryIO]:
    """A file to fill, moved to `path` when the block ends well, so that a reader sees the old file
    or the new one, never a part. What can be made again need not be `durable` (power cuts).

    Raises OSError, also where `path` is a folder or a device.
    """
    if path.exists() and not path.is_file():  # replacing would take a device's place
        raise FileExistsError(errno.EEXIST, "it is a folder or a device", str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}.{get_ident()}.part")
    try:
        with aside.open("wb") as file:
            yield file
            file.flush()
            if durable:
                os.fsync(file.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def write_text_atomically(path: Path, text: str) -> None:
    """Write `text` as UTF-8, whole or not at all."""
    with written_aside(path) as file:
        file.write(text.encode())


def write_json(path: Path, value: Any) -> None:
    """Write one JSON value atomically."""
    write_text_atomically(path, json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def write_json_lines(path: Path, rows: Iterable[Any]) -> None:
    """Write one JSON value a line, atomically."""
    write_text_atomically(path, "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows))


def read_json_lines(path: Path) -> Iterator[Any]:
    """Yield the JSON value of each line; a last line cut off by a crash is left out."""
    if not path.exists():
        return
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.endswith("\n") and line.strip():
                yield json.loads(line)
