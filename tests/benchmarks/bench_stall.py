"""The longest time the window does not answer: while a sheet of 5,000 rows is imported, while
someone labels, and while a run streams ten events a second; with 50,000 rows for comparison."""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest

from stremo_studio.app import Studio
from stremo_studio.domain.run import Run, RunId
from stremo_studio.media.player import Player
from stremo_studio.project.project import Project
from stremo_studio.ui.actions import IMPORT, LABEL, TRAIN
from stremo_studio.ui.application import Memory, make_application
from stremo_studio.ui.garbage import GuiCollector
from stremo_studio.ui.import_page import ImportPage
from stremo_studio.ui.label.page import LabelPage
from stremo_studio.ui.theme import Theme
from stremo_studio.ui.train.page import TrainPage
from tests.benchmarks.targets import Figure, show
from trainer.contract.config import RunConfig
from trainer.contract.labels import CLASSES
from trainer.contract.manifest import ManifestClip

ROWS, MANY, ANSWERS = 5_000, 50_000, 60
SHOWN_S = 6.0
FAKE = Path(__file__).resolve().parents[1] / "fake_trainer.py"
_HEADER = (
    "Filename,Language,Gender,Ethnicity,Accent,Age,Clip Time From,Clip Time To,Video_Id,"
    "Source,Emotion\n"
)
_EMOTIONS = ("Anger", "Happiness", "Neutral")


class Watchdog:
    """Measures gaps between turns of the event loop, and the work of this thread in them, both in
    milliseconds: a busy machine makes gaps without any work of ours."""

    def __init__(self) -> None:
        self.gaps: list[float] = []
        self.most_work = 0.0
        self._last, self._worked = time.perf_counter(), time.thread_time()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(5)
        self._timer.timeout.connect(self._on_turn)

    def watch(self, until: Callable[[], bool], limit: float = 120.0) -> float:
        """Run the event loop until a condition holds; the longest gap. `most_work` is then the
        most processor time of a turn."""
        self.gaps, self.most_work = [], 0.0
        self._last, self._worked = time.perf_counter(), time.thread_time()
        self._timer.start()
        end = self._last + limit
        while not until():
            assert time.perf_counter() < end, "the condition never came"
            QTest.qWait(20)
        self._timer.stop()
        return max(self.gaps)

    def _on_turn(self) -> None:
        now, worked = time.perf_counter(), time.thread_time()
        self.gaps.append((now - self._last) * 1000)
        self.most_work = max(self.most_work, (worked - self._worked) * 1000)
        self._last, self._worked = now, worked


def main() -> int:
    """Print the table; returns the number of targets missed."""
    app = make_application([])
    GuiCollector(app)
    studio = Studio(Theme(app, "light"), Memory(), Player(device=False))
    studio.window.show()
    watchdog = Watchdog()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        importing = _import(studio, watchdog, folder, ROWS)
        labelling = _label(studio, watchdog)
        streaming, meanwhile = _stream(studio, watchdog)
        many = _import(studio, watchdog, folder, MANY)
        labelling_many = _label(studio, watchdog)
        studio.window.close()
    return show(
        "Longest gap between two turns of the event loop",
        [
            Figure(f"import of {ROWS:,} rows", importing, "ms", at_most=100),
            Figure(f"labelling {ANSWERS} of {ROWS:,} clips", labelling, "ms", at_most=100),
            Figure("a run streams 10 events/s, shown live", streaming, "ms", at_most=100),
            Figure(f"labelling {ANSWERS} clips meanwhile", meanwhile, "ms", at_most=100),
            Figure(f"import of {MANY:,} rows", many, "ms"),
            Figure(f"labelling {ANSWERS} of {MANY:,} clips", labelling_many, "ms"),
        ],
    )


def _import(studio: Studio, watchdog: Watchdog, folder: Path, rows: int) -> float:
    """The whole way: reading, the report, writing, the table of clips."""
    sheet = folder / f"sheet-{rows}.csv"
    sheet.write_text(_HEADER + "".join(_row(number) for number in range(rows)))
    Project.create(folder / f"project-{rows}").close()
    studio.open(folder / f"project-{rows}")
    studio.importing.start(sheet, None)
    page = studio.window.page(IMPORT)
    assert isinstance(page, ImportPage)
    reading = watchdog.watch(lambda: page.plan is not None)
    page.confirm()
    return max(reading, watchdog.watch(lambda: studio.window.workspace == LABEL))


def _label(studio: Studio, watchdog: Watchdog) -> float:
    """Answer keys as fast as a quick annotator, ten a second."""
    page = studio.bring(LABEL)
    assert isinstance(page, LabelPage)
    page.settle_ms = 0
    assert studio.desk is not None
    project = studio.desk.project
    before = project.counts().decisions
    timer = QTimer()
    timer.setInterval(100)
    keys = [Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3]

    def press() -> None:
        QTest.keyClick(studio.window, keys[project.counts().decisions % 3])

    timer.timeout.connect(press)
    timer.start()
    longest = watchdog.watch(lambda: project.counts().decisions - before >= ANSWERS)
    timer.stop()
    return longest


def _stream(studio: Studio, watchdog: Watchdog) -> tuple[float, float]:
    """A child process speaks the trainer's protocol: first in front, then behind the labelling."""
    page = studio.bring(TRAIN)
    assert isinstance(page, TrainPage)
    assert studio.desk is not None
    active, project = page.active, studio.desk.project
    active._command = [sys.executable, str(FAKE), "stream", "--seconds", "20"]
    run = Run(RunId(0), "Stream", "runs/stream", "acoustic", "2026-01-01T00:00:00+00:00")
    clip = ManifestClip("1", "1.wav", CLASSES[0], "g:1")
    project.run_folder(run).create(RunConfig(), [clip])
    active.start(run)
    watchdog.watch(lambda: bool(active.progress.steps))  # the child's own start
    began = time.monotonic()
    shown = watchdog.watch(lambda: time.monotonic() - began > SHOWN_S)
    labelling = _label(studio, watchdog)
    active.cancel()
    watchdog.watch(lambda: not active.at_work)
    return shown, labelling


def _row(number: int) -> str:
    video, start = f"vid{number // 9:08}", number % 9 * 7
    return (
        f"{video}_{number % 9:03},English,Female,White,American,26-35,0:00:{start:02},"
        f"0:00:{start + 5:02},{video},https://youtu.be/{video},{_EMOTIONS[number % 3]}\n"
    )
