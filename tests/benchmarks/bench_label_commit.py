"""A label key's way to the disk, with 100,000 clips in the project: the command and its commit,
beside a bare SQLite INSERT and commit (WAL, FULL) on the same disk in the same run."""

import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np

from stremo_studio.domain.annotation import Answer
from stremo_studio.domain.clip import ClipId
from stremo_studio.domain.worklist import Worklist
from stremo_studio.project.commands import LabelClips
from stremo_studio.project.preflight import preflight
from stremo_studio.project.project import Project
from tests.benchmarks.targets import Figure, show
from tests.builders import all_clips, corpus_clip, import_clips
from trainer.contract.config import RunConfig
from trainer.contract.labels import CLASSES

CLIPS, LABELS = 100_000, 2_000


def main() -> int:
    """Print the table; returns the number of targets missed."""
    with tempfile.TemporaryDirectory() as name:
        bare = _bare(Path(name) / "bare.db")
        project = Project.create(Path(name) / "p", annotator="Ann")
        clips = (corpus_clip(n, audio=True, label=[None, *CLASSES][n % 4]) for n in range(CLIPS))
        import_clips(project, clips)
        ids = all_clips(project)
        label = [_ms(lambda n=n: _label(project, ids[n * 37 % CLIPS], n)) for n in range(LABELS)]
        undo = [_ms(project.undo) for _ in range(200)]
        counts = [_ms(project.counts) for _ in range(20)]
        mine = [_ms(lambda: project.counts(project.annotator)) for _ in range(20)]
        views = {
            f"worklist, {what}": max(_ms(lambda w=w: project.clip_ids(w)) for _ in range(3))
            for what, w in _worklists().items()
        }
        page = _ms(lambda: project.clips(ids[5_000:5_100]))
        before_a_run = _ms(lambda: preflight(project, RunConfig()))
        project.close()
    reference = float(np.median(bare))
    return show(
        f"Label to durable commit, {CLIPS} clips",
        [
            Figure("label, median", float(np.median(label)), "ms"),
            Figure("label, p99", float(np.percentile(label, 99)), "ms", at_most=10),
            Figure("bare INSERT and commit, median", reference, "ms"),
            Figure("bare INSERT and commit, p99", float(np.percentile(bare, 99)), "ms"),
            Figure("label against bare, medians", float(np.median(label)) / reference, "x"),
            Figure("undo, p99", float(np.percentile(undo, 99)), "ms", at_most=50),
            Figure("counts, median", float(np.median(counts)), "ms"),
            Figure("counts of one annotator, median", float(np.median(mine)), "ms"),
            Figure("100 rows of the table", page, "ms"),
            *(Figure(what, took, "ms", at_most=500) for what, took in views.items()),
            Figure("preflight", before_a_run, "ms"),
        ],
    )


def _label(project: Project, clip: ClipId, number: int) -> None:
    project.do(LabelClips((clip,), Answer(CLASSES[number % 3])))


def _worklists() -> dict[str, Worklist]:
    return {
        "all": Worklist(),
        "unlabelled": Worklist(show="unlabelled"),
        "one annotator's unlabelled": Worklist(show="unlabelled", eye="Ann"),
        "one annotator's, by label": Worklist(sort="label", eye="Ann"),
        "by name": Worklist(sort="name"),
        "by label, downwards": Worklist(sort="label", descending=True),
        "search of two words": Worklist(search="made clip-09"),
    }


def _bare(path: Path) -> list[float]:
    """Milliseconds of the least that a durable label could cost."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE label (id INTEGER PRIMARY KEY, clip, label)")
        rows = [(n, CLASSES[n % 3]) for n in range(LABELS)]
        sql = "INSERT INTO label (clip, label) VALUES (?, ?)"
        return [_ms(lambda row=row: connection.execute(sql, row)) for row in rows]


def _ms(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return (time.perf_counter() - began) * 1000
