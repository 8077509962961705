"""The manifest: every clip of a run, one JSON object a line.

It is a snapshot. The studio writes it when a run starts and goes on labelling; the trainer reads
it and nothing else, so that what a run learned from can always be looked up.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from trainer.contract.errors import TrainerError
from trainer.contract.files import read_json_lines, write_json_lines

SPLITS = ("train", "dev", "test")


@dataclass(frozen=True, slots=True)
class ManifestClip:
    """One clip. Times in seconds of the recording; `end` None means to the recording's end."""

    clip_id: str
    path: str
    label: str | None
    """Class id, or None for a clip to predict only."""
    group: str
    """Clips of one group never fall into different splits: `corpus:speaker` or `corpus:video`."""
    start: float = 0.0
    end: float | None = None
    corpus: str = ""
    speaker: str | None = None
    emotion: str | None = None
    split: str | None = None
    """A split fixed by whoever wrote the manifest; None leaves the choice to the trainer."""


_FIELDS = tuple(f.name for f in fields(ManifestClip))


def write_manifest(path: Path, clips: Iterable[ManifestClip]) -> None:
    """Write the manifest atomically."""
    write_json_lines(path, (_row(clip) for clip in clips))


def read_manifest(path: Path) -> list[ManifestClip]:
    """Read a manifest; unknown fields of a newer writer are ignored.

    Raises TrainerError for a missing file, a row without a needed field, or a clip id that
    stands twice.
    """
    if not path.exists():
        raise TrainerError(
            f"There is no manifest at {path}.", "Name a folder that holds manifest.jsonl."
        )
    clips: list[ManifestClip] = []
    seen: set[str] = set()
    for number, row in enumerate(read_json_lines(path), start=1):
        try:
            clip = ManifestClip(**{k: v for k, v in row.items() if k in _FIELDS})
        except TypeError as error:
            raise TrainerError(
                f"Line {number} of {path.name} is no clip: {error}.", "Write the manifest again."
            ) from error
        if clip.clip_id in seen:
            raise TrainerError(
                f"{path.name} names the clip {clip.clip_id!r} twice.", "Clip ids must be unique."
            )
        seen.add(clip.clip_id)
        clips.append(clip)
    return clips


def manifest_hash(clips: Sequence[ManifestClip]) -> str:
    """SHA-256 over the clips in order, hexadecimal: the data's name in results and reports."""
    digest = hashlib.sha256()
    for clip in clips:
        digest.update(repr(_row(clip)).encode())
    return digest.hexdigest()


def _row(clip: ManifestClip) -> dict[str, Any]:
    """Fifteen times faster than `asdict`, which copies every value."""
    return {name: getattr(clip, name) for name in _FIELDS}
