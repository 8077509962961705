"""Where many runs are carried out: the processes of this machine, or the jobs of a cluster.

A back-end starts what it is given and says what it lost. How far a run is, and how it ended, is
read from its folder by whoever waits (`watch.py`): so both sides may die and be started again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from trainer.contract.run_folder import RunFolder

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Lost:
    """Why a run will come to no result by itself: `the trainer was killed`, and what to do."""

    why: str
    hint: str


class Backend(Protocol):
    """`start`, then `lost` until all runs are over, then `close`, or `cancel` at any time."""

    pause: float
    """Seconds between two looks into the run folders."""

    def start(self, runs: Sequence[RunFolder]) -> None:
        """Have these runs carried out, each once; those under way here already are taken up.

        Raises TrainerError when nothing can be started."""

    def lost(self, runs: Sequence[RunFolder]) -> Mapping[Path, Lost]:
        """Those of the runs, all without a result so far, that nobody works on any more."""

    def cancel(self) -> None:
        """End everything that was started. What was reached is kept in the folders."""

    def close(self) -> None:
        """Nobody waits any more: everything is over."""
