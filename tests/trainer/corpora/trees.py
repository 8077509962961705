"""Small trees of real audio files in the layouts of the corpora."""

import functools
import io
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import soundfile

from trainer.corpora.rows import CorpusScan, Finding


@functools.cache
def tone(seconds: float = 0.1, rate: int = 8000, channels: int = 1, kind: str = "WAV") -> bytes:
    """The bytes of an audio file that can be heard."""
    wave = 0.3 * np.sin(np.arange(int(seconds * rate)) * 440 * 2 * np.pi / rate)
    buffer = io.BytesIO()
    soundfile.write(buffer, np.tile(wave[:, None], channels), rate, format=kind)
    return buffer.getvalue()


def plant(root: Path, names: Iterable[str], content: bytes | None = None) -> Path:
    """Write one small audio file at each relative path."""
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        kind = "FLAC" if path.suffix.lower() == ".flac" else "WAV"
        path.write_bytes(tone(kind=kind) if content is None else content)
    return root


def finding(scan: CorpusScan, rule: str) -> Finding:
    """The finding of that name; fails when there is none."""
    found = {f.rule: f for f in scan.findings}
    assert rule in found, f"{rule!r} is not among {sorted(found)}"
    return found[rule]


def rules(scan: CorpusScan) -> set[str]:
    """The names of all findings."""
    return {f.rule for f in scan.findings}
