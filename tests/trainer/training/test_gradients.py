"""A batch to gradients, also when compiling or memory fails on the way."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.trainer.tiny import make_clips, small_hubert
from trainer.contract.config import FinetuneConfig
from trainer.network.loss import Loss
from trainer.sound.waveforms import Waveforms
from trainer.training.compiling import Compilation
from trainer.training.dataset import Examples, Features
from trainer.training.descent import Descent
from trainer.training.gradients import Gradients
from trainer.training.ranks import ALONE, Alone, Ranks

NO_DROPOUT = {
    f"{n}_dropout": 0.0 for n in ("hidden", "attention", "activation", "feat_proj", "final")
}


class _Half(Alone):
    """One of two processes, whose sum leaves out the other."""

    count = 2

    def __init__(self, index: int) -> None:
        self.index, self.part = index, slice(index, None, 2)


def _gradients(folder: Path, ranks: Ranks) -> tuple[Gradients, Examples]:
    hubert = small_hubert(**NO_DROPOUT)
    hubert.network.train()
    descent = Descent(hubert.network, FinetuneConfig("a"))
    loss = Loss(torch.tensor([1.0, 2.0, 4.0]))
    compilation = Compilation(hubert.network, "off", lambda _: None)
    examples = Examples(make_clips(folder, 5), Features(Waveforms(folder / "c"), hubert), 15)
    return Gradients(hubert, descent, loss, ranks, compilation), examples


def _left(folder: Path, ranks: Ranks, numbers: Sequence[int]) -> tuple[float, list[torch.Tensor]]:
    gradients, examples = _gradients(folder, ranks)
    loss = gradients.leave(examples, list(numbers), np.random.default_rng(3))
    zeros = (
        torch.zeros_like(p) if p.grad is None else p.grad for p in gradients.descent.parameters
    )
    return loss, list(zeros)


@pytest.mark.parametrize("numbers", [[0, 1, 2, 3, 4], [2]], ids=["five clips", "one clip"])
def test_the_halves_of_a_batch_add_up_to_the_whole(numbers: list[int], tmp_path: Path) -> None:
    whole_loss, whole = _left(tmp_path, ALONE, numbers)
    (first, one), (second, other) = (_left(tmp_path, _Half(i), numbers) for i in (0, 1))
    assert first + second == pytest.approx(whole_loss, abs=1e-6)
    for part, rest, all_of_it in zip(one, other, whole, strict=True):
        torch.testing.assert_close(part + rest, all_of_it, atol=1e-6, rtol=1e-4)


def test_what_fails_to_compile_is_computed_again_without(tmp_path: Path) -> None:
    gradients, examples = _gradients(tmp_path, ALONE)
    gradients.compilation.on = True
    backward, count = gradients._backward, iter(range(9))

    def failing(*arguments: object) -> float:
        loss = backward(*arguments)  # type: ignore[arg-type]
        if next(count) == 0:
            raise torch._dynamo.exc.BackendCompilerFailed(print, RuntimeError("no compiler"), None)
        return loss

    gradients._backward = failing  # type: ignore[method-assign]
    expected, whole = _left(tmp_path, ALONE, [0, 1])
    assert gradients.leave(examples, [0, 1], np.random.default_rng(3)) == expected
    left = [p.grad for p in gradients.descent.parameters if p.grad is not None]
    found = [g for g in whole if g.any()]
    assert sum(g.abs().sum() for g in left).item() == pytest.approx(
        sum(g.abs().sum() for g in found).item()
    )
    assert not gradients.compilation.on


def test_too_little_memory_in_another_process_is_too_little_in_all(tmp_path: Path) -> None:
    class _Full(_Half):
        def any_of(self, here: bool) -> bool:
            return True

    gradients, examples = _gradients(tmp_path, _Full(0))
    with pytest.raises(torch.OutOfMemoryError, match="another process"):
        gradients.leave(examples, [0, 1], np.random.default_rng(3))
