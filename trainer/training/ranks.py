"""The processes that train one network: usually one, which asks nobody and waits for nobody.

Each step's batch is divided among them, clip by clip, and their gradients are added up: the result
is that of one process, whatever their number. Only the first writes; the folder lies where all
can read it.
"""

import os
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:  # torch takes seconds, and who trains alone imports it elsewhere
    import torch

    from trainer.training.wishes import Wishes


class Ranks(Protocol):
    """This process among those that train together. All have to make the same calls."""

    @property
    def index(self) -> int:
        """0 is the first, which writes and reports."""

    @property
    def count(self) -> int: ...

    @property
    def part(self) -> slice:
        """Which clips of a batch, or batches of a plan, are this process's: every n-th, as
        neighbours are of like length."""

    def told(self, value: Any) -> Any:
        """What the first process says."""

    def agree(self, wishes: "Wishes") -> None:
        """Make what one was asked for the wish of all."""

    def any_of(self, here: bool) -> bool: ...

    def add_up(self, tensors: "list[torch.Tensor]") -> None:
        """Put the sum over all processes into each tensor."""

    def first_alone(self) -> AbstractContextManager[object]:
        """The first passes through before the others begin."""


class Alone:
    """One process."""

    index, count, part = 0, 1, slice(None)

    def told(self, value: Any) -> Any:
        return value

    def agree(self, wishes: "Wishes") -> None:
        pass

    def any_of(self, here: bool) -> bool:
        return here

    def add_up(self, tensors: "list[torch.Tensor]") -> None:
        pass

    def first_alone(self) -> AbstractContextManager[object]:
        return nullcontext()


ALONE: Ranks = Alone()


def joined() -> Ranks:
    """Those whom `accelerate launch` or `torchrun` started; else this process alone."""
    if "RANK" not in os.environ or int(os.environ.get("WORLD_SIZE", "1")) < 2:
        return ALONE
    # It imports accelerate, which only those who train together need.
    from trainer.training.together import Together  # noqa: PLC0415

    return Together()
