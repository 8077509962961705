"""The loop that fine-tunes: warm-up and linear decay, early stopping by dev macro F1.

Every random number of an epoch follows from (seed, epoch), so that on one CPU the same run gives
the same weights bit for bit. The test set is not passed in: nothing here can look at it.
"""

import math
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from trainer.checkpoint import load_best, save_best
from trainer.contract.config import TINY
from trainer.contract.errors import TrainerError
from trainer.contract.labels import CLASSES
from trainer.contract.protocol import (
    CheckpointSaved,
    EpochFinished,
    PredictionsUpdated,
    StepLogged,
)
from trainer.dataset import Examples, padding_waste
from trainer.device import mixed_precision
from trainer.evaluate import confusion_matrix, scores
from trainer.model import Hubert
from trainer.predict import predict
from trainer.recipes.recipe import RunContext

WARM_UP = 0.1
"""Part of the training over which the learning rate rises."""
LONGEST_GRADIENT = 1.0
PRETRAINED_RATE, TINY_RATE = 1e-5, 3e-3


class DivergedError(Exception):
    """Loss or gradient is no longer a finite number."""


class StopWishedError(Exception):
    """Stop here and keep the best."""


@dataclass(frozen=True, slots=True)
class Data:
    """What may be learnt from, chosen by, and watched."""

    train: Examples
    dev: Examples
    watched: Examples


