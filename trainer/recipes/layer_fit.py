"""Fits the head of the probe with numpy alone: multinomial logistic regression and layer weights.

The head's loss is convex, and its curvature has a bound that no step changes (Böhning 1992,
"Multinomial logistic regression algorithm"): inverted once, it takes the place of a line search.
"""

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.contract.labels import CLASSES
from trainer.recipes.layer_head import Array, LayerHead, Mixture

SAMPLE = 500
"""Clips from which layers are scaled and weighed: 25 weights need no more, and a clip's states are
25 times as much to go through as their mixture."""
SHARES_STRENGTH = 0.001
"""Inverse regularisation of the head while layers are weighed: strong, so that no layer wins by
remembering clips."""
ROUNDS = 3
_STEPS, _SHARE_STEPS = 200, 30
_BIAS_PULL = 0.01
"""The bias is free, but for what keeps it in one place."""
_ENOUGH = 1e-4
"""Of the loss per clip: steps that promise less end the fit."""
_NEVER = np.float32(-1e4)
"""Logit of a class that no clip has."""

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Targets:
    """What clips are, and how much each counts."""

    classes: Numbers
    one_hot: Array
    """(clips, classes that occur)."""
    weights: Array
    """(clips, 1): every class counts the same, and they add up to the number of clips."""
    occurring: Numbers

    @classmethod
    def of(cls, classes: Numbers) -> "Targets":
        occurring, places, counts = np.unique(classes, return_inverse=True, return_counts=True)
        one_hot = np.eye(len(occurring), dtype=np.float32)[places]
        weights = (len(classes) / (len(occurring) * counts))[places].astype(np.float32)
        return cls(classes, one_hot, weights[:, None], occurring)

    def among(self, places: Numbers) -> "Targets":
        """Those of some of the clips, each counting as much as among all."""
        classes, one_hot = self.classes[places], self.one_hot[places]
        return Targets(classes, one_hot, self.weights[places], self.occurring)


class HeadFit:
    """Heads over the same vectors, (clips, width), for one strength after the other."""

    def __init__(self, vectors: Array, targets: Targets) -> None:
        self._rows: Array = np.column_stack([vectors, np.ones(len(vectors), np.float32)])
        self.targets = targets
        rows, weights = self._rows, targets.weights
        few = len(rows) < rows.shape[1]
        self._curvature = None if few else 0.5 * (rows.T @ (weights * rows))
        self._inverses: dict[float, Array] = {}
        self._found = np.zeros((rows.shape[1], targets.one_hot.shape[1]), np.float32)

    def among(self, places: Numbers) -> "HeadFit":
        """The same over some of the clips, each counting as before: what bounds the curvature of
        all bounds theirs, and need not be inverted again."""
        part = copy(self)
        part._rows, part.targets = self._rows[places], self.targets.among(places)
        part._found = np.zeros_like(self._found)
        return part

    def solve(self, strength: float) -> Array:
        """Weights and, in the last row, biases, (width + 1, classes that occur).

        Minimises the weighted cross-entropy summed over clips plus half the squared weights
        divided by `strength`, beginning from the answer before: accelerated (Nesterov).
        """
        pull = np.full((len(self._found), 1), 1 / strength, np.float32)
        pull[-1] = _BIAS_PULL
        divided = self._by_curvature(pull, strength)
        found = ahead = self._found
        momentum = 1.0
        for _ in range(_STEPS):
            wrong = (_softmax(self._rows @ ahead) - self.targets.one_hot) * self.targets.weights
            slope = self._rows.T @ wrong + pull * ahead
            step = divided(slope)
            before, found = found, ahead - step
            if float((slope * step).sum()) < _ENOUGH * len(self._rows):
                break
            if float((slope * (found - before)).sum()) > 0:  # overshot
                momentum = 1.0
            faster = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
            ahead = found + np.float32((momentum - 1) / faster) * (found - before)
            momentum = faster
        self._found = found
        return found

    def _by_curvature(self, pull: Array, strength: float) -> Callable[[Array], Array]:
        """What divides a slope by the bound of the curvature; of the smaller of its two forms."""
        if self._curvature is not None:
            if strength not in self._inverses:
                whole = self._curvature + np.diag(pull[:, 0])
                self._inverses[strength] = np.linalg.inv(whole)
            return partial(np.matmul, self._inverses[strength])
        pulled: Array = np.divide(self._rows, pull.T, dtype=np.float32)
        room = np.diag(2 / self.targets.weights[:, 0])
        between = np.linalg.inv(pulled @ self._rows.T + room).astype(np.float32)

        def divided(slope: Array) -> Array:
            less: Array = pulled.T @ (between @ (pulled @ slope))  # Woodbury's identity
            return slope / pull - less

        return divided


