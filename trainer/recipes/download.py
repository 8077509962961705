"""A download of a model as a stage of a run."""

import time

from trainer.contract.protocol import StageProgressed
from trainer.recipes.recipe import RunContext

_TOLD_EVERY = 0.1
"""Seconds between two events about a download."""


class ToldDownload:
    """Tells the studio how far a download is, and ends it when the run shall end."""

    def __init__(self, run: RunContext) -> None:
        self._run = run
        self._began = time.monotonic()
        self._next = 0.0

    def __call__(self, done: int, total: int) -> None:
        self._run.wishes.check(something_to_keep=False)
        now = time.monotonic()
        if now < self._next and done < total:
            return
        self._next = now + _TOLD_EVERY
        eta = (now - self._began) / done * max(0, total - done) if done else None
        self._run.reporter.send(StageProgressed("Download", done, total, "bytes", eta))
