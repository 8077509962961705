"""Fine-tuning beside `Trainer` with its stock recipe: same clips, same weights, as many clips a
batch, as many epochs. Epochs of both sides take turns: what else the machine does meets both.

The convolutions are run in the first epoch only: so the later ones are told apart.
"""

import time
from collections.abc import Callable, Iterator
from functools import partial
from statistics import mean, median
from typing import Any

import torch

from trainer.bench import stock
from trainer.bench.measure import Measure
from trainer.bench.workload import Workload
from trainer.contract.config import FinetuneConfig, RunConfig
from trainer.contract.run_folder import RunFolder
from trainer.device import choose_device, settle
from trainer.network.flops import peak_flops, training_flops
from trainer.network.pretrained import load_hubert
from trainer.recipes.recipe import RunContext
from trainer.reporter import Reporter
from trainer.sound.waveforms import RATE, Waveforms
from trainer.training.dataset import Examples, Features, plan_batches
from trainer.training.train import Data, Training
from trainer.training.wishes import Wishes

LEARNING_RATE = 1e-4
AGAINST = "Trainer, stock recipe"
FEWEST_CLIPS, FEWEST_EPOCHS = 16, 6
"""With fewer, two curves say nothing about each other."""
SAME_LOSS = 0.1
"""Nats between the curves, on average over their second half. Two seeds of ours lie 0.04 apart
(16 clips of RAVDESS, 10 epochs): this is about twice that."""


def measure(work: Workload) -> Iterator[Measure]:
    """Several figures of one training; raises what the training raises."""
    folder = RunFolder(work.folder / "run")
    folder.path.mkdir(parents=True)
    with Reporter(folder, None) as reporter:
        ours = _Ours(work, folder, reporter)
        seconds, losses = stock.train(
            work.model,
            ours.sounds,
            ours.labels,
            batch=work.batch,
            epochs=work.epochs,
            learning_rate=LEARNING_RATE,
            folder=work.folder / "stock",
            between=ours.learn,
        )
    shown, audio = len(work.clips) * work.epochs, ours.audio * work.epochs
    mine, theirs = sum(ours.seconds), sum(seconds)
    yield Measure("fine-tuning", shown / mine, "clips/s", shown / theirs, AGAINST, times=2.0)
    yield Measure("  in audio", audio / mine, "s/s", audio / theirs, AGAINST)
    first, later = len(work.clips) / ours.seconds[0], len(work.clips) / median(ours.seconds[1:])
    yield Measure("  first epoch", first, "clips/s", len(work.clips) / seconds[0], AGAINST)
    stock_later = len(work.clips) / median(seconds[1:])
    yield Measure("  a later epoch", later, "clips/s", stock_later, AGAINST)
    half = work.epochs // 2
    apart = mean(abs(s - o) for s, o in zip(losses[half:], ours.losses[half:], strict=True))
    enough = len(work.clips) >= FEWEST_CLIPS and work.epochs >= FEWEST_EPOCHS
    limit = SAME_LOSS if enough else None
    yield Measure("  loss curves apart", apart, "nats", at_most=limit)
    yield Measure("  time in the network, later", ours.in_network, "%", at_least=95)
    yield from _arithmetic(work, ours, theirs)


class _Ours:
    """Our side, an epoch at a time."""

    def __init__(self, work: Workload, folder: RunFolder, reporter: Reporter) -> None:
        waveforms = Waveforms(work.cache)
        waveforms.build(work.clips)
        self.sounds = work.sounds(waveforms)
        hubert = load_hubert(work.model, str(work.model))
        settle(choose_device())
        hubert.network.to(choose_device())
        features = Features(waveforms, hubert)
        train = Examples(work.clips, features, work.longest)
        none = Examples([], features, work.longest)
        self.labels = train.labels.tolist()
        self.audio = float(train.lengths.sum() / hubert.frames_per_s)
        self.config = hubert.network.config
        frames = work.batch * int(train.lengths.mean())
        while len(plan_batches(train.lengths, frames)) > -(-len(train) // work.batch):
            frames += work.batch  # no fewer clips a batch than stock
        options = FinetuneConfig(
            learning_rate=LEARNING_RATE,
            epochs=work.epochs,
            batch_seconds=frames * 1.05 / hubert.frames_per_s,
            class_weights=False,
        )
        config = RunConfig("finetune", finetune=options)
        run = RunContext(folder, config, work.cache, reporter, Wishes())
        self._training: Any = Training(hubert, lambda: hubert, Data(train, none, none), run)
        self.seconds: list[float] = []
        self.losses: list[float] = []
        self._making: list[float] = []
        self._made = 0.0
        for name in ("plan", "batch"):
            setattr(train, name, partial(self._timed, getattr(train, name)))

    def learn(self) -> None:
        """One epoch."""
        began, self._made = time.perf_counter(), 0.0
        self.losses.append(self._training._train())
        self.seconds.append(time.perf_counter() - began)
        self._making.append(self._made)
        self._training.at.end_epoch(is_best=True)

    @property
    def in_network(self) -> float:
        """Per cent of all epochs but the first, in which making batches runs the convolutions."""
        return 100 * (1 - sum(self._making[1:]) / sum(self.seconds[1:]))

    def _timed(self, make: Callable[..., Any], *given: Any) -> Any:
        began = time.perf_counter()
        try:
            return make(*given)
        finally:
            self._made += time.perf_counter() - began


def _arithmetic(work: Workload, ours: _Ours, theirs: float) -> Iterator[Measure]:
    """Of a graphics card: what it computes, and which part that is of what it could. Padding does
    not count: nobody wants it."""
    if not torch.cuda.is_available():
        return
    lengths = [len(sound) / RATE for sound in ours.sounds]
    first, later = (
        sum(s * training_flops(ours.config, s, kept=kept) for s in lengths) / 1e12
        for kept in (False, True)
    )
    whole = first + later * (work.epochs - 1)
    rate = whole / sum(ours.seconds)
    yield Measure("  on the card", rate, "TFLOP/s", whole / theirs, AGAINST, times=3.0)
    peak = peak_flops(torch.cuda.get_device_name())
    if peak is not None:
        share = 100 * later / median(ours.seconds[1:]) / (peak / 1e12)
        name = f"  of its {peak / 1e12:g} TFLOP/s, a later epoch"
        yield Measure(name, share, "%", at_least=35)
