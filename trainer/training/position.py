"""Where a training stands: all that decides how it goes on, out of the running program and back."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch

from trainer.training.descent import Descent
from trainer.training.resume import State

_NETWORK, _OPTIMIZER = "network.", "optimizer."
_RANDOM, _RANDOM_CUDA = "random", "random_cuda"


@dataclass(slots=True)
class Position:
    """The counters of a training. Can be written as JSON."""

    rate: float
    """Peak of the learning rate."""
    batch_seconds: float
    epoch: int = 1
    since_best: int = 0
    best: tuple[float, float] | None = None
    """Dev macro F1 and, to decide between equals, the dev loss with its sign turned."""
    step: int = 0
    seen: int = 0
    """Clips shown, each as often as it was shown."""
    spent: float = 0.0
    """Seconds in steps."""
    recovered: bool = False
    halved: bool = False
    todo: list[list[int]] | None = None
    """Batches that are left in the epoch; None before they are drawn."""
    waste: float = 0.0
    total_loss: float = 0.0
    """Sum over the clips shown in this epoch."""
    began: tuple[int, int] = (0, 0)
    """`step` and `seen` when the epoch began."""

    def begin_epoch(self, todo: list[list[int]], waste: float) -> None:
        self.todo, self.waste, self.total_loss = todo, waste, 0.0
        self.began = self.step, self.seen

    def begin_again(self) -> None:
        """Back to the beginning of the epoch."""
        self.todo = None
        self.step, self.seen = self.began

    def end_epoch(self, is_best: bool) -> None:
        self.since_best = 0 if is_best else self.since_best + 1
        self.epoch += 1
        self.todo = None


def position_in(state: State) -> Position:
    raw = state.values["position"]
    best = tuple(raw["best"]) if raw["best"] else None
    return Position(**{**raw, "best": best, "began": tuple(raw["began"])})


def captured(at: Position, descent: Descent, masks: np.random.Generator) -> State:
    """Everything, between two steps; tensors are not copied."""
    tensors = {_NETWORK + name: value for name, value in descent.network.state_dict().items()}
    tensors |= {_OPTIMIZER + name: value for name, value in descent.tensors()}
    tensors[_RANDOM] = torch.get_rng_state()
    if torch.cuda.is_available():
        tensors[_RANDOM_CUDA] = torch.cuda.get_rng_state()
    numpy_random: Any = np.random.get_state(legacy=False)
    numpy_random["state"]["key"] = numpy_random["state"]["key"].tolist()
    values = {
        "position": asdict(at),
        "masks": masks.bit_generator.state,
        "numpy": numpy_random,
        "scaler": descent.scaler.state_dict(),
    }
    return State(tensors, values)


def fits(state: State, network: Any) -> bool:
    """Whether a state is of this network: an update of the program may have changed its shape."""
    ours = {_NETWORK + name: value.shape for name, value in network.state_dict().items()}
    theirs = {n: t.shape for n, t in state.tensors.items() if n.startswith(_NETWORK)}
    return ours == theirs


def restored(state: State, descent: Descent, masks: np.random.Generator) -> None:
    """Bring back what `captured` took."""
    descent.network.load_state_dict(
        {n.removeprefix(_NETWORK): t for n, t in state.tensors.items() if n.startswith(_NETWORK)}
    )
    for name, saved in state.tensors.items():
        if name.startswith(_OPTIMIZER):
            descent.remember(name.removeprefix(_OPTIMIZER), saved)
    descent.scaler.load_state_dict(state.values["scaler"])
    torch.set_rng_state(state.tensors[_RANDOM])
    if _RANDOM_CUDA in state.tensors and torch.cuda.is_available():
        torch.cuda.set_rng_state(state.tensors[_RANDOM_CUDA])
    numpy_random = state.values["numpy"]
    numpy_random["state"]["key"] = np.array(numpy_random["state"]["key"], dtype=np.uint32)
    np.random.set_state(numpy_random)
    masks.bit_generator.state = state.values["masks"]
