"""The sources of a project in the real program, in every state there is."""

from collections.abc import Callable
from pathlib import Path

import pytest

from stremo_studio.app import Studio
from stremo_studio.domain.source import DOWNLOADING, UNAVAILABLE, WAITING
from stremo_studio.project.pasting import add_pasted
from stremo_studio.project.project import Project
from stremo_studio.store import sources as store
from stremo_studio.ui.actions import SOURCES
from stremo_studio.ui.downloads import Downloads
from stremo_studio.ui.label.sources.page import SourcesPage
from tests.ui.sounds import write_tone
from trainer.corpora.links import read_links

Sourcing = Callable[..., tuple[Studio, SourcesPage]]


def video(number: int) -> str:
    """The id of a made-up video."""
    return f"-video{number:05}"


def source_project(folder: Path, count: int) -> Path:
    """A closed project of `count` videos with a clip each: the first is ready, the second and
    third are private and offline, then one downloads and one waits; the rest was not asked for."""
    project = Project.create(folder / "project", annotator="ann")
    lines = "\n".join(f"{video(number)} 0.1-0.3" for number in range(count))
    ids = add_pasted(project, read_links(lines)).recordings
    states = [(UNAVAILABLE, "private"), (UNAVAILABLE, "offline"), (DOWNLOADING, ""), (WAITING, "")]
    with project.database.transaction():
        for recording_id in ids[:1]:
            store.place(project.database, recording_id, str(write_tone(folder / "a.wav")))
        for recording_id, (state, fault) in zip(ids[1:], states, strict=False):
            store.move(project.database, [recording_id], state, fault=fault)
    project.close()
    return folder / "project"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """How often the downloader was started: it would ask the real site for made-up videos."""
    times: list[bool] = []

    def start(_: Downloads) -> None:
        times.append(True)

    monkeypatch.setattr(Downloads, "start", start)
    return times


@pytest.fixture
def sourcing(studio: Studio, tmp_path: Path, started: list[bool]) -> Sourcing:
    """Opens a project of some videos at its sources."""

    def open_one(count: int = 7) -> tuple[Studio, SourcesPage]:
        studio.open(source_project(tmp_path, count))
        page = studio.bring(SOURCES)
        assert isinstance(page, SourcesPage)
        return studio, page

    return open_one
