"""How weights follow their gradients: AdamW, a rate that rises and falls, no step too long."""

import math
from collections.abc import Iterator
from typing import Any

import torch

from trainer.contract.config import FinetuneConfig

WARM_UP = 0.1
"""Part of the training over which the learning rate rises."""
LONGEST_GRADIENT = 1.0


class DivergedError(Exception):
    """Loss or gradient is no longer a finite number."""


class Descent:
    """Steps of all of `network` that learns."""

    def __init__(self, network: Any, options: FinetuneConfig) -> None:
        self.network = network
        self.parameters = [p for p in network.parameters() if p.requires_grad]
        self.optimizer = torch.optim.AdamW(
            self.parameters, weight_decay=options.weight_decay, fused=True
        )

    def aim(self, peak: float, done: float) -> float:
        """Set the learning rate for when this part of the training is done; returns it."""
        rate = peak * schedule(done)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        return rate

    def step(self) -> None:
        """Follow the gradients and forget them. Raises DivergedError when one is not finite."""
        length = torch.nn.utils.clip_grad_norm_(self.parameters, LONGEST_GRADIENT).item()
        if not math.isfinite(length):
            raise DivergedError(f"gradient {length}")
        self.optimizer.step()
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


def schedule(done: float) -> float:
    """Learning rate, as a part of its peak, when this part of the training is done."""
    return done / WARM_UP if done < WARM_UP else (1 - done) / (1 - WARM_UP)
