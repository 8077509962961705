"""A finished run opened for use. Nothing is written into its folder but `exports`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

from trainer.contract.errors import TrainerError
from trainer.contract.run_folder import FINISHED, STOPPED, RunFolder
from trainer.faults import worlds_fault
from trainer.recipes.recipe import RunContext
from trainer.reporter import Reporter
from trainer.training.wishes import Wishes


@contextmanager
def opened(path: Path, terminal: TextIO | None = None) -> Iterator[RunContext]:
    """What a recipe needs to take up the run's model; its reports go to `terminal` alone.

    Raises TrainerError when the run has no model, and for every fault of the world in the block.
    """
    folder = RunFolder(path)
    config = folder.read_config()
    status = folder.status()
    if status not in (FINISHED, STOPPED):
        raise TrainerError(
            f"The run in {path} has no model to use: it is {status}.", "Choose a finished run."
        )
    with (
        TemporaryDirectory(prefix="stremo-") as passing,
        Reporter(RunFolder(Path(passing)), None, terminal) as reporter,
    ):
        cache = Path(config.cache) if config.cache else Path(passing)
        try:
            yield RunContext(folder, config, cache, reporter, Wishes())
        except Exception as error:
            fault = worlds_fault(error, path)
            if fault is None:
                raise
            raise fault from error
