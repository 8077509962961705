"""`stremo-trainer cells`: many run folders one after the other in one process."""

import os
from collections.abc import Sequence
from pathlib import Path

from trainer.contract.run_folder import RunFolder
from trainer.reporter import Reporter, keep_stdout
from trainer.run import begun, carry_out
from trainer.wishes import Wishes, stdin_bytes


def work_through(paths: Sequence[Path]) -> int:
    """Carry out each run, and stop at the first that does not finish. Returns its exit code."""
    stream = keep_stdout()
    wishes = Wishes()
    wishes.listen(stdin_bytes(), studio=True)
    for path in paths:
        folder = RunFolder(path)
        with begun(folder), Reporter(folder, stream, None, wishes.leave) as reporter:
            os.dup2(reporter.log_descriptor, 2)
            os.dup2(2, 1)
            code = carry_out(folder, reporter, wishes)
        if code:
            return code
    return 0
