"""Arithmetic of HuBERT-large, counted by hand elsewhere: convolutions 4.905 GFLOP a second of
audio, projection 0.052, positional 0.839, linear layers 30.2, attention 0.246 a second of clip."""

import numpy as np
import pytest

from tests.trainer.tiny import small_hubert
from trainer.contract.config import FinetuneConfig
from trainer.network.flops import convolution_flops, encoder_flops, peak_flops, training_flops
from trainer.sound import audio_backend  # noqa: F401 - before transformers
from trainer.training.throughput import Throughput, throughput

# isort: split
from transformers import HubertConfig

LARGE = HubertConfig(
    hidden_size=1024, num_hidden_layers=24, num_attention_heads=16, intermediate_size=4096
)


@pytest.mark.parametrize(("seconds", "expected"), [(3.3, 36.6), (5, 37.2), (30, 43.4)])
def test_a_forward_pass_takes_what_the_table_says(seconds: float, expected: float) -> None:
    found = convolution_flops(LARGE) + encoder_flops(LARGE, seconds)
    assert found / 1e9 == pytest.approx(expected, rel=0.01)  # edges of a clip are left out there


def test_the_parts_are_those_of_the_table() -> None:
    assert convolution_flops(LARGE) / 1e9 == pytest.approx(4.905, abs=0.005)
    assert (encoder_flops(LARGE, 1) - encoder_flops(LARGE, 0)) / 1e9 == pytest.approx(
        0.246, abs=1e-3
    )
    assert encoder_flops(LARGE, 0) / 1e9 == pytest.approx(0.052 + 0.839 + 30.2, abs=0.02)


@pytest.mark.parametrize(
    ("seconds", "kept", "expected"), [(3.3, False, 100.6), (5, False, 101.8), (5, True, 96.9)]
)
def test_training_takes_what_the_table_says(seconds: float, kept: bool, expected: float) -> None:
    assert training_flops(LARGE, seconds, kept=kept) / 1e9 == pytest.approx(expected, abs=0.15)


def test_adapters_spare_the_gradients_of_frozen_weights() -> None:
    both = [training_flops(LARGE, 5, kept=True, adapters=on) for on in (True, False)]
    assert both[0] / both[1] == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("card", "peak"),
    [("NVIDIA H200", 989e12), ("NVIDIA H100 80GB HBM3", 989e12), ("NVIDIA H100 PCIe", 756e12),
     ("NVIDIA A100-SXM4-80GB", 312e12), ("NVIDIA L40S", 362e12), ("Imagination Z", None)],
)  # fmt: skip
def test_peaks_are_dense_ones_by_the_cards_name(card: str, peak: float | None) -> None:
    assert peak_flops(card) == peak


def test_utilisation_is_what_the_formula_says() -> None:
    """3,850 seconds of audio a second are 40 % of an H200, in clips of 3.3 s."""
    pace = Throughput(3.3, training_flops(LARGE, 3.3, kept=False), 989e12)
    assert pace.mfu(3850 / 3.3) == pytest.approx(0.39, abs=0.005)
    assert pace.audio(10) == pytest.approx(33)


def test_on_a_cpu_there_is_no_peak_to_compare_with() -> None:
    class Two:
        lengths = np.array([50, 150])

        def __len__(self) -> int:
            return 2

    pace = throughput(small_hubert(), Two(), FinetuneConfig())  # type: ignore[arg-type]
    assert pace.seconds == pytest.approx(2.0)
    assert pace.mfu(5) is None
