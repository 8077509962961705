"""Projects with a few small recordings, for tests of the window."""

import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from stremo_studio.project.importing import plan_import, scan_source, write_import
from stremo_studio.project.project import Project

EMOTIONS = ("anger", "happiness", "neutral")
RATE = 8000


def write_tone(path: Path, seconds: float = 0.4, pitch: float = 220.0) -> Path:
    """A 16-bit mono wav."""
    times = np.arange(round(seconds * RATE)) / RATE
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.sin(2 * np.pi * pitch * times) * 12000).astype("<i2").tobytes())
    return path


def write_recordings(folder: Path, clips: int = 6, *, labelled: bool = False) -> Path:
    """`clips` tones; in sub-folders named after emotions when they come with labels."""
    for number in range(clips):
        part = EMOTIONS[number % len(EMOTIONS)] if labelled else "."
        write_tone(folder / part / f"clip-{number:02}.wav", pitch=200 + 10 * number)
    return folder


def import_all(project: Project, source: Path, corpus: str | None = "folder") -> Iterator[int]:
    """Import everything at `source`."""
    yield from write_import(project, plan_import(project, scan_source(source, corpus)))


def make_project(folder: Path, clips: int = 6, *, labelled: bool = False) -> Path:
    """A closed project of small recordings; returns its folder."""
    source = write_recordings(folder / "audio", clips, labelled=labelled)
    project = Project.create(folder / "project", annotator="ann")
    list(import_all(project, source))
    project.close()
    return folder / "project"
