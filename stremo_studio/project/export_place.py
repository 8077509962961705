"""Where an export goes: a folder is filled aside and moved in whole, and one that is there is
replaced only when an export wrote it and nobody has changed it since.

Its `manifest.json` tells: it lists every file with its checksum. Answers that a colleague added to
an exported ELAN file are work, and are not written over.
"""

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stremo_studio.errors import StudioError
from stremo_studio.formats.rows import File
from trainer.contract.files import write_json

MANIFEST = "manifest.json"
_FORMAT = "stremo-studio-export"
_BLOCK = 1 << 20


@dataclass(slots=True)
class Written:
    """The files of one export so far, as its manifest lists them; `facts` stand at its top."""

    folder: Path
    facts: dict[str, Any]
    files: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, file: File, prefix: str = "") -> None:
        name = f"{prefix}/{file.name}" if prefix else file.name
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.data)
        digest = hashlib.sha256(file.data).hexdigest()
        self.files.append({"name": name, "bytes": len(file.data), "sha256": digest})


@contextmanager
def filled_aside(out: Path, facts: dict[str, Any]) -> Iterator[Written]:
    """A folder to fill, that gets its manifest and its name when the block ends well."""
    aside = out.with_name(f".{out.name}.part")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    written = Written(aside, facts)
    try:
        yield written
        lists = {"left_out": written.notes, "files": written.files}
        write_json(aside / MANIFEST, {"format": _FORMAT, "version": 1} | facts | lists)
        _move_in(aside, out)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


@contextmanager
def kindly_written(out: Path) -> Iterator[None]:
    """What the disk says against it becomes a StudioError."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        hint = "Choose another folder, or free some space."
        raise StudioError(f"{out} cannot be written: {reason}.", hint) from error


def would_replace(out: Path) -> bool:
    """Whether something lies there that writing would take the place of."""
    return out.exists() and not (out.is_dir() and not any(out.iterdir()))


def require_free(out: Path, *, overwrite: bool, folder: bool) -> None:
    """Raises StudioError where something of the user's would be lost, as far as names tell."""
    if not would_replace(out) and not (out.is_dir() and not folder):
        return
    if folder and not _manifest(out):
        raise StudioError(f"{out} is there and is no export.", "Name a new folder.")
    if not folder and not out.is_file():
        kind = "a folder" if out.is_dir() else "no ordinary file"
        raise StudioError(f"{out} is {kind}.", "Name a file.")
    if not overwrite:
        raise StudioError(f"{out} is there already.", "Name another, or add --overwrite.")


def require_untouched(out: Path) -> None:
    """Raises StudioError when an export's folder holds something that it did not write."""
    if not would_replace(out):
        return
    listed = {str(one["name"]): one for one in _manifest(out).get("files", ())}
    for path in sorted(out.rglob("*")):
        name = path.relative_to(out).as_posix()
        if path.is_dir() or name == MANIFEST:
            continue
        if name not in listed:
            raise StudioError(f"{out} holds {name}, which no export wrote.", "Name a new folder.")
        if _digest(path) != listed[name]["sha256"]:
            hint = "Import it, or name a new folder."
            raise StudioError(f"{path} was changed since it was exported.", hint)


def _manifest(folder: Path) -> dict[str, Any]:
    """That of an export; empty for any other folder."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) and found.get("format") == _FORMAT else {}


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _move_in(aside: Path, out: Path) -> None:
    """The old export goes only after the new one has its name."""
    old = out.with_name(f".{out.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if out.exists():
        out.rename(old)
    aside.rename(out)
    shutil.rmtree(old, ignore_errors=True)
