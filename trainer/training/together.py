"""Several processes, through Hugging Face Accelerate: NCCL between cards, gloo between CPUs.

Gradients are added up after the backward pass, not during it as DDP does: a process that runs out
of memory, or that shall stop, can then say so before any other waits for its gradients.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import torch
from accelerate import PartialState
from accelerate.utils import broadcast_object_list

from trainer.contract.run_folder import INTERRUPTED
from trainer.device import choose_device
from trainer.training.wishes import RunEnded, Wishes

_LONGEST_WAIT = timedelta(days=1)
"""While the first process downloads and decodes. One that dies is noticed at once."""
_BUCKET = 1 << 25
"""Numbers added up at a time: 128 MiB."""


class Together:
    """See `ranks.Ranks`. Every call raises RunEnded, as interrupted, when another process
    has ended: what was saved last is there to go on from."""

    def __init__(self) -> None:
        on_cpu = choose_device().type == "cpu"
        self._state = PartialState(cpu=on_cpu, timeout=_LONGEST_WAIT)
        self.index, self.count = self._state.process_index, self._state.num_processes
        self.part = slice(self.index, None, self.count)

    def told(self, value: Any) -> Any:
        said = [value]
        with _connected():
            broadcast_object_list(said)
        return said[0]

    def agree(self, wishes: Wishes) -> None:
        wishes.take(self._most(wishes.strength))

    def any_of(self, here: bool) -> bool:
        return bool(self._most(int(here)))

    @torch.no_grad()
    def add_up(self, tensors: list[torch.Tensor]) -> None:
        for bucket in _buckets(tensors):
            flat = torch.cat([t.reshape(-1) for t in bucket]).to(self._state.device)
            with _connected():
                torch.distributed.all_reduce(flat)
            pieces = torch.split(flat, [t.numel() for t in bucket])
            for tensor, piece in zip(bucket, pieces, strict=True):
                tensor.copy_(piece.view_as(tensor))

    @contextmanager
    def first_alone(self) -> Iterator[None]:
        if self.index:
            self.any_of(False)
        yield
        if not self.index:
            self.any_of(False)

    def _most(self, number: int) -> int:
        said = torch.tensor([number], device=self._state.device)
        with _connected():
            torch.distributed.all_reduce(said, torch.distributed.ReduceOp.MAX)
        return int(said.item())


@contextmanager
def _connected() -> Iterator[None]:
    try:
        yield
    except RuntimeError as error:
        print(f"Another process of this training has ended: {error}", file=sys.stderr)
        raise RunEnded(INTERRUPTED) from error


def _buckets(tensors: list[torch.Tensor]) -> Iterator[list[torch.Tensor]]:
    bucket: list[torch.Tensor] = []
    for tensor in tensors:
        if bucket and sum(t.numel() for t in bucket) + tensor.numel() > _BUCKET:
            yield bucket
            bucket = []
        bucket.append(tensor)
    if bucket:
        yield bucket
