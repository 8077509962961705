"""Compiled layers: the same answers, tried only where it pays, given up with a sentence."""

from collections.abc import Iterator

import pytest
import torch

from tests.trainer.tiny import small_hubert
from trainer.network.model import Hubert
from trainer.training import compiling
from trainer.training.compiling import Compilation, worth_keeping, worth_trying

pytestmark = pytest.mark.filterwarnings("ignore:The .grad attribute of a Tensor")
"""torch._dynamo looks at it while tracing."""
REAL = torch.arange(30) < torch.tensor([30, 12])[:, None]


@pytest.fixture(autouse=True)
def without_a_compiler(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Graphs are traced and then run by Python: what is compiled is the real thing, in seconds."""
    monkeypatch.setattr(compiling, "BACKEND", "eager")
    yield
    torch._dynamo.reset()


def _calm() -> Hubert:
    return small_hubert(hidden_dropout=0.0, attention_dropout=0.0, activation_dropout=0.0)


@pytest.mark.slow
def test_compiled_layers_answer_and_learn_alike_at_a_bounded_number_of_graphs() -> None:
    plain, compiled = _calm(), _calm()
    Compilation(compiled.network, "on", print)
    torch._dynamo.utils.counters.clear()
    for frames in (30, 41, 55, 62):
        features = torch.randn(2, frames, 12)
        for real in (None, torch.arange(frames) < torch.tensor([frames, 12])[:, None]):
            for hubert in (plain, compiled):
                hubert.logits(features, real).square().sum().backward()
    for name, weight in plain.network.named_parameters():
        if weight.grad is not None:
            other = compiled.network.get_parameter(name).grad
            torch.testing.assert_close(other, weight.grad, atol=1e-4, rtol=1e-3)
    assert 1 <= torch._dynamo.utils.counters["stats"]["unique_graphs"] <= 6
    assert plain.network.state_dict().keys() == compiled.network.state_dict().keys()


@pytest.mark.slow
def test_a_compiler_that_fails_is_given_up_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("no C++ compiler")

    monkeypatch.setattr(compiling, "BACKEND", broken)
    hubert, told = _calm(), []
    compilation = Compilation(hubert.network, "on", told.append)
    features = torch.randn(2, 30, 12)
    with pytest.raises(Exception, match="no C") as caught:
        hubert.logits(features, REAL)
    assert compilation.gives_up(caught.value)
    assert "could not be compiled" in told[0]
    assert "\n" not in told[0]
    torch.manual_seed(1)
    found = hubert.logits(features, REAL)
    torch.manual_seed(1)
    torch.testing.assert_close(found, _calm().logits(features, REAL))
    assert not compilation.gives_up(caught.value), "another error is not its own"


def test_other_errors_are_not_blamed_on_the_compiler() -> None:
    compilation = Compilation(small_hubert().network, "off", print)
    compilation.on = True
    assert not compilation.gives_up(ValueError("ours"))


def test_it_is_tried_where_enough_is_left_and_kept_where_it_is_faster() -> None:
    assert worth_trying(step_s=0.2, steps_left=4000)
    assert not worth_trying(step_s=0.2, steps_left=1000)
    assert worth_keeping(0.010, 0.008)
    assert not worth_keeping(0.010, 0.0099)


@pytest.mark.parametrize(("after", "kept"), [(0.5, True), (1.2, False)])
def test_a_trial_is_measured_and_told(after: float, kept: bool) -> None:
    told: list[str] = []
    compilation = Compilation(small_hubert().network, "auto", told.append)
    assert compilation.decided, "never tried on a CPU"
    compilation.decided = False  # as on a card
    for _ in range(12):
        compilation.after_step(1.0, 32.0, steps_left=5000)
    assert compilation.on
    for seconds in (60.0, 9.0, *[after] * 10):
        compilation.after_step(seconds, 32.0, steps_left=5000)
    assert compilation.decided
    assert compilation.on == kept
    assert told == [
        f"Compiled layers are {1 / after:.2f} times as fast{'' if kept else ': not used'}."
    ]


def test_too_few_steps_are_never_compiled_for() -> None:
    compilation = Compilation(small_hubert().network, "auto", print)
    compilation.decided = False
    for _ in range(12):
        compilation.after_step(0.1, 32.0, steps_left=100)
    assert compilation.decided
    assert not compilation.on
