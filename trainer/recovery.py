"""What a training does when it diverges, and when the card's memory is too small: each once."""

import traceback

import torch

from trainer.contract.errors import TrainerError
from trainer.descent import DivergedError
from trainer.position import Position
from trainer.reporter import Reporter


def slow_down(at: Position, error: DivergedError, reporter: Reporter) -> None:
    """Back to the beginning of the epoch, with a third of the learning rate.

    The caller takes up the best network, or the first. Raises TrainerError the second time."""
    if at.recovered:
        raise TrainerError(
            f"The training diverged twice ({error}).",
            f"Choose a learning rate well below {at.rate:.1e}.",
            "diverged",
        ) from error
    at.recovered = True
    at.rate /= 3
    at.begin_again()
    reporter.warn(
        f"The training diverged ({error}) and went back to "
        f"{'its start' if at.best is None else 'the best epoch'}.",
        f"It goes on with a third of the learning rate, {at.rate:.1e}.",
    )


def halve(
    at: Position, todo: list[list[int]], error: torch.OutOfMemoryError, reporter: Reporter
) -> list[list[int]]:
    """The batches that are left, each cut in two. Raises TrainerError the second time."""
    if at.halved or len(todo[0]) == 1:
        raise TrainerError(
            f"The graphics card has too little memory for {at.batch_seconds:g} s of audio.",
            "Choose a smaller model, or fewer seconds a batch and a clip.",
            "gpu_oom",
        ) from error
    traceback.clear_frames(error.__traceback__)  # they hold what filled the memory
    torch.cuda.empty_cache()
    at.halved = True
    at.batch_seconds /= 2
    reporter.warn(
        "The graphics card ran out of memory.",
        f"The run goes on with {at.batch_seconds:g} s of audio a batch.",
    )
    return [half for b in todo for half in (b[: len(b) // 2], b[len(b) // 2 :]) if half]
