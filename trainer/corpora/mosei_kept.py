"""The segments of computational sequences, kept in the user's cache folder: reading thousands of
HDF5 groups takes seconds, and they never change."""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import platformdirs

from trainer.contract.files import write_text_atomically
from trainer.corpora.mosei_scores import EMOTIONS, Met, Segment

_VERSION = 1


def kept(files: Sequence[Path], met: Met, read: Callable[[], Iterable[Segment]]) -> list[Segment]:
    """What `read` yields, and what it adds to `met`, unless both are known of these very files
    (path, size, time of change). Raises what `read` raises."""
    facts = [(path.resolve(), path.stat()) for path in files]
    key = [_VERSION, *([str(p), s.st_size, s.st_mtime_ns] for p, s in facts)]
    name = hashlib.sha256(json.dumps([str(path) for path, _ in facts]).encode()).hexdigest()[:24]
    folder = Path(platformdirs.user_cache_dir("stremo-studio", appauthor=False))
    cache = folder / "segments" / f"{name}.json"
    try:
        known = json.loads(cache.read_text(encoding="utf-8"))
        if known["key"] == key:
            segments = [_segment(*row) for row in known["segments"]]
            for rule, rows in known["met"].items():
                met[rule] += rows
            return segments
    except (OSError, ValueError, KeyError, TypeError):
        pass  # no cache, or one that a crash left: read
    before = {rule: len(rows) for rule, rows in met.items()}
    segments = list(read())
    new = {rule: rows[before.get(rule, 0) :] for rule, rows in met.items()}
    rows = [
        (s.name, s.video, s.start, s.end, [s.scores[e] for e in EMOTIONS], s.text) for s in segments
    ]
    _save(cache, {"key": key, "segments": rows, "met": new})
    return segments


def _segment(
    name: str, video: str, start: float, end: float, scores: list[float], text: str | None
) -> Segment:
    return Segment(name, video, start, end, dict(zip(EMOTIONS, scores, strict=True)), text)


def _save(cache: Path, facts: dict[str, object]) -> None:
    try:
        write_text_atomically(cache, json.dumps(facts, separators=(",", ":")) + os.linesep)
    except OSError:
        return  # a full or read-only disk costs only time at the next scan
