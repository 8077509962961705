"""500 recordings fetched four at once while the window shows their clips: how long it does not
answer, what the downloader takes of memory, and whether the site was asked as politely as said."""

import json
import os
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import psutil

from stremo_studio.app import Studio
from stremo_studio.domain.source import READY
from stremo_studio.media.player import Player
from stremo_studio.project import sources as use
from stremo_studio.project.fetch_settings import use_jobs, use_template
from stremo_studio.project.importing import plan_import, scan_source, write_import
from stremo_studio.project.project import Project
from stremo_studio.ui.application import Memory, make_application
from stremo_studio.ui.downloads import Downloads
from stremo_studio.ui.garbage import GuiCollector
from stremo_studio.ui.theme import LIGHT, Theme
from tests.benchmarks.bench_stall import _HEADER, Watchdog, _row
from tests.benchmarks.targets import Figure, show
from tests.downloader.serve import LONG

RECORDINGS, JOBS, INTERVAL_S, QUIET_S = 500, 4, 0.2, 10
_MB = 1 << 20


class Weight:
    """Memory of the downloader, looked at whenever the condition is asked for."""

    def __init__(self, downloads: Downloads, project: Project) -> None:
        self._downloads, self._project = downloads, project
        self.by_count: dict[int, float] = {}

    def is_ready(self, count: int) -> bool:
        done = use.source_counts(self._project).by_state[READY]
        process = self._downloads._process
        if process is not None and process.processId():
            try:
                used = psutil.Process(process.processId()).memory_info().rss / _MB
            except psutil.NoSuchProcess:
                used = 0.0
            self.by_count[done] = max(used, self.by_count.get(done, 0.0))
        return done >= count

    def most(self, first: int, last: int) -> float:
        return max(used for done, used in self.by_count.items() if first <= done <= last)


def main() -> int:
    """Print the table; returns the number of targets missed."""
    app = make_application([])
    GuiCollector(app)
    with tempfile.TemporaryDirectory() as name, _server(Path(name)) as (address, log):
        folder = _project(Path(name), address)
        studio = Studio(Theme(app, LIGHT), Memory(), Player(device=False))
        studio.window.show()
        studio.open(folder)
        assert studio.desk is not None
        project, downloads = studio.desk.project, studio.desk.downloads
        dog, weight = Watchdog(), Weight(downloads, project)
        dog.watch(lambda: bool(dog.gaps) and dog.gaps[-1] < 20)
        began = time.monotonic()
        quiet = dog.watch(lambda: time.monotonic() - began > QUIET_S)
        work = _weigh(downloads)
        use.fetch_all(project)
        downloads.start()
        stall = dog.watch(lambda: weight.is_ready(RECORDINGS), limit=900)
        busiest = dog.most_work
        use.fetch(project, [use.add_video(project, LONG)])
        long_stall = dog.watch(lambda: weight.is_ready(RECORDINGS + 1), limit=300)
        studio.window.close()
        requests = log()
    early, late = weight.most(25, 50), weight.most(RECORDINGS - 25, RECORDINGS)
    return show(
        f"{RECORDINGS} recordings, {JOBS} at once, {INTERVAL_S} s between two",
        [
            Figure("longest gap between two turns of the event loop", stall, "ms", at_most=100),
            Figure("the same before anything is fetched: the machine's own", quiet, "ms"),
            Figure("most work of the GUI thread in one turn", busiest, "ms", at_most=50),
            Figure("work of the GUI thread for one batch of events", max(work), "ms", at_most=50),
            Figure("longest gap while a 3-hour file comes", long_stall, "ms", at_most=100),
            Figure("most work of the GUI thread in one turn then", dog.most_work, "ms", at_most=50),
            Figure("memory of the downloader after 50", early, "MB"),
            Figure("after 500, by so much more", late - early, "MB", at_most=20),
            Figure("with a 3-hour file of 330 MB", weight.most(RECORDINGS, RECORDINGS + 1), "MB"),
            *_manners(requests),
        ],
    )


def _weigh(downloads: Downloads) -> list[float]:
    """Milliseconds of work for each batch, collected from now on."""
    work: list[float] = [0.0]
    hand_on = downloads._hand_on

    def weighed() -> None:
        before = time.thread_time()
        hand_on()
        work.append((time.thread_time() - before) * 1000)

    downloads._batch.timeout.disconnect(hand_on)
    downloads._batch.timeout.connect(weighed)
    return work


def _manners(requests: list[dict[str, Any]]) -> list[Figure]:
    """What the server's log says."""
    looks = sorted(r["at"] for r in requests if r["path"].startswith("/watch"))
    gaps = [later - earlier for earlier, later in pairwise(looks)]
    files = [r for r in requests if "/media/" in r["path"]]
    edges = sorted([(r["at"], 1) for r in files] + [(r["ended"], -1) for r in files])
    under_way = list(accumulate(step for _, step in edges))
    least = INTERVAL_S / 2 - 0.01  # half the interval, and the clock of another process
    return [
        Figure("shortest gap between two recordings", min(gaps), "s", at_least=least),
        Figure("mean gap", sum(gaps) / len(gaps), "s", at_least=INTERVAL_S * 0.95),
        Figure("most files under way at once", max(under_way), "", at_most=JOBS),
        Figure("requests for files", len(files), "", at_most=RECORDINGS + 1),
    ]


def _project(folder: Path, address: str) -> Path:
    """Nine clips in each recording, none of them there."""
    sheet = folder / "sheet.csv"
    sheet.write_text(_HEADER + "".join(_row(number) for number in range(9 * RECORDINGS)))
    project = Project.create(folder / "p")
    for _ in write_import(project, plan_import(project, scan_source(sheet))):
        pass
    use_template(project, f"{address}/watch?v={{id}}")
    use_jobs(project, JOBS)
    project.set_setting("fetch interval", str(INTERVAL_S))
    project.close()
    return project.folder


@contextmanager
def _server(folder: Path) -> Iterator[tuple[str, Any]]:
    """Its address, and what gives its log and ends it."""
    sound = folder / "sound.wav"
    with wave.open(str(sound), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes((np.sin(np.arange(70 * 8000) / 9) * 9000).astype("<i2").tobytes())
    command = [sys.executable, "-m", "tests.downloader.serve", str(sound), str(RECORDINGS)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None

        def log() -> list[dict[str, Any]]:
            told, _ = process.communicate()
            return [json.loads(line) for line in told.splitlines()]

        yield process.stdout.readline().strip(), log


if __name__ == "__main__":
    raise SystemExit(main())
