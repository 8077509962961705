"""Zoom and pan of a two-hour recording, 1,900 pixels wide: our view against pyqtgraph's own curve
with automatic peak downsampling and clip-to-view, each in a process of its own.

The parent stays small: Linux counts its memory into the peak of a child that it starts."""

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter

import numpy as np
import soundfile
from PySide6.QtWidgets import QApplication, QWidget

from stremo_studio.media.peaks import build_peaks, open_peaks
from stremo_studio.media.unpacking import open_sound
from stremo_studio.media.voice import Prosody, Speaker, say
from tests.benchmarks.targets import Figure, show

HOURS, RATE, WIDTH, HEIGHT = 2, 16_000, 1900, 300
SECONDS = HOURS * 3600.0


def main() -> int:
    """Print the table; returns the number of targets missed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "two hours.wav"
        made = _child("make", path, folder)
        ours = _child("ours", path, folder)
        theirs = _child("pyqtgraph", path, folder)
    return show(
        f"Waveform of {HOURS} hours, {WIDTH} pixels",
        [
            Figure("peaks from samples", made["seconds"], "s", at_most=0.5),
            Figure("peaks' size", made["size"], "MB", at_most=10),
            Figure("one query, p95", ours["query"], "ms", at_most=1),
            Figure("first picture, from the cache", ours["first"], "s", at_most=0.5),
            Figure("frame, median", ours["median"], "ms"),
            Figure("frame, p95", ours["p95"], "ms", at_most=16.7),
            Figure("frame, longest", ours["max"], "ms", at_most=33),
            Figure("playhead moved, p95", ours["playhead"], "ms", at_most=4),
            Figure("peak memory of the process", ours["peak"], "MB", at_most=450),
            Figure("pyqtgraph: first picture", theirs["first"], "s"),
            Figure("pyqtgraph: frame, p95", theirs["p95"], "ms"),
            Figure("pyqtgraph: peak memory", theirs["peak"], "MB"),
            Figure("frame, times faster", theirs["p95"] / ours["p95"], at_least=4),
            Figure("memory, their share of ours", theirs["peak"] / ours["peak"], at_least=5),
        ],
    )


def _make(path: Path, folder: Path) -> dict[str, float]:
    """A minute of the synthetic voice over and over, decoded, and its pyramid: cost and cache."""
    random = np.random.default_rng(1)
    minute = say(Speaker(120, 1.0, 0.5, 0.01), Prosody(), 60.0, random)
    with soundfile.SoundFile(str(path), "w", RATE, 1, "PCM_16") as file:
        for _ in range(HOURS * 60):
            file.write(minute * random.uniform(0.2, 1.0))
    sound = open_sound(path, folder)
    began = perf_counter()
    peaks = build_peaks(sound)
    seconds = perf_counter() - began
    open_peaks(sound, folder)
    return {"seconds": seconds, "size": sum(level.nbytes for level in peaks.levels) / 1e6}


def _child(which: str, path: Path, folder: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.bench_waveform", which, str(path), str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": ":".join(sys.path)},
    )
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def _windows() -> Iterator[tuple[float, float]]:
    """From the whole to two seconds and back around a place, then pans at three zooms."""
    random = np.random.default_rng(2)
    for place in (1800.0, 5000.0):
        lengths = np.geomspace(SECONDS, SECONDS / 3600, 60)
        for length in np.concatenate([lengths, lengths[::-1]]):
            start = min(max(0.0, place - length / 2), SECONDS - length)
            yield start, start + length
    for length in (1800.0, 60.0, 4.0):
        start = random.uniform(0, SECONDS - 2 * length)
        for step in range(60):
            at = start + step * length / 60
            yield at, at + length


def _sweep(app: QApplication, look: Callable[[float, float], None]) -> dict[str, float]:
    frames = []
    for start, end in _windows():
        began = perf_counter()
        look(start, end)
        app.processEvents()
        frames.append((perf_counter() - began) * 1000)
    return {
        "median": float(np.median(frames)),
        "p95": float(np.percentile(frames, 95)),
        "max": max(frames),
    }


def _show(app: QApplication, widget: QWidget) -> None:
    widget.resize(WIDTH, HEIGHT)
    widget.show()
    app.processEvents()


def _ours(path: Path, folder: Path) -> dict[str, float]:
    from stremo_studio.ui.label.waveform import WaveformView
    from stremo_studio.ui.theme import LIGHT, Theme

    app = QApplication([])
    view = WaveformView(Theme(app, LIGHT))
    _show(app, view)
    began = perf_counter()
    sound = open_sound(path, folder)
    peaks = open_peaks(sound, folder)
    view.show_sound(sound, peaks, 1800.0, 1804.0)
    view.show_all()
    app.processEvents()
    figures = {"first": perf_counter() - began, **_sweep(app, view.look_at)}
    moves, queries = [], []
    for step in range(300):
        began = perf_counter()
        view.set_position(view.window_in_sight.start + step / 100)
        app.processEvents()
        moves.append((perf_counter() - began) * 1000)
    for start, end in _windows():
        began = perf_counter()
        peaks.query(start * RATE, end * RATE, WIDTH)
        queries.append((perf_counter() - began) * 1000)
    figures["playhead"] = float(np.percentile(moves, 95))
    figures["query"] = float(np.percentile(queries, 95))
    return figures


def _pyqtgraph(path: Path, folder: Path) -> dict[str, float]:
    import pyqtgraph

    app = QApplication([])
    plot = pyqtgraph.PlotWidget()
    _show(app, plot)
    began = perf_counter()
    samples = open_sound(path, folder).samples
    curve = plot.plot(samples, pen="b")
    curve.setDownsampling(auto=True, method="peak")
    curve.setClipToView(True)
    app.processEvents()
    first = perf_counter() - began

    def look(start: float, end: float) -> None:
        plot.setXRange(start * RATE, end * RATE, padding=0)

    return {"first": first, **_sweep(app, look)}


CHILDREN = {"make": _make, "ours": _ours, "pyqtgraph": _pyqtgraph}

if __name__ == "__main__":
    if len(sys.argv) > 2:
        measured = CHILDREN[sys.argv[1]](*map(Path, sys.argv[2:]))
        measured["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps(measured))
    else:
        sys.exit(main())