class Training:
    """One fit of `hubert`. `build` makes it anew, as it was in the beginning."""

    def __init__(
        self, hubert: Hubert, build: Callable[[], Hubert], data: Data, run: RunContext
    ) -> None:
        self.build, self.data, self.run = build, data, run
        self.device: torch.device = hubert.network.device
        self.options = run.config.finetune
        pretrained = self.options.model != TINY
        self.rate = self.options.learning_rate or (PRETRAINED_RATE if pretrained else TINY_RATE)
        self.batch_seconds = self.options.batch_seconds
        self.weights = class_weights(data.train, self.options.class_weights).to(self.device)
        self.best: tuple[float, float] | None = None
        """Dev macro F1 and, to decide between equals, the dev loss with its sign turned."""
        self.step = self.seen = 0
        self.spent = 0.0
        self.recovered = self.halved = False
        self._take_up(hubert)

    def fit(self) -> Hubert:
        """Train and return the best network. Raises TrainerError when it cannot go on.

        Of 0 epochs comes the network as it was: the paper's "without fine-tuning" (Table 5).
        """
        if not self.options.epochs:
            self._save(epoch=0)
        try:
            self._train_epochs()
        except StopWishedError:
            if self.best is None:
                self.run.reporter.warn(
                    "Stopped in the first epoch: the model was kept without a look at the dev set."
                )
                self._save(epoch=1)
        self._take_up(load_best(self.run.folder.checkpoints))
        return self.hubert

    def _train_epochs(self) -> None:
        epoch, since_best = 1, 0
        while epoch <= self.options.epochs and since_best < self.options.patience:
            before = self.step, self.seen
            try:
                is_best = self._choose(epoch, self._train(epoch))
            except DivergedError as error:
                self._recover(error)
                self.step, self.seen = before
                continue
            since_best = 0 if is_best else since_best + 1
            epoch += 1

    def _train(self, epoch: int) -> float:
        """Show every clip once; returns the mean loss."""
        order, masks, dropout = (
            np.random.default_rng([self.run.config.seed, epoch, use]) for use in range(3)
        )
        torch.manual_seed(int(dropout.integers(2**62)))
        np.random.seed(int(dropout.integers(2**32)))  # transformers' masks of features
        self.hubert.network.train()
        todo = self.data.train.plan(self.batch_seconds, order)
        self.waste = padding_waste(self.data.train.lengths, todo)
        total = 0.0
        while todo:
            self._check()
            try:
                loss, rate = self._learn(todo[0], masks)
            except torch.OutOfMemoryError as error:
                todo = self._halve(todo, error)
                continue
            total += loss * len(todo.pop(0))
            self._log_step(loss, rate, epoch, len(todo))
        return total / len(self.data.train)

    def _learn(self, numbers: list[int], masks: np.random.Generator) -> tuple[float, float]:
        """One step; returns its loss and its learning rate."""
        started = time.monotonic()
        done = (self.seen + len(numbers) / 2) / (len(self.data.train) * self.options.epochs)
        rate = self.rate * schedule(done)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        batch = self.data.train.batch(numbers, masks)
        with mixed_precision(self.device):
            logits = self.hubert.logits(batch.features, batch.real, batch.masked)
        loss = cross_entropy(logits, batch.labels, self.weights)
        loss.backward()  # type: ignore[no-untyped-call]
        length = torch.nn.utils.clip_grad_norm_(self.parameters, LONGEST_GRADIENT)
        if not (math.isfinite(loss.item()) and math.isfinite(length.item())):
            raise DivergedError(f"loss {loss.item()}, gradient {length.item()}")
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.step += 1
        self.seen += len(numbers)
        self.spent += time.monotonic() - started
        return loss.item(), rate

    def _choose(self, epoch: int, train_loss: float) -> bool:
        """Score the dev set; keep the network if it is the best yet, and say whether it is."""
        dev = self.data.dev
        logits, labels = self._predict(dev), torch.from_numpy(dev.labels)
        dev_loss = cross_entropy(logits, labels, self.weights.cpu()).item()
        if not math.isfinite(dev_loss):
            raise DivergedError(f"dev loss {dev_loss}")
        matrix = confusion_matrix(_names(labels), _names(logits.argmax(dim=1)))
        found = {name: float(value) for name, value in scores(matrix).items()}
        score = found["macro_f1"], -dev_loss
        is_best = self.best is None or score > self.best
        if is_best:
            self._save(epoch)
            self.best = score
        self.run.reporter.send(
            EpochFinished(
                epoch,
                self.options.epochs,
                train_loss,
                dev_loss,
                found["macro_f1"],
                found["uar"],
                matrix.tolist(),
                is_best,
                f"{self.waste:.1%} padding",
            )
        )
        self._tell_watched(epoch)
        return is_best

    def _tell_watched(self, epoch: int) -> None:
        watched = self.data.watched
        if len(watched):
            rows = self._predict(watched).softmax(dim=1).tolist()
            named = {clip.clip_id: row for clip, row in zip(watched.clips, rows, strict=True)}
            self.run.reporter.send(PredictionsUpdated(epoch, named))

    def _predict(self, examples: Examples) -> torch.Tensor:
        return predict(self.hubert, examples, self._check)

    def _check(self) -> None:
        if self.run.wishes.check(something_to_keep=self.step > 0):
            raise StopWishedError

    def _save(self, epoch: int) -> None:
        folder = save_best(self.run.folder.checkpoints, self.hubert, epoch)
        self.run.reporter.send(CheckpointSaved(str(folder), epoch))

    def _take_up(self, hubert: Hubert) -> None:
        """Go on with this network and a fresh optimiser."""
        self.hubert = hubert
        hubert.network.to(self.device)
        self.parameters = [p for p in hubert.network.parameters() if p.requires_grad]
        self.optimizer = torch.optim.AdamW(
            self.parameters, self.rate, weight_decay=self.options.weight_decay, fused=True
        )

    def _recover(self, error: DivergedError) -> None:
        """Go back to the best network and on with a third of the learning rate, once."""
        if self.recovered:
            raise TrainerError(
                f"The training diverged twice ({error}).",
                f"Choose a learning rate well below {self.rate:.1e}.",
                "diverged",
            ) from error
        self.recovered = True
        self.rate /= 3
        kept = self.best is not None
        self._take_up(load_best(self.run.folder.checkpoints) if kept else self.build())
        self.run.reporter.warn(
            f"The training diverged ({error}) and went back to "
            f"{'the best epoch' if kept else 'its start'}.",
            f"It goes on with a third of the learning rate, {self.rate:.1e}.",
        )

    def _halve(self, todo: list[list[int]], error: torch.OutOfMemoryError) -> list[list[int]]:
        """Cut the batches that are left in two, once."""
        if self.halved or len(todo[0]) == 1:
            raise TrainerError(
                f"The graphics card has too little memory for {self.batch_seconds:g} s of audio.",
                "Choose a smaller model, or fewer seconds a batch and a clip.",
                "gpu_oom",
            ) from error
        traceback.clear_frames(error.__traceback__)  # they hold what filled the memory
        self.optimizer.zero_grad()
        torch.cuda.empty_cache()
        self.halved = True
        self.batch_seconds /= 2
        self.run.reporter.warn(
            "The graphics card ran out of memory.",
            f"The run goes on with {self.batch_seconds:g} s of audio a batch.",
        )
        return [half for b in todo for half in (b[: len(b) // 2], b[len(b) // 2 :]) if half]

    def _log_step(self, loss: float, rate: float, epoch: int, left_in_epoch: int) -> None:
        """The number of steps is an estimate: an epoch's batches are drawn when it begins."""
        steps = round((self.step + left_in_epoch) / epoch * self.options.epochs)
        eta = self.spent / self.step * (steps - self.step)
        pace = self.seen / self.spent
        self.run.reporter.send(StepLogged(self.step, steps, loss, rate, pace, eta))


def schedule(done: float) -> float:
    """Learning rate, as a part of its peak, when this part of the training is done."""
    return done / WARM_UP if done < WARM_UP else (1 - done) / (1 - WARM_UP)


def class_weights(train: Examples, balanced: bool) -> torch.Tensor:
    """Weight of each class in the loss: with `balanced`, the rarer the heavier."""
    counts = torch.bincount(torch.from_numpy(train.labels), minlength=len(CLASSES)).float()
    there = counts > 0
    if not balanced:
        return torch.ones(len(CLASSES))
    return torch.where(there, counts.sum() / (there.sum() * counts.clamp(min=1)), 1.0)


def _names(numbers: torch.Tensor) -> list[str]:
    return [CLASSES[i] for i in numbers.tolist()]
