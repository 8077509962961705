"""What a training does when it diverges, and when the card's memory is too small: each once.

What did not fit is remembered in the cache, by model and card: a later run does not try it again.
"""

import json
import traceback
from contextlib import suppress

import torch

from trainer.contract.errors import TrainerError
from trainer.contract.files import write_json
from trainer.recipes.recipe import RunContext
from trainer.reporter import Reporter
from trainer.training.descent import DivergedError
from trainer.training.position import Position

_TOO_MANY = "batch_seconds_that_did_not_fit.json"


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


def halve(at: Position, error: torch.OutOfMemoryError, run: RunContext) -> None:
    """Cut the batches that are left in two. Raises TrainerError the second time."""
    todo = at.todo or []
    if at.halved or len(todo[0]) == 1:
        raise TrainerError(
            f"The graphics card has too little memory for {at.batch_seconds:g} s of audio.",
            "Choose a smaller model, or fewer seconds a batch and a clip.",
            "gpu_oom",
        ) from error
    traceback.clear_frames(error.__traceback__)  # they hold what filled the memory
    torch.cuda.empty_cache()
    _remember(at.batch_seconds, run)
    at.halved = True
    at.batch_seconds /= 2
    at.todo = [half for b in todo for half in (b[: len(b) // 2], b[len(b) // 2 :]) if half]
    run.reporter.warn(
        "The graphics card ran out of memory.",
        f"The run goes on with {at.batch_seconds:g} s of audio a batch.",
    )


def fitting_seconds(run: RunContext) -> float:
    """Seconds a batch to begin with: as many as asked for, or less where these did not fit."""
    asked = run.config.finetune.batch_seconds
    too_many = _remembered(run).get(_memory_for(run))
    if too_many is None or asked < too_many:
        return asked
    run.reporter.warn(
        f"Batches of {too_many:g} s did not fit into the graphics card's memory before.",
        f"The run begins with {too_many / 2:g} s; delete {run.cache / _TOO_MANY} to try again.",
    )
    return float(too_many / 2)


def _remember(seconds: float, run: RunContext) -> None:
    if run.ranks.index == 0:
        with suppress(OSError):  # it would only have saved the next run a retry
            run.cache.mkdir(parents=True, exist_ok=True)
            write_json(run.cache / _TOO_MANY, {**_remembered(run), _memory_for(run): seconds})


def _remembered(run: RunContext) -> dict[str, float]:
    try:
        return dict(json.loads((run.cache / _TOO_MANY).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def _memory_for(run: RunContext) -> str:
    """What decides how much memory a second of audio takes, and how much there is."""
    options = run.config.finetune
    card = torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu"
    kind = options.model, options.lora_rank > 0, options.gradient_checkpointing, options.precision
    return " | ".join(map(str, (card, *kind, run.ranks.count)))
