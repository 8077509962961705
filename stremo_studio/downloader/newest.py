"""Which yt-dlp is used: our own, or one that the user keeps newer.

Sites change by the week and yt-dlp follows them; whoever updates theirs should not have to wait
for us. A zipapp (the file `yt-dlp` of its releases), a folder that holds `yt_dlp`, and the
environment of a `yt-dlp` script on PATH are understood. Nothing is imported to compare.
"""

import re
import shutil
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from pathlib import Path

OLD_DAYS = 60
_VERSION = re.compile(r"""^__version__\s*=\s*['"](\d{4}\.\d{1,2}\.\d{1,2}[\w.]*)['"]""", re.M)
_FILE = "yt_dlp/version.py"


@dataclass(frozen=True, slots=True)
class Ytdlp:
    """`place` goes on `sys.path`; None for the one that is installed with the studio."""

    version: str
    place: Path | None = None

    @property
    def released(self) -> date | None:
        try:
            return date(*(int(part) for part in self.version.split(".")[:3]))
        except (ValueError, TypeError):
            return None


def newest_ytdlp(named: str = "") -> Ytdlp | None:
    """The newest of ours, the one at `named` (a setting) and the one on PATH; None if none."""
    found = [own] if (own := _own()) else []
    on_path = shutil.which("yt-dlp")
    for start in (named, on_path):
        for place in _places(Path(start)) if start else ():
            version = version_at(place)
            if version is not None:
                found.append(Ytdlp(version, place))
    return max(found, key=_order, default=None)


def version_at(place: Path) -> str | None:
    """The version of the yt-dlp in a zipapp or a folder; None where there is none."""
    try:
        if place.is_dir():
            text = (place / _FILE).read_text(encoding="utf-8")
        else:
            with zipfile.ZipFile(place) as archive:
                text = archive.read(_FILE).decode()
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        return None
    match = _VERSION.search(text)
    return match[1] if match else None


def age_hint(ytdlp: Ytdlp, today: date) -> str:
    """One line when it is older than `OLD_DAYS` days, with the command that updates it."""
    released = ytdlp.released
    if released is None or (today - released).days <= OLD_DAYS:
        return ""
    return f"yt-dlp is {(today - released).days} days old. Update it: {update_command(ytdlp)}"


def update_command(ytdlp: Ytdlp) -> str:
    if ytdlp.place is not None and ytdlp.place.is_file():
        return f'"{ytdlp.place}" -U'
    if getattr(sys, "frozen", False):
        return "put a newer yt-dlp on your PATH (github.com/yt-dlp/yt-dlp/releases)"
    return f'"{sys.executable}" -m pip install --upgrade yt-dlp yt-dlp-ejs'


def _own() -> Ytdlp | None:
    spec = find_spec("yt_dlp")
    if spec is None or not spec.submodule_search_locations:
        return None
    version = version_at(Path(spec.submodule_search_locations[0]).parent)
    return Ytdlp(version or "0")


def _places(start: Path) -> Iterator[Path]:
    """Where yt-dlp's modules may be, for a file or folder that a person named."""
    start = start.expanduser()
    if start.is_dir():
        yield start
        return
    if zipfile.is_zipfile(start):
        yield start
        return
    try:
        with start.open("rb") as file:
            first = file.readline(1024)
    except OSError:
        return
    if first.startswith(b"#!"):  # a script of pip's: its interpreter tells the environment
        interpreter = Path(first[2:].decode(errors="replace").strip().split(" ")[0])
        yield from interpreter.parent.parent.glob("lib/python3*/site-packages")


def _order(found: Ytdlp) -> tuple[int, ...]:
    """By date; of two alike the first, which is ours."""
    return tuple(int(part) for part in re.findall(r"\d+", found.version))
