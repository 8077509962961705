"""What a SLURM job does: one run, saved and put back into the queue when the job must leave.

submitit's signal handler puts a job back by ending it on the spot. We let the training finish its
step and save first, and only then hand over to that handler.
"""

import os
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from submitit.helpers import DelayedSubmission

from trainer.contract.errors import TrainerError
from trainer.contract.run_folder import INTERRUPTED, RunFolder
from trainer.reporter import Reporter
from trainer.run import EXIT_CODES, TAKEN, begun, carry_out
from trainer.training.wishes import Wishes, stdin_bytes


@dataclass(frozen=True, slots=True)
class RunJob:
    """Pickled by submitit and called on the node; the folder lies on the shared file system."""

    folder: str

    def __call__(self) -> int:
        """Returns the exit code of the run; a run that is over or taken is left alone."""
        put_back: Any = signal.getsignal(signal.SIGUSR2)
        wishes = Wishes()
        wishes.listen(stdin_bytes(), studio=False)
        folder = RunFolder(Path(self.folder))
        try:
            with begun(folder), Reporter(folder, None, None, wishes.leave) as reporter:
                code = carry_out(folder, reporter, wishes)
        except TrainerError as error:
            if error.code != TAKEN:
                raise
            return 0
        if code == EXIT_CODES[INTERRUPTED] and not _cancelled():
            put_back(signal.SIGUSR2, None)
        return code

    def checkpoint(self) -> DelayedSubmission:
        """Asked for by submitit: what shall run when the job starts again."""
        return DelayedSubmission(self)


def _cancelled() -> bool:
    """SLURM sends SIGTERM to a job that is cancelled and to one that is preempted. Putting a
    cancelled one back would work, and bring it to life again: its state tells the two apart."""
    job = os.environ["SLURM_JOB_ID"]
    asked = ["squeue", "--noheader", "--format=%T", f"--jobs={job}"]
    state = subprocess.run(asked, capture_output=True, text=True, timeout=60).stdout
    return "CANCELLED" in state or "COMPLETING" in state
