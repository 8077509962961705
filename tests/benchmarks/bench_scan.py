"""Scanning corpora: 23,500 files (the size of all seven together), first and second time, memory,
and a StrEmo sheet of 50,000 rows."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import soundfile

from tests.benchmarks.targets import Figure, show
from tests.trainer.corpora.trees import tone

FILES, ROWS = 23_500, 50_000
_HEADER = "Filename,Language,Gender,Ethnicity,Accent,Age,Clip Time From,Clip Time To,Video_Id,"
_PROGRAM = """
import json, resource, sys, time
from pathlib import Path
from trainer.corpora.scan import find_corpora, scan
began = time.perf_counter()
path = Path(sys.argv[1])
scans = find_corpora(path)[0] if path.is_dir() else [scan(path)]
seconds = time.perf_counter() - began
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([sum(len(s.clips) for s in scans), seconds, peak]))
"""


def main() -> int:
    """Print the table; returns the number of targets missed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _plant(folder / "corpora")
        sheet = folder / "sheet.csv"
        sheet.write_text(_HEADER + "Source,Emotion\n" + "".join(_rows()))
        clips, first, peak = _scan(folder / "corpora", folder / "cache")
        plain = _look_into_each(folder / "corpora")
        second = min(_scan(folder / "corpora", folder / "cache")[1] for _ in range(3))
        rows, table, _ = min(_scan(sheet, folder / "cache") for _ in range(3))
    assert (clips, rows) == (FILES, ROWS)
    return show(
        f"Scan of {FILES} files, and of {ROWS} rows",
        [
            Figure("files, first time", first, "s", at_most=5),
            Figure("files, first time / soundfile.info of each", first / plain, "x", at_most=1),
            Figure("files, second time", second, "s", at_most=1),
            Figure("peak memory of the process", peak, "MB", at_most=500),
            Figure("rows of a sheet", table, "s", at_most=2),
        ],
    )


def _scan(path: Path, cache: Path) -> tuple[int, float, float]:
    """Clips, seconds and peak megabytes of a scan in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(path)],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(sys.path), "XDG_CACHE_HOME": str(cache)},
    )
    clips, seconds, peak = json.loads(done.stdout)
    return clips, seconds, peak


def _look_into_each(folder: Path) -> float:
    """Seconds of what a first scan cannot do without, done the plain way: the reference."""
    began = time.perf_counter()
    for path in sorted(folder.rglob("*.wav")):
        soundfile.info(str(path))
    return time.perf_counter() - began


def _plant(root: Path) -> None:
    """TESS in full, and as many names of CREMA-D's kind as it takes."""
    words = [a + b for a in "bcdfghjklm" for b in "aeioubcdfghklmnprstw"]
    ends = ("angry", "disgust", "fear", "happy", "ps", "sad", "neutral")
    tess = product(("OAF", "YAF"), words, ends)
    names = [f"TESS/{who}/{who}_{word}_{end}.wav" for who, word, end in tess]
    sentences = ("IEO", "TIE", "IOM", "IWW", "TAI", "MTI", "IWL", "ITH", "DFA", "ITS", "TSI", "WSI")
    emotions, levels = ("ANG", "DIS", "FEA", "HAP", "NEU", "SAD"), ("LO", "MD", "HI", "XX")
    crema = product(range(1000, 1091), sentences, emotions, levels)
    names += [f"CREMA-D/{actor}_{s}_{e}_{level}.wav" for actor, s, e, level in crema]
    sound = tone(0.5)
    for number, name in enumerate(names[:FILES]):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(sound[:-4] + number.to_bytes(4, "little"))


def _rows() -> Iterator[str]:
    for number in range(ROWS):
        start = number % 3000
        times = f"0:{start // 60:02}:{start % 60:02},0:{start // 60:02}:{start % 60:02}"
        yield (
            f"video{number % 900:06}_{number},English,Male,White,American,26-35,{times},"
            f"video{number % 900:06},YouTube,Anger\n"
        )
