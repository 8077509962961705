"""What the trainer keeps because it takes time to make: how much room that takes, and its end.

`trainer/sound/blob_store.py` fills it; this room is for the studio too, and so without numpy.
"""

import re
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

AUDIO, FEATURES, EMBEDDINGS = "audio", "features", "embeddings"
INDEX, LOCK, SEGMENT = "index-1.jsonl", "lock", ".blobs"
"""Names within a store's folder; the number counts up when the format changes."""
_OURS = re.compile(rf"index-\d+\.jsonl|{LOCK}|[0-9a-f]{{16}}\{SEGMENT}")


_UNITS = ("bytes", "kB", "MB", "GB", "TB")


class StoreInUseError(Exception):
    """Somebody is filling it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One store in a cache folder: its name there, and what it takes on the disk."""

    name: str
    bytes: int
    files: int


def kept_in(cache: Path) -> list[Kept]:
    """The stores in a cache folder; other folders are none of ours. Empty when it is not there."""
    found = []
    for folder in _stores(cache):
        sizes = [file.stat().st_size for file in _files(folder)]
        found.append(Kept(folder.name, sum(sizes), len(sizes)))
    return found


def clear(cache: Path) -> int:
    """Remove what `kept_in` names, and nothing else; returns the bytes that became free.

    Raises StoreInUseError while a trainer fills a store, and OSError where a file cannot go.
    """
    free, stores = 0, _stores(cache)
    with ExitStack() as held:
        for folder in stores:  # all of them before the first file goes
            try:
                held.enter_context(FileLock(folder / LOCK).acquire(timeout=0))
            except Timeout as error:
                raise StoreInUseError(f"{folder} is being filled.") from error
        for file in (file for folder in stores for file in _files(folder) if file.name != LOCK):
            free += file.stat().st_size
            file.unlink(missing_ok=True)
    return free


def size_words(size: int) -> str:
    """`1.2 GB`: as disks are sold, in thousands."""
    number, unit = float(size), 0
    while number >= 999.5 and unit < len(_UNITS) - 1:
        number, unit = number / 1000, unit + 1
    return f"{number:.{1 if unit > 1 and number < 99.95 else 0}f} {_UNITS[unit]}"


def _stores(cache: Path) -> list[Path]:
    return sorted(index.parent for index in cache.glob(f"*/{INDEX}"))


def _files(folder: Path) -> list[Path]:
    """The index first: what it names is never gone before it."""
    ours = [p for p in folder.iterdir() if _OURS.fullmatch(p.name) and p.is_file()]
    return sorted(ours, key=lambda path: path.suffix == SEGMENT)
