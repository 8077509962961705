"""Every audio file under a folder, found once, in a stable order, without the litter that
archives and file managers leave behind."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from trainer.corpora.rows import SKIPPED, CorpusError, Finding
from trainer.sound.decoding import AUDIO_SUFFIXES

ANNOTATION_SUFFIXES = frozenset({".eaf", ".textgrid", ".txt"})
"""Of these, only some are what they look like; JSON may be anything, so it is chosen by hand."""
TABLE_SUFFIXES = frozenset({".csv", ".tsv", ".xlsx", ".ods", ".csd", ".pkl"})
_WANTED = AUDIO_SUFFIXES | TABLE_SUFFIXES
_LITTER_FOLDERS = {"__MACOSX", ".git", "@eaDir", "$RECYCLE.BIN"}


class AudioFile(NamedTuple):
    """One file as the directory lists it; `relative` has forward slashes on every system. A tuple,
    like `Spoken` and `Header`: quick to make, and a corpus has tens of thousands."""

    path: str
    relative: str
    stem: str
    """The file's name without folder and suffix."""
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Tree:
    """The audio below `root`, shallow files first, the tables beside it, all folders, and what
    could not be looked into."""

    root: Path
    files: tuple[AudioFile, ...]
    findings: tuple[Finding, ...] = ()
    tables: tuple[Path, ...] = ()
    folders: tuple[str, ...] = ()
    annotations: tuple[Path, ...] = ()
    """Files that may mark what is heard when: Audacity's, Praat's, ELAN's."""


@dataclass(slots=True)
class _Walk:
    files: list[AudioFile] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    annotations: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    locked: list[str] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)
    special: list[str] = field(default_factory=list)
    seen: set[tuple[int, int]] = field(default_factory=set)


def audio_tree(root: Path, depth: int = 64) -> Tree:
    """All audio files at most `depth` folders below `root`. Raises CorpusError for no folder."""
    if not root.is_dir():
        raise CorpusError(f"There is no folder {root}.", "Check the path, or plug the disk in.")
    walk = _Walk()
    _look_into(str(root.resolve()), "", depth, walk)
    walk.files.sort(key=lambda file: (file.relative.count("/"), file.relative))
    walk.tables.sort(key=lambda table: (table.count(os.sep), table))
    findings = tuple(
        Finding(rule, SKIPPED, f"{len(names)} {rule}: {what}.", tuple(names))
        for rule, names, what in (
            ("folders that cannot be opened", walk.locked, "check their permissions"),
            ("names that are no UTF-8", walk.unnamed, "rename these files"),
            ("pipes and devices named like files", walk.special, "left alone"),
        )
        if names
    )
    tables = tuple(Path(table) for table in walk.tables)
    marked = tuple(Path(name) for name in sorted(walk.annotations))
    folders = tuple(sorted(walk.folders))
    return Tree(root, tuple(walk.files), findings, tables, folders, marked)


def _look_into(folder: str, prefix: str, depth: int, walk: _Walk) -> None:
    below: list[tuple[str, str]] = []
    try:
        here = os.stat(folder)  # noqa: PTH116  pathlib costs a third of a scan's time
        if (here.st_dev, here.st_ino) in walk.seen:
            return  # a link back up the tree
        walk.seen.add((here.st_dev, here.st_ino))
        walk.folders.append(folder)
        with os.scandir(folder) as entries:
            for entry in entries:
                name = entry.name
                if name.startswith("._") or name in _LITTER_FOLDERS:
                    continue
                if not _is_text(name):
                    walk.unnamed.append(prefix + ascii(name))
                    continue
                stem = name.rpartition(".")[0]
                suffix = name[len(stem) :].lower()
                if entry.is_dir():
                    below.append((entry.path, f"{prefix}{name}/"))
                elif suffix in ANNOTATION_SUFFIXES:
                    if entry.is_file():
                        walk.annotations.append(entry.path)
                elif suffix not in _WANTED or not stem.strip("."):  # `.wav` has no suffix
                    continue
                elif _is_special(entry):
                    walk.special.append(prefix + name)
                elif suffix in AUDIO_SUFFIXES:
                    walk.files.append(_audio_file(entry, prefix, stem))
                else:
                    walk.tables.append(entry.path)
    except OSError:
        walk.locked.append(prefix.rstrip("/") or folder)
    if depth > 0:
        for path, inner in below:
            _look_into(path, inner, depth - 1, walk)


def _audio_file(entry: os.DirEntry[str], prefix: str, stem: str) -> AudioFile:
    try:
        facts = entry.stat()
    except FileNotFoundError:  # a link whose target is gone: still a file the user sees
        return AudioFile(entry.path, prefix + entry.name, stem, 0, 0)
    return AudioFile(entry.path, prefix + entry.name, stem, facts.st_size, facts.st_mtime_ns)


def _is_special(entry: os.DirEntry[str]) -> bool:
    """Opening a pipe would wait for ever. A link whose target is gone is only a missing file."""
    return not entry.is_file() and Path(entry.path).exists()


def _is_text(name: str) -> bool:
    """Bytes that are no UTF-8 can stand in a name on disk, but in no database or JSON."""
    try:
        return bool(name.encode())
    except UnicodeEncodeError:
        return False


def one_file(path: Path) -> AudioFile:
    """A file that was named and not found by looking; an OSError when it is not there."""
    path = path.resolve()
    facts = path.stat()
    return AudioFile(str(path), path.name, path.stem, facts.st_size, facts.st_mtime_ns)
