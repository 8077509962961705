"""`stremo-trainer cells`: many run folders one after the other in one process."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from trainer.contract.errors import TrainerError
from trainer.contract.run_folder import CANCELLED, INTERRUPTED, RunFolder
from trainer.reporter import Reporter, keep_stdout
from trainer.run import EXIT_CODES, TAKEN, begun, carry_out
from trainer.training.wishes import Wishes, stdin_bytes

_ENDED = (EXIT_CODES[CANCELLED], EXIT_CODES[INTERRUPTED])


def work_through(paths: Sequence[Path]) -> int:
    """Carry out each run. Those that are over, and those that another trainer has taken, are
    passed over: so several workers may share one list. Returns the first exit code that is not 0;
    a run that fails does not keep the others from their turn, one that was ended does."""
    stream = keep_stdout()
    terminal = os.dup(2)
    wishes = Wishes()
    wishes.listen(stdin_bytes(), studio=True)
    codes = []
    for path in paths:
        folder = RunFolder(path)
        try:
            with begun(folder), Reporter(folder, stream, None, wishes.leave) as reporter:
                os.dup2(reporter.log_descriptor, 2)
                os.dup2(2, 1)
                codes.append(carry_out(folder, reporter, wishes))
        except TrainerError as error:
            if error.code != TAKEN:
                raise
            print(f"Passed over: {error.message}", file=sys.stderr)
        finally:
            os.dup2(terminal, 2)
        if codes and codes[-1] in _ENDED:
            break
    return next((code for code in codes if code), 0)
