"""Computational sequences as the CMU-MultimodalSDK writes them."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import h5py
import numpy as np

DIMENSIONS = ("sentiment", "happy", "sad", "anger", "surprise", "disgust", "fear")
Rows = Sequence[tuple[float, float, Sequence[float]]]
Spoken = Sequence[tuple[float, float, str]]


def write_labels(
    path: Path,
    videos: Mapping[str, Rows],
    dimensions: Sequence[str] | None = DIMENSIONS,
    root: str = "All Labels",
) -> Path:
    """Start, end and the numbers of each row, float32; without `dimensions` they have no names."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w") as file:
        group = _root(file, root, dimensions)
        for video, rows in videos.items():
            one = group.create_group(f"data/{video}")
            one["features"] = np.array([row[2] for row in rows], np.float32)
            one["intervals"] = np.array([row[:2] for row in rows], np.float64)
    return path


def write_words(path: Path, videos: Mapping[str, Spoken], root: str = "words") -> Path:
    """Start, end and the token of each row, bytes of a fixed length."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w") as file:
        group = _root(file, root, ["words"])
        for video, rows in videos.items():
            one = group.create_group(f"data/{video}")
            one["features"] = np.array([[word.encode()] for _, _, word in rows], "S32")
            one["intervals"] = np.array([row[:2] for row in rows], np.float64)
    return path


def _root(file: h5py.File, name: str, dimensions: Sequence[str] | None) -> h5py.Group:
    group = file.create_group(name)
    group.create_group("data")
    told = {"root name": name, "dimension names": dimensions, "alignment compatible": True}
    for key, value in told.items():
        if value is not None:
            text = group.create_dataset(f"metadata/{key}", (1,), dtype=h5py.string_dtype())
            text[0] = json.dumps(value)
    return group
