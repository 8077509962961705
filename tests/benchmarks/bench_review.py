"""From a cell of the matrix to its list and to its first sound, with 50,000 clips in a run, and
beside a filter in Python over the same predictions."""

import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtTest import QTest

from stremo_studio.app import Studio
from stremo_studio.media.player import Player
from stremo_studio.project.importing import plan_import, scan_source, write_import
from stremo_studio.project.project import Project
from stremo_studio.ui.application import Memory, make_application
from stremo_studio.ui.review.page import ReviewPage
from stremo_studio.ui.theme import LIGHT, Theme
from tests.benchmarks.targets import Figure, show
from tests.builders import corpus_clip, import_clips
from tests.ui.runs import finished_run, labelled_clips
from tests.ui.sounds import write_recordings
from trainer.contract.labels import CLASSES

CLIPS, REAL, LOOKS = 50_000, 60, 12


def main() -> int:
    """Print the table; returns the number of targets missed."""
    app = make_application([])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _fill(folder)
        studio = Studio(Theme(app, LIGHT), Memory(), Player(device=False))
        studio.window.show()
        studio.open(folder / "p")
        page = studio.bring("review")
        assert isinstance(page, ReviewPage)
        began = time.perf_counter()
        _until(lambda: page.reviewed.run_id is not None)
        loaded = _ms(began)
        works, lists, sounds = zip(*(_look(page, n) for n in range(LOOKS)), strict=True)
        naive = [_filter(page) for _ in range(3)]
        _until(lambda: bool(page.slices.table.rows))
        narrows = [_narrow(page, n) for n in range(LOOKS)]
        studio.window.close()
    return show(
        f"Review, {CLIPS} clips",
        [
            Figure("predictions read, off the GUI thread", loaded, "ms"),
            Figure("cell to painted list, largest", max(works), "ms", at_most=100),
            Figure("... on the clock, busy machine and all, median", _median(lists), "ms"),
            Figure("cell to first sound, median", _median(sounds), "ms", at_most=250),
            Figure("a filter over all rows in Python, median", _median(naive), "ms"),
            Figure("slice to painted counts, slowest", max(narrows), "ms", at_most=100),
        ],
    )  # fmt: skip


def _fill(folder: Path) -> None:
    """50,000 clips, sixty of them with sound: those fill the cells that are looked into."""
    project = Project.create(folder / "p", "Ann")
    sounds = write_recordings(folder / "audio", REAL, labelled=True)
    list(write_import(project, plan_import(project, scan_source(sounds, "folder"))))
    import_clips(
        project,
        (corpus_clip(n, audio=True, label=CLASSES[n % 3]) for n in range(CLIPS - REAL)),
    )
    clips = labelled_clips(project)
    wrong = {name: CLASSES[(place + 1) % 3] for place, name in enumerate(CLASSES)}
    finished_run(
        project,
        {c.id: wrong[str(c.label)] if c.id <= REAL or c.id % 2 else str(c.label) for c in clips},
    )
    project.close()


def _look(page: ReviewPage, number: int) -> tuple[float, float, float]:
    """Open a cell and hear a clip that has sound. Milliseconds that the GUI thread worked for
    the painted list, milliseconds on the clock for it, and to the sound."""
    human = CLASSES[number % 3]
    page.close_playlist()
    began, before = time.perf_counter(), time.thread_time()
    page.open_cell(human, CLASSES[(number + 1) % 3])
    page.playlist.view.viewport().repaint()
    worked, listed = (time.thread_time() - before) * 1000, _ms(began)
    heard = next(row for row, one in enumerate(page.table.clip_ids) if one <= REAL)
    began = time.perf_counter()
    page.playlist.view.go_to(heard)
    _until(lambda: page.listening.heard_ms > 0)
    return worked, listed, listed + _ms(began)


def _narrow(page: ReviewPage, number: int) -> float:
    """Milliseconds that the GUI thread works to narrow matrix, counts and list to a slice."""
    rows = page.slices.table.rows
    before = time.thread_time()
    page.choice.show_slice(rows[number % len(rows)].part)
    page.matrix.repaint()
    return (time.thread_time() - before) * 1000


def _filter(page: ReviewPage) -> float:
    """What a filter model does: ask every row whether it belongs."""
    began = time.perf_counter()
    kept = [
        prediction
        for prediction in page.reviewed.index.by_clip.values()
        if prediction.split == "test"
        and prediction.label == CLASSES[0]
        and prediction.predicted == CLASSES[1]
    ]
    assert kept
    return _ms(began)


def _median(values: Sequence[float]) -> float:
    return float(np.median(values))


def _until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("the review page did not get there")
        QTest.qWait(1)


def _ms(began: float) -> float:
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    raise SystemExit(main())
