"""Which recording a file of annotations belongs to: the one that it names, else the one beside it
that is called the same, or that has the same id of a video in brackets."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from trainer.corpora.headers import Header, read_header
from trainer.corpora.marked import Sound
from trainer.corpora.tree import AudioFile, audio_tree, one_file
from trainer.sound.decoding import AUDIO_SUFFIXES

_VIDEO = re.compile(r".*\[([\w-]{11})\]", re.DOTALL)
_DEPTH = 2
_UPLOADED = re.compile(r"[0-9a-f]{8}-(.+)", re.DOTALL)
"""Label Studio puts this in front of the names of what is uploaded to it."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The audio below a folder, by stem and by the id of a video."""

    by_stem: dict[str, AudioFile]
    by_video: dict[str, AudioFile]


def shelf_of(folder: Path) -> Shelf:
    """What lies in a folder and a little below."""
    files = audio_tree(folder, _DEPTH).files
    by_stem: dict[str, AudioFile] = {}
    by_video: dict[str, AudioFile] = {}
    for file in files:
        by_stem.setdefault(file.stem.casefold(), file)
        if video := video_in(file.stem):
            by_video.setdefault(video, file)
    return Shelf(by_stem, by_video)


def video_in(stem: str) -> str | None:
    """The id of a video in brackets at the end of a name."""
    found = _VIDEO.fullmatch(stem)
    return found[1] if found else None


def sound_of(
    stem: str, named: Iterable[str], video: str | None, shelf: Shelf, headers: dict[str, Header]
) -> Sound:
    """The recording, with its header, of which each is read once."""
    video = video or video_in(stem)
    named = list(named)
    file = (
        next((one for path in named if (one := _existing(path))), None)
        or shelf.by_stem.get(stem.casefold())
        or next((f for path in named if (f := shelf.by_stem.get(_plain_stem(path)))), None)
        or (shelf.by_video.get(video) if video else None)
    )
    if file is None:
        return Sound(None, Header(), video)
    if file.path not in headers:
        headers[file.path] = read_header(file)
    return Sound(file.path, headers[file.path], video)


def _existing(path: str) -> AudioFile | None:
    """The file itself, if it is audio by its name: nothing else is ever opened."""
    try:
        found = Path(path)
        if found.suffix.lower() in AUDIO_SUFFIXES and found.is_absolute() and found.is_file():
            return one_file(found)
    except (OSError, ValueError):
        pass
    return None


def _plain_stem(path: str) -> str:
    name = path.replace("\\", "/").rpartition("/")[2]
    uploaded = _UPLOADED.fullmatch(name)
    return Path(uploaded[1] if uploaded else name).stem.casefold()
