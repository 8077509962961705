"""Two processes train what one would, to rounding, and end together."""

import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from tests.trainer.tiny import make_clips, small_config
from trainer.contract.config import FinetuneConfig, RunConfig, SplitConfig
from trainer.contract.files import read_json_lines
from trainer.contract.run_folder import CANCELLED, FINISHED, INTERRUPTED, RunFolder
from trainer.network.loss import Loss
from trainer.reporter import Reporter
from trainer.run import carry_out
from trainer.training.descent import Descent
from trainer.training.ranks import ALONE, Ranks, joined
from trainer.training.wishes import RunEnded, Wishes

# isort: split
from transformers import HubertForCTC

NO_DROPOUT = {
    f"{n}_dropout": 0.0 for n in ("hidden", "attention", "activation", "feat_proj", "final")
}


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> RunConfig:
    """With SpecAugment, which draws at random, and batches of several clips and of one."""
    folder = tmp_path_factory.mktemp("together")
    torch.manual_seed(1)
    HubertForCTC(small_config(**NO_DROPOUT)).save_pretrained(folder / "model")
    options = FinetuneConfig(
        str(folder / "model"), learning_rate=3e-3, epochs=2, patience=4, batch_seconds=2.2
    )
    split = SplitConfig(test_fraction=0, dev_fraction=0.5)
    return RunConfig("finetune", split=split, finetune=options, cache=str(folder / "cache"))


PROGRAM = """
import pathlib, sys
import trainer.training.train
from trainer.run import run_folder
whole, cancelled = (pathlib.Path(path) for path in sys.argv[1:])
first = run_folder(whole)
learn = trainer.training.train.Training._learn
def learn_and_ask(self, *arguments):
    if self.at.step == 2 and self.ranks.index == 1:
        self.run.wishes.cancel()
    return learn(self, *arguments)
trainer.training.train.Training._learn = learn_and_ask
sys.exit(first or run_folder(cancelled))
"""
"""Two runs one after the other, as most of the time goes into starting."""


def _folder(path: Path, config: RunConfig) -> RunFolder:
    folder = RunFolder(path / "run")
    folder.create(config, make_clips(path / "clips", 13))
    return folder


def _launch(folders: Sequence[RunFolder]) -> list[int]:
    """Two processes as `torchrun` would start them; returns how they ended."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    world = {"WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *(str(folder.path) for folder in folders)],
            stdin=subprocess.DEVNULL,
            env={**os.environ, **world, "RANK": rank, "LOCAL_RANK": rank, "OMP_NUM_THREADS": "1"},
        )
        for rank in ("0", "1")
    ]
    return [process.wait(timeout=110) for process in processes]


def _losses(folder: RunFolder) -> list[float]:
    return [e.get("loss", e.get("dev_loss")) for e in read_json_lines(folder.metrics_file)]


@pytest.mark.slow
def test_two_processes_train_what_one_would_and_end_when_one_is_asked_to(
    tmp_path: Path, config: RunConfig
) -> None:
    alone, together, cancelled = (_folder(tmp_path / n, config) for n in ("one", "two", "three"))
    with Reporter(alone, None) as reporter:
        assert carry_out(alone, reporter, Wishes()) == 0
    assert _launch((together, cancelled)) == [3, 3]

    assert alone.status() == together.status() == FINISHED
    result = together.read_result()
    assert result is not None
    assert result["processes"] == 2
    losses = _losses(alone)
    assert len(losses) >= 8
    np.testing.assert_allclose(_losses(together), losses, atol=2e-5)
    models = [next(f.checkpoints.glob("epoch-*/model.safetensors")) for f in (alone, together)]
    one, two = (load_file(model) for model in models)
    for name, weight in one.items():  # Adam moves weights whose gradient is mere rounding too
        torch.testing.assert_close(two[name], weight, atol=1e-3, rtol=1e-3, msg=name)

    assert cancelled.status() == CANCELLED
    steps = [e for e in read_json_lines(cancelled.metrics_file) if e["kind"] == "StepLogged"]
    assert len(steps) == 3


def test_the_parts_of_a_batch_count_as_much_as_their_clips_weigh() -> None:
    loss = Loss(torch.tensor([1.0, 2.0, 5.0]), smoothing=0.1)
    labels = np.array([0, 2, 1, 1, 0])
    logits = torch.randn(5, 3, generator=torch.Generator().manual_seed(1))
    parts = [slice(rank, None, 2) for rank in range(2)]
    added = sum(
        loss(logits[part], torch.from_numpy(labels[part])) * loss.share(labels[part], labels)
        for part in parts
    )
    torch.testing.assert_close(added, loss(logits, torch.from_numpy(labels)))


class _Doubled:
    """As if another process had said the same."""

    index, count, part = 0, 2, slice(0, None, 2)

    def add_up(self, tensors: list[torch.Tensor]) -> None:
        for tensor in tensors:
            tensor.mul_(2)


def test_a_weight_without_a_gradient_anywhere_keeps_none() -> None:
    network = torch.nn.ModuleDict({"a": torch.nn.Linear(2, 2), "b": torch.nn.Linear(2, 2)})
    descent = Descent(network, FinetuneConfig("a"))
    network["a"](torch.ones(1, 2)).sum().backward()
    ranks: Ranks = _Doubled()  # type: ignore[assignment]
    assert descent.add_up(ranks, 1.5) == 3.0
    assert network["a"].weight.grad is not None
    assert network["a"].weight.grad.tolist() == [[2, 2], [2, 2]]
    assert network["b"].weight.grad is None


def test_a_process_that_nobody_launched_is_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    assert joined() is ALONE


@pytest.mark.parametrize(
    ("wish", "strength"), [("stop", 1), ("leave", 2), ("cancel", 3)], ids=lambda x: str(x)
)
def test_a_wish_reaches_another_process(wish: str, strength: int) -> None:
    here, there = Wishes(), Wishes()
    getattr(here, wish)()
    assert here.strength == strength
    there.take(here.strength)
    if wish == "stop":
        assert there.check()
    else:
        with pytest.raises(RunEnded) as ended:
            there.check()
        assert ended.value.status == {"leave": INTERRUPTED, "cancel": CANCELLED}[wish]
    there = Wishes()
    there.take(0)
    assert not there.check()
