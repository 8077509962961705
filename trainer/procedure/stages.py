"""How far the stages of a reproduction are, for whoever watches: the studio's job bar."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from trainer.backends.backend import Say
from trainer.contract.protocol import ReportWritten, StageProgressed
from trainer.procedure.cells import Cell, result_of

Tell = Callable[[StageProgressed | ReportWritten], None]


def nobody(event: StageProgressed | ReportWritten) -> None:
    """On a terminal the lines are enough."""


class CellCount:
    """Lets lines through, and with each tells how many of a stage's cells are done: their folders
    say so, whoever works on them."""

    def __init__(self, stage: str, cells: Sequence[Cell], folder: Path, say: Say, tell: Tell):
        self._stage, self._folder = stage, folder
        self._cells = list({cell.address: cell for cell in cells}.values())
        self._say, self._tell = say, tell
        self._began, self._at_first = time.monotonic(), self._done()
        self._tell_all()

    def say(self, line: str) -> None:
        self._say(line)
        self._tell_all()

    def _done(self) -> int:
        return sum(result_of(cell, self._folder) is not None for cell in self._cells)

    def _tell_all(self) -> None:
        done, total = self._done(), len(self._cells)
        new, spent = done - self._at_first, time.monotonic() - self._began
        left = spent / new * (total - done) if new else None
        self._tell(StageProgressed(self._stage, done, total, "cells", left))
