"""torch.compile, layer by layer, where it pays.

All layers share their code, so one of them is compiled for all, and for sizes that vary: a small,
bounded number of graphs (with and without padding, training and scoring), where the whole network
would take minutes and a graph for each length.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

BACKEND = "inductor"
EXPECTED_S, EXPECTED_GAIN = 45.0, 0.15
"""What compiling takes, and the part of a step that it saves: guesses that decide only whether it
is tried. Whether it stays is measured."""
_STEPS = 12
"""Steps timed before and after; the first two of each are warming up."""
_ERRORS = ("torch._dynamo", "torch._inductor")


def worth_trying(step_s: float, steps_left: float) -> bool:
    """Whether what is left is long enough to pay for compiling, twice over, as gains vary."""
    return step_s * steps_left * EXPECTED_GAIN > 2 * EXPECTED_S


def worth_keeping(eager_s: float, compiled_s: float) -> bool:
    """By seconds a second of audio, before and after: compiling is paid for by then."""
    return compiled_s < 0.98 * eager_s


@dataclass(slots=True)
class Compilation:
    """Compiles the layers of `network`, or tries whether that pays, or leaves them alone."""

    network: Any
    mode: str
    tell: Callable[[str], object]
    on: bool = False
    decided: bool = False
    _times: list[float] = field(default_factory=list)
    _eager_s: float = 0.0

    def __post_init__(self) -> None:
        on_card = self.network.device.type == "cuda"
        self.decided = self.mode != "auto" or not on_card
        if self.mode == "on":
            self._switch_on()

    def after_step(self, seconds: float, audio: float, steps_left: float) -> None:
        """Hears how long a step took, for how much audio, and decides when it has heard enough."""
        if self.decided:
            return
        self._times.append(seconds / audio)
        if len(self._times) < _STEPS:
            return
        typical = sorted(self._times[2:])[len(self._times[2:]) // 2]
        self._times.clear()
        if not self.on:
            self._eager_s = typical
            self.decided = not worth_trying(typical * audio, steps_left)
            if not self.decided:
                self._switch_on()
            return
        self.decided = True
        if not worth_keeping(self._eager_s, typical):
            self._switch_off()
        gain = self._eager_s / typical
        self.tell(f"Compiled layers are {gain:.2f} times as fast{'' if self.on else ': not used'}.")

    def gives_up(self, error: Exception) -> bool:
        """Whether an error is one of compiling: then it goes on without."""
        module = type(error).__module__
        if not (self.on and module.startswith(_ERRORS)):
            return False
        self._switch_off()
        self.decided = True
        first = str(error).strip().partition("\n")[0]
        self.tell(f"The layers could not be compiled: {first} The run goes on without.")
        return True

    def _switch_on(self) -> None:
        self.on = True
        for layer in self.network.hubert.encoder.layers:
            layer.compile(dynamic=True, backend=BACKEND)

    def _switch_off(self) -> None:
        self.on = False
        for layer in self.network.hubert.encoder.layers:
            layer._compiled_call_impl = None  # what nn.Module.compile sets; it has no opposite
