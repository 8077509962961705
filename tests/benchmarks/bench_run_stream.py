"""The longest time the window does not answer while a run streams ten steps a second into the
train workspace, an hour of steps behind it; and what one repaint of the workspace costs."""

import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from stremo_studio.app import Studio
from stremo_studio.media.player import Player
from stremo_studio.ui import run_process
from stremo_studio.ui.application import Memory, make_application
from stremo_studio.ui.theme import LIGHT, Theme
from stremo_studio.ui.train.active_run import Phase
from stremo_studio.ui.train.page import TrainPage
from stremo_studio.ui.train.progress import RunProgress, after
from tests.benchmarks.bench_stall import Watchdog
from tests.benchmarks.targets import Figure, show
from tests.ui.runs import FAKE
from tests.ui.sounds import make_project
from trainer.contract import protocol

SECONDS, HOUR = 8, 36_000


def main() -> int:
    """Print the table; returns the number of targets missed."""
    app = make_application([])
    run_process.trainer_command = lambda: [
        sys.executable, str(FAKE), "stream", "--seconds", str(SECONDS),
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        studio = Studio(Theme(app, LIGHT), Memory(), Player(device=False))
        studio.window.show()
        studio.open(make_project(Path(name), 36, labelled=True))
        page = studio.bring("train")
        training = studio.training
        assert isinstance(page, TrainPage)
        assert training is not None
        dog = Watchdog()
        dog.watch(lambda: training.readiness.value is not None)
        training.start()
        dog.watch(lambda: training.active.phase is Phase.RUNNING)
        training.active.progress = _an_hour()
        longest = dog.watch(lambda: training.active.phase is Phase.ENDED)
        cost = _repaint(page)
        studio.window.close()
    return show(
        "A run in the train workspace",
        [
            Figure("longest stall at ten events a second", longest, "ms", at_most=100),
            Figure("one batch shown, work of the GUI thread", cost, "ms", at_most=50),
        ],
    )


def _an_hour() -> RunProgress:
    """What stands behind a run after an hour of steps."""
    steps = [protocol.StepLogged(n, 2 * HOUR, 1 / n, 1e-5, 40.0, 60.0) for n in range(1, HOUR + 1)]
    return after(RunProgress(), steps)


def _repaint(page: TrainPage) -> float:
    """Milliseconds of work to show a progress with an hour of steps."""
    progress = _an_hour()
    before = time.thread_time()
    page.live.show_progress(progress, at_work=True)
    page.live.repaint()
    return (time.thread_time() - before) * 1000


if __name__ == "__main__":
    raise SystemExit(main())