def weigh_layers(states: Sequence[npt.NDArray[Any]], classes: Numbers, seed: int) -> Mixture:
    """Scales of all hidden states and their learnt shares, from (states, width) for each clip.

    Head and shares are fitted in turn, each to the other, beginning with equal shares.
    """
    chosen = _sample(classes, seed)
    sample = np.stack([states[i] for i in chosen]).astype(np.float32)
    mean, scale = sample.mean(axis=0), sample.std(axis=0)
    scale[scale < 1e-6] = 1
    sample -= mean
    sample /= scale
    targets = Targets.of(classes[chosen])
    shares = np.full(sample.shape[1], 1 / sample.shape[1], np.float32)
    for _ in range(ROUNDS):
        head = HeadFit(shares @ sample, targets).solve(SHARES_STRENGTH)
        shares = _better_shares(sample @ head[:-1], head[-1], targets, shares)
    return Mixture(mean, scale, shares)


def layer_head(encoder: str, mixture: Mixture, found: Array, targets: Targets) -> LayerHead:
    """From what `HeadFit.solve` gives, for all classes."""
    weights = np.zeros((len(found) - 1, len(CLASSES)), np.float32)
    bias = np.full(len(CLASSES), _NEVER, np.float32)
    weights[:, targets.occurring], bias[targets.occurring] = found[:-1], found[-1]
    return LayerHead(encoder, mixture, weights, bias)


def _better_shares(said: Array, bias: Array, targets: Targets, shares: Array) -> Array:
    """Shares with less loss, given what each state alone says, (clips, states, classes).

    Exponentiated gradient, which stays above 0 as a softmax does. Only at the end shares are made
    to add up to 1: how sure the answers are is the head's business, and says nothing of a layer.
    """
    rate = 1.0
    loss, slope = _loss_of_shares(said, bias, targets, shares)
    for _ in range(_SHARE_STEPS):
        tried = shares * np.exp(np.clip(-rate * slope, -1, 1))
        new_loss, new_slope = _loss_of_shares(said, bias, targets, tried)
        if new_loss <= loss:
            shares, loss, slope, rate = tried, new_loss, new_slope, rate * 1.5
        else:
            rate /= 2
    shares /= shares.sum()
    return shares


def _loss_of_shares(
    said: Array, bias: Array, targets: Targets, shares: Array
) -> tuple[float, Array]:
    """Mean loss, and its slope along each share."""
    answers = _softmax(np.einsum("nsc,s->nc", said, shares) + bias)
    wrong = (answers - targets.one_hot) * targets.weights
    right = (answers * targets.one_hot).sum(axis=1, keepdims=True)
    loss = -float((np.log(np.maximum(right, 1e-12)) * targets.weights).mean())
    return loss, np.asarray(np.einsum("nsc,nc->s", said, wrong) / len(said), np.float32)


def _sample(classes: Numbers, seed: int) -> Numbers:
    """At most `SAMPLE` clips, of each class as many as there are or as fit; in order."""
    if len(classes) <= SAMPLE:
        return np.arange(len(classes))
    shuffled = np.random.default_rng(seed).permutation(len(classes))
    places = np.empty(len(classes), np.int64)
    for kind in np.unique(classes):
        of_kind = shuffled[classes[shuffled] == kind]
        places[of_kind] = np.arange(len(of_kind))
    return np.sort(shuffled[np.argsort(places[shuffled], kind="stable")][:SAMPLE])


def _softmax(logits: Array) -> Array:
    grown = np.exp(logits - logits.max(axis=1, keepdims=True))
    answers: Array = grown / grown.sum(axis=1, keepdims=True)
    return answers
