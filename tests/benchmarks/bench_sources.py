"""The sources page with 500 recordings while four download: the longest time the window does not
answer, with ten events a second written down and shown as the downloader's would be."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
from PySide6.QtCore import QTimer

from stremo_studio.app import Studio
from stremo_studio.domain.source import DOWNLOADING, WAITING, SourceFacts
from stremo_studio.downloader.messages import Checking, Event, Failed, Fetched, Progressed, Started
from stremo_studio.media.player import Player
from stremo_studio.project import fetching
from stremo_studio.project import sources as use
from stremo_studio.project.pasting import add_pasted
from stremo_studio.project.project import Project
from stremo_studio.store import sources as store
from stremo_studio.ui.actions import LABEL, SOURCES
from stremo_studio.ui.application import Memory, make_application
from stremo_studio.ui.garbage import GuiCollector
from stremo_studio.ui.label.sources.page import SourcesPage
from stremo_studio.ui.theme import Theme
from tests.benchmarks.bench_stall import Watchdog
from tests.benchmarks.targets import Figure, show
from tests.ui.sounds import write_tone
from trainer.corpora.links import read_links

RECORDINGS, CLIPS, AT_ONCE, SHOWN_S, EVERY_MS = 500, 4, 4, 12.0, 100


def main() -> int:
    """Print the table; returns the number of targets missed."""
    app = make_application([])
    GuiCollector(app)
    studio = Studio(Theme(app, "light"), Memory(), Player(device=False))
    studio.window.show()
    watchdog = Watchdog()
    with tempfile.TemporaryDirectory() as name:
        _make(Path(name))
        studio.open(Path(name) / "project")
        opening = _opening(studio, watchdog)
        to_open = watchdog.most_work
        memory = psutil.Process().memory_info().rss
        all_shown = _stream(studio, watchdog, "")
        to_show = watchdog.most_work
        filtered = _stream(studio, watchdog, WAITING)
        to_show = max(to_show, watchdog.most_work)
        grown = (psutil.Process().memory_info().rss - memory) / 1e6
        studio.window.close()
    return show(
        f"{RECORDINGS} recordings, {AT_ONCE} on their way, {1000 // EVERY_MS} events a second",
        [
            Figure("opening the page: longest gap", opening, "ms", at_most=100),
            Figure("opening the page: work of the GUI thread", to_open, "ms"),
            Figure("all shown: longest gap", all_shown, "ms", at_most=100),
            Figure("only what waits shown: longest gap", filtered, "ms", at_most=100),
            Figure("most work of the GUI thread in one turn", to_show, "ms", at_most=50),
            Figure("memory grown meanwhile", grown, "MB", at_most=30),
        ],
    )


def _make(folder: Path) -> None:
    project = Project.create(folder / "project")
    lines = (f"vid{n:08} {clip}-{clip + 0.3}" for n in range(RECORDINGS) for clip in range(CLIPS))
    ids = add_pasted(project, read_links("\n".join(lines))).recordings
    with project.database.transaction():
        store.move(project.database, ids, WAITING)
    write_tone(folder / "tone.wav", 5.0)
    project.close()


def _opening(studio: Studio, watchdog: Watchdog) -> float:
    QTimer.singleShot(50, studio, lambda: studio.bring(SOURCES))
    began = time.monotonic()
    return watchdog.watch(lambda: time.monotonic() - began > 2.0)


def _stream(studio: Studio, watchdog: Watchdog, state: str) -> float:
    """Events as they come from four downloads, a fifth of which fail."""
    page = studio.bring(SOURCES)
    assert isinstance(page, SourcesPage)
    page.show_filter(state)
    project = page.desk.project
    events = _events(project)
    timer = QTimer()
    timer.setInterval(EVERY_MS)

    def tick() -> None:
        event = next(events)
        fetching.take_events(project, [event])
        if isinstance(event, Progressed):
            page.desk.downloads.progressed.emit({event.id: event})

    timer.timeout.connect(tick)
    timer.start()
    began = time.monotonic()
    watchdog.watch(lambda: time.monotonic() - began > 1.0)  # the page's first picture
    longest = watchdog.watch(lambda: time.monotonic() - began > SHOWN_S)
    timer.stop()
    studio.bring(LABEL)
    return longest


def _events(project: Project) -> Iterator[Event]:
    tone = str(project.folder.parent / "tone.wav")
    waiting = [s.id for s in use.sources(project) if s.state in (WAITING, DOWNLOADING)]
    for number, recording in enumerate(waiting):
        yield Started(recording)
        for done in range(1, 5):
            yield Progressed(recording, done * 900_000, 4_000_000, 1.2e6, 4.0 - done)
        yield Checking(recording)
        if number % 5 == 4:
            yield Failed(recording, "private", "ERROR: private")
        else:
            yield Fetched(recording, tone, SourceFacts(title="t", duration=5.0))
