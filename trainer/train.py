"""The loop that fine-tunes: warm-up and linear decay, early stopping by dev macro F1.

Every random number of an epoch follows from (seed, epoch), so that on one CPU the same run gives
the same weights bit for bit, also when it was killed on the way and goes on from a saved state.
The test set is not passed in: nothing here can look at it.
"""

import math
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from trainer.checkpoint import has_best, load_best, save_best
from trainer.contract.config import TINY
from trainer.contract.errors import TrainerError
from trainer.contract.labels import CLASSES
from trainer.contract.protocol import (
    CheckpointSaved,
    EpochFinished,
    PredictionsUpdated,
    RunResumed,
    StepLogged,
)
from trainer.contract.run_folder import INTERRUPTED
from trainer.dataset import Examples, padding_waste
from trainer.device import mixed_precision
from trainer.evaluate import confusion_matrix, scores
from trainer.faults import is_full
from trainer.model import Hubert
from trainer.position import Position, captured, fits, position_in, restored
from trainer.predict import predict
from trainer.recipes.recipe import RunContext
from trainer.resume import ResumePoints, State
from trainer.wishes import RunEnded

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
        rate = self.options.learning_rate or (PRETRAINED_RATE if pretrained else TINY_RATE)
        self.at = Position(rate, self.options.batch_seconds)
        self.masks = np.random.default_rng()
        self.weights = class_weights(data.train, self.options.class_weights).to(self.device)
        self.points = ResumePoints(run)
        self._take_up(hubert)

    def fit(self) -> Hubert:
        """Train and return the best network. Raises TrainerError when it cannot go on.

        Of 0 epochs comes the network as it was: the paper's "without fine-tuning" (Table 5).
        """
        self._resume()
        if not self.options.epochs:
            self._save(epoch=0)
        try:
            self._train_epochs()
        except RunEnded as ended:
            if ended.status == INTERRUPTED and self.at.step:
                self._keep_state()
            raise
        except StopWishedError:
            if self.at.best is None:
                self.run.reporter.warn(
                    "Stopped in the first epoch: the model was kept without a look at the dev set."
                )
                self._save(epoch=1)
        self._take_up(load_best(self.run.folder.checkpoints))
        return self.hubert

    def _resume(self) -> None:
        """Go on where an interrupted run was, if it left a state that fits."""
        state = self.points.load(self._fits)
        if state is not None:
            self.at = position_in(state)
            restored(state, self.hubert.network, self.optimizer, self.masks)
            self.run.reporter.send(RunResumed(self.at.epoch, self.at.step))

    def _fits(self, state: State) -> bool:
        """Also the best model must be there: it is what the training ends with."""
        kept = position_in(state).best is None or has_best(self.run.folder.checkpoints)
        return kept and fits(state, self.hubert.network)

    def _keep_state(self) -> None:
        self.points.save(captured(self.at, self.hubert.network, self.optimizer, self.masks))

    def _train_epochs(self) -> None:
        at = self.at
        while at.epoch <= self.options.epochs and at.since_best < self.options.patience:
            try:
                is_best = self._choose(self._train())
            except DivergedError as error:
                self._recover(error)
                continue
            at.end_epoch(is_best)
            if self.points.due(epoch_over=True):
                self._keep_state()

    def _train(self) -> float:
        """Show every clip once, or those that are left in the epoch; returns the mean loss."""
        at = self.at
        self.hubert.network.train()
        if at.todo is None:
            self._begin_epoch()
        while at.todo:
            self._check()
            try:
                loss, rate = self._learn(at.todo[0], self.masks)
            except torch.OutOfMemoryError as error:
                at.todo = self._halve(at.todo, error)
                continue
            at.total_loss += loss * len(at.todo.pop(0))
            self._log_step(loss, rate, len(at.todo))
            if self.points.due(epoch_over=False):
                self._keep_state()
        return at.total_loss / len(self.data.train)

    def _begin_epoch(self) -> None:
        order, self.masks, dropout = (
            np.random.default_rng([self.run.config.seed, self.at.epoch, use]) for use in range(3)
        )
        torch.manual_seed(int(dropout.integers(2**62)))
        np.random.seed(int(dropout.integers(2**32)))  # transformers' masks of features
        todo = self.data.train.plan(self.at.batch_seconds, order)
        self.at.begin_epoch(todo, padding_waste(self.data.train.lengths, todo))

    def _learn(self, numbers: list[int], masks: np.random.Generator) -> tuple[float, float]:
        """One step; returns its loss and its learning rate."""
        started = time.monotonic()
        at = self.at
        done = (at.seen + len(numbers) / 2) / (len(self.data.train) * self.options.epochs)
        rate = at.rate * schedule(done)
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
        at.step += 1
        at.seen += len(numbers)
        at.spent += time.monotonic() - started
        return loss.item(), rate

    def _choose(self, train_loss: float) -> bool:
        """Score the dev set; keep the network if it is the best yet, and say whether it is."""
        dev, epoch = self.data.dev, self.at.epoch
        logits, labels = self._predict(dev), torch.from_numpy(dev.labels)
        dev_loss = cross_entropy(logits, labels, self.weights.cpu()).item()
        if not math.isfinite(dev_loss):
            raise DivergedError(f"dev loss {dev_loss}")
        matrix = confusion_matrix(_names(labels), _names(logits.argmax(dim=1)))
        found = {name: float(value) for name, value in scores(matrix).items()}
        score = found["macro_f1"], -dev_loss
        watched = self._watched()  # the last that can be interrupted: an epoch is told once
        is_best = self.at.best is None or score > self.at.best
        if is_best:
            self._save(epoch)
            self.at.best = score
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
                f"{self.at.waste:.1%} padding",
            )
        )
        if watched:
            self.run.reporter.send(PredictionsUpdated(epoch, watched))
        return is_best

    def _watched(self) -> dict[str, list[float]]:
        watched = self.data.watched
        if not len(watched):
            return {}
        rows = self._predict(watched).softmax(dim=1).tolist()
        return {clip.clip_id: row for clip, row in zip(watched.clips, rows, strict=True)}

    def _predict(self, examples: Examples) -> torch.Tensor:
        return predict(self.hubert, examples, self._check)

    def _check(self) -> None:
        if self.run.wishes.check(something_to_keep=self.at.step > 0):
            raise StopWishedError

    def _save(self, epoch: int) -> None:
        """Keep the best, if need be in place of the states to resume from."""
        checkpoints = self.run.folder.checkpoints
        try:
            folder = save_best(checkpoints, self.hubert, epoch)
        except OSError as error:
            if not (is_full(error) and self.points.make_room()):
                raise
            folder = save_best(checkpoints, self.hubert, epoch)
        self.run.reporter.send(CheckpointSaved(str(folder), epoch))

    def _take_up(self, hubert: Hubert) -> None:
        """Go on with this network and a fresh optimiser."""
        self.hubert = hubert
        hubert.network.to(self.device)
        self.parameters = [p for p in hubert.network.parameters() if p.requires_grad]
        self.optimizer = torch.optim.AdamW(
            self.parameters, self.at.rate, weight_decay=self.options.weight_decay, fused=True
        )

    def _recover(self, error: DivergedError) -> None:
        """Go back to the best network and on with a third of the learning rate, once."""
        if self.at.recovered:
            raise TrainerError(
                f"The training diverged twice ({error}).",
                f"Choose a learning rate well below {self.at.rate:.1e}.",
                "diverged",
            ) from error
        self.at.recovered = True
        self.at.rate /= 3
        kept = self.at.best is not None
        self.at.begin_again()
        self._take_up(load_best(self.run.folder.checkpoints) if kept else self.build())
        self.run.reporter.warn(
            f"The training diverged ({error}) and went back to "
            f"{'the best epoch' if kept else 'its start'}.",
            f"It goes on with a third of the learning rate, {self.at.rate:.1e}.",
        )

    def _halve(self, todo: list[list[int]], error: torch.OutOfMemoryError) -> list[list[int]]:
        """Cut the batches that are left in two, once."""
        if self.at.halved or len(todo[0]) == 1:
            raise TrainerError(
                f"The graphics card has too little memory for {self.at.batch_seconds:g} s "
                "of audio.",
                "Choose a smaller model, or fewer seconds a batch and a clip.",
                "gpu_oom",
            ) from error
        traceback.clear_frames(error.__traceback__)  # they hold what filled the memory
        self.optimizer.zero_grad()
        torch.cuda.empty_cache()
        self.at.halved = True
        self.at.batch_seconds /= 2
        self.run.reporter.warn(
            "The graphics card ran out of memory.",
            f"The run goes on with {self.at.batch_seconds:g} s of audio a batch.",
        )
        return [half for b in todo for half in (b[: len(b) // 2], b[len(b) // 2 :]) if half]

    def _log_step(self, loss: float, rate: float, left_in_epoch: int) -> None:
        """The number of steps is an estimate: an epoch's batches are drawn when it begins."""
        at = self.at
        steps = round((at.step + left_in_epoch) / at.epoch * self.options.epochs)
        eta = at.spent / at.step * (steps - at.step)
        self.run.reporter.send(StepLogged(at.step, steps, loss, rate, at.seen / at.spent, eta))


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
