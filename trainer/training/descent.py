"""How weights follow their gradients: AdamW, a rate that rises and falls, no step too long."""

import math
from collections.abc import Iterator
from typing import Any

import torch

from trainer.contract.config import TINY, FinetuneConfig
from trainer.device import FLOAT16, FLOAT32
from trainer.training.ranks import Ranks

LONGEST_GRADIENT = 1.0
PRETRAINED_RATE, LORA_RATE, TINY_RATE = 1e-5, 3e-4, 3e-3


class DivergedError(Exception):
    """Loss or gradient is no longer a finite number."""


class Descent:
    """Steps of all of `network` that learns."""

    def __init__(self, network: Any, options: FinetuneConfig, precision: str = FLOAT32) -> None:
        self.network = network
        # Gradients in float16 are made larger, lest the small ones vanish: off, it does nothing.
        kind = next(network.parameters()).device.type
        self.scaler = torch.amp.GradScaler(kind, enabled=precision == FLOAT16)
        self.parameters = [p for p in network.parameters() if p.requires_grad]
        self._options = options
        self.optimizer = torch.optim.AdamW(
            self._groups(), weight_decay=options.weight_decay, fused=True
        )

    def aim(self, peak: float, done: float) -> float:
        """Set the learning rates for when this part of the training is done; returns the
        encoder's, whose peak is given."""
        rate = peak * schedule(done, self._options.warm_up, self._options.decay)
        for group in self.optimizer.param_groups:
            group["lr"] = rate * group["part"]
        return rate

    def _groups(self) -> list[dict[str, Any]]:
        """All weights together, or the head apart, at a rate that is a `part` of the rest's."""
        if self._options.head_rate is None:
            return [{"params": self.parameters, "part": 1.0}]
        named = [(n, p) for n, p in self.network.named_parameters() if p.requires_grad]
        encoder = [p for n, p in named if n.startswith("hubert.")]
        head = [p for n, p in named if not n.startswith("hubert.")]
        part = self._options.head_rate / peak_rate(self._options)
        return [{"params": encoder, "part": 1.0}, {"params": head, "part": part}]

    def add_up(self, ranks: Ranks, loss: float) -> float:
        """Gradients and loss of all processes together; returns the loss. What no process has a
        gradient for keeps none."""
        if ranks.count == 1:
            return loss
        facts = torch.tensor([loss, *(p.grad is not None for p in self.parameters)]).double()
        ranks.add_up([facts])
        total, *counts = facts.tolist()
        learnt = [p for p, count in zip(self.parameters, counts, strict=True) if count]
        for parameter in learnt:
            if parameter.grad is None:
                parameter.grad = torch.zeros_like(parameter)
        ranks.add_up([p.grad for p in learnt if p.grad is not None])
        return float(total)

    def backward(self, loss: torch.Tensor) -> None:
        self.scaler.scale(loss).backward()  # type: ignore[no-untyped-call]

    def step(self) -> None:
        """Follow the gradients and forget them. Raises DivergedError when one is not finite; in
        float16 such a step is passed over, and the next is scaled less, as long as it can be."""
        self.scaler.unscale_(self.optimizer)
        length = torch.nn.utils.clip_grad_norm_(self.parameters, LONGEST_GRADIENT).item()
        passed_over = self.scaler.is_enabled() and self.scaler.get_scale() > 1
        if not (math.isfinite(length) or passed_over):
            raise DivergedError(f"gradient {length}")
        self.scaler.step(self.optimizer)
        self.scaler.update()
        self.forget()

    def forget(self) -> None:
        self.optimizer.zero_grad()

    def tensors(self) -> Iterator[tuple[str, torch.Tensor]]:
        """What the optimiser remembers, named by kind and weight."""
        for name, parameter in self.network.named_parameters():
            for key, value in self.optimizer.state.get(parameter, {}).items():
                yield f"{key}.{name}", value

    def remember(self, name: str, saved: torch.Tensor) -> None:
        """Bring back one of `tensors`, copied into memory laid out as in a run that was never
        killed, so that the arithmetic is the same to the last bit."""
        key, _, of = name.partition(".")
        parameter = self.network.get_parameter(of)
        like = parameter if key != "step" else torch.empty((), device=parameter.device)
        self.optimizer.state[parameter][key] = torch.empty_like(like).detach().copy_(saved)


def peak_rate(options: FinetuneConfig) -> float:
    """The encoder's peak learning rate: the one asked for, or what suits the model."""
    if options.learning_rate:
        return options.learning_rate
    if options.model == TINY:
        return TINY_RATE
    return LORA_RATE if options.lora_rank else PRETRAINED_RATE


def schedule(done: float, warm_up: float = 0.1, decay: str = "linear") -> float:
    """Learning rate, as a part of its peak, when this part of the training is done."""
    if done < warm_up:
        return done / warm_up
    left = (1 - done) / (1 - warm_up)
    return left if decay == "linear" else (1 - math.cos(math.pi * left)) / 2
