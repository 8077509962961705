"""CMU-MOSEI's computational sequences (`.csd`, HDF5): scores in `CMU_MOSEI_Labels.csd`, words with
their times in `CMU_MOSEI_TimestampedWords.csd`.

One root group of any name, in it `data/<video>/features` and `data/<video>/intervals`. Rows of a
video are in no order of time; a segment is named by its row, as in the authors' published list.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from trainer.corpora.mosei_scores import EMOTIONS, SPELLINGS, Met, Segment, Texts
from trainer.corpora.rows import CorpusError

LABELS, WORDS, OTHER = "labels", "words", "other"
_NAMES = ("sentiment", "happy", "sad", "anger", "surprise", "disgust", "fear")
"""The order in files that do not name it."""
_HDF5 = b"\x89HDF\r\n\x1a\n"
_TOUCHING_S = 1e-5
_FETCH_AGAIN = "Fetch it again: it may have been cut short."
_AS_DISTRIBUTED = "Use the .csd files of CMU-MOSEI as they are distributed."


class _Sequence(NamedTuple):
    """An open file: its group `data`, and the names of its dimensions where it has some."""

    path: Path
    data: Any
    names: list[str]

    def rows(self, video: str) -> tuple[Any, Any]:
        """Features, n x any, and intervals, n x 2, of one video."""
        import h5py  # noqa: PLC0415 - as below

        try:
            # by its low-level open: the groups of h5py take three times as long, and there are
            # thousands of videos
            parts = (f"{video}/{name}".encode() for name in ("features", "intervals"))
            features, times = (h5py.Dataset(h5py.h5d.open(self.data.id, p))[()] for p in parts)
        except (OSError, KeyError, RuntimeError, ValueError) as error:
            raise CorpusError(
                f"{self.path.name} holds no features and intervals of video {video!r} that can be "
                "read.",
                _FETCH_AGAIN,
            ) from error
        if features.ndim != 2 or times.ndim != 2 or times.shape[1] != 2:
            raise CorpusError(
                f"{self.path.name} has features {features.shape} and intervals {times.shape} for "
                f"video {video!r}: expected are rows, and two times for each.",
                _AS_DISTRIBUTED,
            )
        return features, times

    def places(self, width: int) -> list[int]:
        """The column of each of our emotions, by name; without names the documented order."""
        names = self.names or (list(_NAMES) if width == len(_NAMES) else [])
        found = [next((n for n in SPELLINGS[e] if n in names), "") for e in EMOTIONS]
        if "" in found or len(names) != width:
            says = ", ".join(names) or "nothing"
            raise CorpusError(
                f"{self.path.name} does not hold six emotions: of its {width} numbers a row it "
                f"says {says}.",
                "Use CMU_MOSEI_Labels.csd, with sentiment and six emotions.",
            )
        return [names.index(name) for name in found]


def kind_of(path: Path) -> str:
    """LABELS, WORDS, or OTHER for features of sound and face.

    Raises CorpusError for what is no computational sequence, and for labels without emotions.
    """
    with _opened(path) as file:
        video = next(iter(file.data), None)
        if video is None:
            raise CorpusError(f"{path.name} holds no video.", _FETCH_AGAIN)
        features, _ = file.rows(video)
        if features.dtype.kind == "S":
            return WORDS
        if features.shape[1] == len(_NAMES) or "label" in path.name.lower():
            file.places(features.shape[1])
            return LABELS
    return OTHER


def read_labels(path: Path, met: Met) -> Iterator[Segment]:
    """The segments, without what is said. Raises CorpusError when the file breaks off."""
    with _opened(path) as file:
        places: list[int] = []
        for video in file.data:
            features, intervals = file.rows(video)
            places = places or file.places(features.shape[1])
            if len(features) != len(intervals):
                met["out of range"].append(f"{video}: {len(features)} scores")
            rows = zip(intervals.tolist(), features[:, places].tolist(), strict=False)
            for row, ((start, end), numbers) in enumerate(rows):
                scores = dict(zip(EMOTIONS, numbers, strict=True))
                yield Segment(f"{video}[{row}]", video, start, end, scores)


@contextmanager
def words_of(path: Path) -> Iterator[Texts]:
    """What is said in a span: the words that overlap it, without pauses (`sp`). So the first and
    the last may be the neighbour's, as in the published list. Raises CorpusError."""
    with _opened(path) as file:
        videos = frozenset(file.data)

        @lru_cache(maxsize=4)  # segments come video by video
        def timed(video: str) -> tuple[Any, Any, list[str]]:
            features, times = file.rows(video)
            order = np.argsort(times[:, 0], kind="stable")
            words = [word.decode("utf-8", "replace") for word in features[order, 0].tolist()]
            return times[order, 0], times[order, 1], words

        def text(video: str, start: float, end: float) -> str | None:
            if video not in videos:
                return None
            starts, ends, words = timed(video)
            overlap = np.minimum(ends, end) - np.maximum(starts, start)
            inside = np.flatnonzero(overlap > _TOUCHING_S).tolist()
            return " ".join(words[i] for i in inside if words[i] != "sp")

        yield text


@contextmanager
def _opened(path: Path) -> Iterator[_Sequence]:
    import h5py  # noqa: PLC0415 - a quarter of a second, and only CMU-MOSEI needs it

    try:
        with path.open("rb") as raw:
            is_hdf5 = raw.read(len(_HDF5)) == _HDF5
    except OSError as error:
        raise CorpusError(
            f"{path.name} cannot be read: {error.strerror or error}.", "Check its permissions."
        ) from error
    if not is_hdf5:
        raise CorpusError(
            f"{path.name} is no HDF5 file, as a computational sequence would be.",
            "Fetch it again: the download may have saved an error page.",
        )
    try:
        file = h5py.File(path, "r")
    except OSError as error:
        raise CorpusError(f"{path.name} is damaged or incomplete.", _FETCH_AGAIN) from error
    with file:
        root = next((file[key] for key in file if isinstance(file[key], h5py.Group)), None)
        data = None if root is None else root.get("data")
        if root is None or not isinstance(data, h5py.Group):
            raise CorpusError(
                f"{path.name} is HDF5, but no computational sequence: it has no group `data`.",
                _AS_DISTRIBUTED,
            )
        names: list[str] = []
        with suppress(KeyError, ValueError, TypeError, IndexError):
            names = [str(n).lower() for n in json.loads(root["metadata/dimension names"][0])]
        yield _Sequence(path, data, names)
