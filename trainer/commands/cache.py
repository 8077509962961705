"""What is kept because it takes time to make: how much room it takes and, when asked, its end.

Only files that this program wrote are counted as its own and cleared. Models in the hub's cache
are shared with other programs: they are shown, never cleared.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import platformdirs
from huggingface_hub import constants

from trainer.contract.errors import TrainerError
from trainer.contract.kept import (
    AUDIO,
    EMBEDDINGS,
    FEATURES,
    StoreInUseError,
    clear,
    kept_in,
    size_words,
)

_NAMES = {
    AUDIO: "decoded audio",
    FEATURES: "acoustic features",
    EMBEDDINGS: "embeddings",
}
_WITHIN = (".", "trainer", "cache", "cache/trainer")
"""Where the stores lie in what people name: a cache, a run, a reproduction or a project."""
_OWN = {
    "transcripts": ("transcripts", re.compile(r"[a-z0-9-]*-[0-9a-f]+\.jsonl")),
    "facts of corpora": ("headers", re.compile(r"[0-9a-f]{24}\.json")),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the answer."""

    name: str
    place: str
    bytes: int
    files: int
    ours: bool = True


def show_cache(named: Path | None, clear_it: bool, as_json: bool) -> int:
    """Print what is kept in the folder, or else for this user; with `clear_it`, remove it first.

    Raises TrainerError when the folder is none, is in use, or cannot be emptied."""
    if named is not None and not named.is_dir():
        raise TrainerError(f"There is no folder {named}.", "Name a project or its cache.")
    free = 0
    if clear_it:
        try:
            free = _clear(named)
        except StoreInUseError as error:
            raise TrainerError(
                f"A trainer is at work: {error}", "Wait for it or end it."
            ) from error
        except OSError as error:
            raise TrainerError(
                f"{error.filename} cannot be removed: {error.strerror}.", "Close what uses it."
            ) from error
    rows = _own_rows() if named is None else _rows_in(named)
    if as_json:
        print(json.dumps({"freed": free, "kept": [asdict(row) for row in rows]}))
        return 0
    if clear_it:
        print(f"Cleared {size_words(free)}.")
    for row in rows:
        others = "" if row.ours else "   of other programs too, not cleared"
        print(f"{row.name:18}{size_words(row.bytes):>10}{row.files:>8} files   {row.place}{others}")
    if not rows:
        print("Nothing is kept here.")
    return 0


def _rows_in(named: Path) -> list[Row]:
    return [
        Row(_NAMES.get(kept.name, kept.name), str(place / kept.name), kept.bytes, kept.files)
        for place in _places(named)
        for kept in kept_in(place)
    ]


def _own_rows() -> list[Row]:
    rows = [
        _row(name, _own_folder() / folder, _own_files(name)) for name, (folder, _) in _OWN.items()
    ]
    hub = Path(constants.HF_HUB_CACHE)
    models = _row("hub models", hub, (p for p in hub.rglob("*") if not p.is_symlink()), ours=False)
    return [row for row in (*rows, models) if row.files]


def _row(name: str, place: Path, files: Iterable[Path], ours: bool = True) -> Row:
    sizes = [file.stat().st_size for file in files if file.is_file()]
    return Row(name, str(place), sum(sizes), len(sizes), ours)


def _clear(named: Path | None) -> int:
    if named is not None:
        return sum(clear(place) for place in _places(named))
    free = 0
    for file in [file for name in _OWN for file in _own_files(name)]:
        free += file.stat().st_size
        file.unlink()
    return free


def _places(named: Path) -> Sequence[Path]:
    return [place for within in _WITHIN if (place := named / within).is_dir()]


def _own_files(name: str) -> list[Path]:
    folder, pattern = _OWN[name]
    found = sorted((_own_folder() / folder).glob("*"))
    return [path for path in found if pattern.fullmatch(path.name) and path.is_file()]


def _own_folder() -> Path:
    return Path(platformdirs.user_cache_dir("stremo-studio", appauthor=False))
