"""The loop that fine-tunes: batches in, steps down, early stopping by dev macro F1.

Every random number of an epoch follows from (seed, epoch), so that on one CPU the same run gives
the same weights bit for bit, also when it was killed on the way and goes on from a saved state.
The test set is not passed in: nothing here can look at it.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch

from trainer.contract.protocol import EpochFinished, PredictionsUpdated, RunResumed, StepLogged
from trainer.contract.run_folder import INTERRUPTED
from trainer.device import precision_on
from trainer.network.loss import loss_for
from trainer.network.model import Hubert
from trainer.prediction.predict import predict
from trainer.recipes.recipe import RunContext
from trainer.training.checkpoint import has_best, load_best
from trainer.training.choosing import dev_score, keep
from trainer.training.compiling import Compilation
from trainer.training.dataset import Examples, padding_waste
from trainer.training.descent import Descent, DivergedError, peak_rate
from trainer.training.gradients import Gradients
from trainer.training.position import Position, captured, fits, position_in, restored
from trainer.training.preparing import made_ready
from trainer.training.recovery import fitting_seconds, halve, slow_down
from trainer.training.resume import ResumePoints, State
from trainer.training.throughput import throughput
from trainer.training.wishes import RunEnded


class StopWishedError(Exception):
    """Stop here and keep the best."""


@dataclass(frozen=True, slots=True)
class Data:
    """What may be learnt from, chosen by, and watched."""

    train: Examples
    dev: Examples
    watched: Examples
    varied: Callable[[int], Examples] | None = None
    """The training clips as an epoch hears them, where they are changed."""

    def shown(self, epoch: int) -> Examples:
        return self.train if self.varied is None else self.varied(epoch)


class Training:
    """One fit of `hubert`. `build` makes it anew, as it was in the beginning."""

    def __init__(
        self, hubert: Hubert, build: Callable[[], Hubert], data: Data, run: RunContext
    ) -> None:
        self.build, self.data, self.run, self.ranks = build, data, run, run.ranks
        self.device: torch.device = hubert.network.device
        self.options = run.config.finetune
        self.at = Position(peak_rate(self.options), fitting_seconds(run))
        self.masks = np.random.default_rng()
        self.shown = data.train
        self.loss = loss_for(self.options, data.train.labels, self.device)
        self.pace = throughput(hubert, data.train, self.options, self.ranks.count)
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
        self.run.facts["batch_seconds"] = self.at.batch_seconds
        if self.ranks.index == 0:  # the others have done their part
            best = load_best(self.run.folder.checkpoints)
            self.hubert = replace(best, precision=self.options.precision)
            self.hubert.network.to(self.device)
        return self.hubert

    def _resume(self) -> None:
        """Go on where an interrupted run was, if it left a state that fits."""
        with self.ranks.first_alone():
            state = self.points.load(self._fits)
        if state is not None:
            self.at = position_in(state)
            restored(state, self.descent, self.masks)
            if self.ranks.index:  # the state holds the first one's dropout
                torch.manual_seed(hash((self.run.config.seed, self.at.step, self.ranks.index)))
            self.run.reporter.send(RunResumed(self.at.epoch, self.at.step))

    def _fits(self, state: State) -> bool:
        """Also the best model must be there: it is what the training ends with."""
        kept = position_in(state).best is None or has_best(self.run.folder.checkpoints)
        return kept and fits(state, self.hubert.network)

    def _keep_state(self) -> None:
        if self.ranks.index == 0:
            self.points.save(captured(self.at, self.descent, self.masks))

    def _train_epochs(self) -> None:
        at = self.at
        while at.epoch <= self.options.epochs and at.since_best < self.options.patience:
            try:
                is_best = self._choose(self._train())
            except DivergedError as error:
                slow_down(at, error, self.run.reporter)
                kept = at.best is not None
                self._take_up(load_best(self.run.folder.checkpoints) if kept else self.build())
                continue
            at.end_epoch(is_best)
            if self.points.due(epoch_over=True):
                self._keep_state()

    def _train(self) -> float:
        """Show every clip once, or those that are left in the epoch; returns the mean loss."""
        at = self.at
        self.hubert.network.train()
        self.shown = self.data.shown(at.epoch)
        if at.todo is None:
            self._begin_epoch()
        while at.todo:
            self._check()
            try:
                loss, rate = self._learn(at.todo[0], self.masks)
            except torch.OutOfMemoryError as error:
                self.descent.forget()
                halve(at, error, self.run)
                continue
            at.total_loss += loss * len(at.todo.pop(0))
            self._log_step(loss, rate)
            if self.points.due(epoch_over=False):
                self._keep_state()
        return at.total_loss / len(self.data.train)

    def _begin_epoch(self) -> None:
        order, self.masks, dropout = (
            np.random.default_rng([self.run.config.seed, self.at.epoch, use]) for use in range(3)
        )
        torch.manual_seed(int(dropout.integers(2**62)) + self.ranks.index)
        np.random.seed(int(dropout.integers(2**32)))  # transformers' masks of features
        todo = self.shown.plan(self.at.batch_seconds, order)
        self.at.begin_epoch(todo, padding_waste(self.shown.lengths, todo))

    def _learn(self, numbers: list[int], masks: np.random.Generator) -> tuple[float, float]:
        """One step; returns its loss and its learning rate."""
        started = time.monotonic()
        at = self.at
        done = (at.seen + len(numbers) / 2) / (len(self.data.train) * self.options.epochs)
        rate = self.descent.aim(at.rate, done)
        loss = self.gradients.leave(self.shown, numbers, masks)
        if not math.isfinite(loss):
            raise DivergedError(f"loss {loss}")
        self.descent.step()
        at.step += 1
        at.seen += len(numbers)
        took = time.monotonic() - started
        at.spent += took
        self.compilation.after_step(took, self.pace.audio(len(numbers)), self._steps() - at.step)
        return loss, rate

    def _choose(self, train_loss: float) -> bool:
        """Score the dev set; keep the network if it is the best yet, and say whether it is."""
        at, dev = self.at, self.data.dev
        found = dev_score(self._predict(dev), dev.labels, self.loss)
        watched = self._watched()  # the last that can be interrupted: an epoch is told once
        is_best = at.best is None or found.rank > at.best
        if is_best:
            self._save(at.epoch)
            at.best = found.rank
        self.run.reporter.send(
            EpochFinished(
                at.epoch,
                self.options.epochs,
                train_loss,
                found.loss,
                found.macro_f1,
                found.uar,
                found.matrix,
                is_best,
                f"{at.waste:.1%} padding",
            )
        )
        if watched:
            self.run.reporter.send(PredictionsUpdated(at.epoch, watched))
        return is_best

    def _watched(self) -> dict[str, list[float]]:
        watched = self.data.watched
        if not len(watched):
            return {}
        rows = self._predict(watched).softmax(dim=1).tolist()
        return {clip.clip_id: row for clip, row in zip(watched.clips, rows, strict=True)}

    def _predict(self, examples: Examples) -> torch.Tensor:
        """Logits, by all processes; of several, none is asked on the way, as they might disagree
        about where they are."""
        alone = self.ranks.count == 1
        check = self._check if alone else self.descent.forget
        logits = predict(self.hubert, examples, check, self.ranks.part)
        self.ranks.add_up([logits])
        return logits

    def _check(self) -> None:
        self.ranks.agree(self.run.wishes)
        if self.run.wishes.check(something_to_keep=self.at.step > 0):
            raise StopWishedError

    def _save(self, epoch: int) -> None:
        with self.ranks.first_alone():
            if self.ranks.index == 0:
                keep(self.hubert, epoch, self.run, self.points)

    def _take_up(self, hubert: Hubert) -> None:
        """Go on with this network and a fresh optimiser."""
        options = self.options
        self.hubert = made_ready(hubert, options, self.device, self.run.config.seed)
        network = self.hubert.network
        self.descent = Descent(network, options, precision_on(self.device, options.precision))
        self.compilation = Compilation(network, options.compile, self.run.reporter.warn)
        self.gradients = Gradients(
            self.hubert, self.descent, self.loss, self.ranks, self.compilation
        )

    def _log_step(self, loss: float, rate: float) -> None:
        at, steps = self.at, self._steps()
        eta = at.spent / at.step * (steps - at.step)
        speed = at.seen / at.spent
        self.run.reporter.send(
            StepLogged(
                at.step,
                steps,
                loss,
                rate,
                speed,
                eta,
                at.waste,
                self.pace.audio(speed),
                self.pace.mfu(speed),
            )
        )

    def _steps(self) -> int:
        """Of the whole training, an estimate: an epoch's batches are drawn when it begins."""
        at = self.at
        return round((at.step + len(at.todo or ())) / at.epoch * self.options.epochs)
