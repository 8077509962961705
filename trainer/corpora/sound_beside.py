"""Which recording a file of annotations belongs to: the one that it names, else the one beside it
that is called the same, or that has the same id of a video in brackets."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from trainer.corpora.headers import Header, read_header
from trainer.corpora.marked import Sound
from trainer.corpora.tree import AudioFile, audio_tree, one_file
from trainer.sound.decoding import AUDIO_SUFFIXES

_VIDEO = re.compile(r".*\[([\w-]{11})\]", re.DOTALL)
_UPLOADED = re.compile(r"[0-9a-f]{8}-(.+)", re.DOTALL)
"""Label Studio puts this in front of the names of what is uploaded to it."""


@dataclass(slots=True)
class Shelf:
    """The audio below a folder; the header of each file is read once, when it is asked for."""

    headers: dict[str, Header] = field(default_factory=dict)
    _by_place: dict[tuple[str, str], AudioFile] = field(default_factory=dict)
    _by_stem: defaultdict[str, list[AudioFile]] = field(default_factory=lambda: defaultdict(list))
    _by_video: dict[str, AudioFile] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: Path, depth: int = 2) -> "Shelf":
        """What lies in a folder and a little below."""
        shelf = cls()
        for file in audio_tree(folder, depth).files:
            stem = file.stem.casefold()
            shelf._by_place.setdefault((str(Path(file.path).parent), stem), file)
            shelf._by_stem[stem].append(file)
            if video := video_in(file.stem):
                shelf._by_video.setdefault(video, file)
        return shelf

    def sound_of(self, stem: str, named: Iterable[str], video: str | None, beside: Path) -> Sound:
        """The recording of a file of annotations in the folder `beside`: where it is said to be,
        else in that folder, else the only one below that is called so."""
        video = video or video_in(stem)
        named = list(named)
        stems = [stem.casefold(), *map(_plain_stem, named)]
        file = (
            next((one for path in named if (one := _existing(path))), None)
            or next((f for s in stems if (f := self._by_place.get((str(beside), s)))), None)
            or next((f for s in stems if (f := self._only(s))), None)
            or (self._by_video.get(video) if video else None)
        )
        if file is None:
            return Sound(None, Header(), video)
        if file.path not in self.headers:
            self.headers[file.path] = read_header(file)
        return Sound(file.path, self.headers[file.path], video)

    def _only(self, stem: str) -> AudioFile | None:
        found = self._by_stem.get(stem, [])
        return found[0] if len(found) == 1 else None


def video_in(stem: str) -> str | None:
    """The id of a video in brackets at the end of a name."""
    found = _VIDEO.fullmatch(stem)
    return found[1] if found else None


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
