"""Where files land: `<name>.webm` with its facts beside it, and `.parts/<name>` until then.

A file gets its place by one rename, after its facts; so a file that is in its place is whole,
was checked and is known, whenever the process was killed.
"""

import hashlib
import json
import shutil
from dataclasses import asdict, fields
from pathlib import Path

from stremo_studio.domain.source import SourceFacts
from trainer.contract.files import write_json

_CHUNK = 1 << 20


class Shelf:
    """The folder of fetched recordings. Raises OSError when it cannot be written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def parts(self, name: str) -> Path:
        """The folder for what has come of a recording so far; made when missing."""
        folder = self.folder / ".parts" / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def find(self, name: str) -> tuple[Path, SourceFacts] | None:
        """The whole file and its facts; None when it has to be fetched. Finishes what was
        checked and not yet moved when the process was killed."""
        try:
            raw = json.loads(self._facts_file(name).read_text(encoding="utf-8"))
            known = {f.name for f in fields(SourceFacts)}
            facts = SourceFacts(**{k: v for k, v in raw["facts"].items() if k in known})
            path, part = self.folder / raw["file"], self.folder / ".parts" / name / raw["part"]
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        if _size(path) == facts.size:
            return path, facts
        if _size(part) == facts.size and sha256_of(part) == facts.sha256:
            self._move_in(part, path, name)
            return path, facts
        return None

    def place(self, part: Path, name: str, suffix: str, facts: SourceFacts) -> Path:
        """Move a checked file to its place, facts first."""
        path = self.folder / f"{name}.{suffix}"
        record = {"file": path.name, "part": part.name, "facts": asdict(facts)}
        write_json(self._facts_file(name), record)
        self._move_in(part, path, name)
        return path

    def start_over(self, name: str) -> None:
        """Drop what has come so far: it is damaged."""
        shutil.rmtree(self.folder / ".parts" / name, ignore_errors=True)

    def free(self) -> int:
        """Bytes free where files land."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return shutil.disk_usage(self.folder).free

    def _move_in(self, part: Path, path: Path, name: str) -> None:
        part.replace(path)
        self.start_over(name)

    def _facts_file(self, name: str) -> Path:
        return self.folder / f"{name}.json"


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None
