"""Precision by what the hardware can do."""

import pytest
import torch

from trainer.contract.errors import TrainerError
from trainer.device import choose_precision, mixed_precision, precision_on

CPU = torch.device("cpu")


@pytest.mark.parametrize(
    ("capability", "hardware", "expected"),
    [
        (9, (), "bfloat16"),  # H100
        (8, (), "bfloat16"),  # A100
        (7, (), "float16"),  # V100, T4
        (6, (), "float32"),  # P100: knows float16, without hardware for its products
        (None, (), "float32"),
        (None, ("amx_bf16", "avx512_bf16"), "float32"),  # nobody has measured it for training
    ],
)
def test_auto_takes_what_the_device_is_made_for(
    capability: int | None, hardware: tuple[str, ...], expected: str
) -> None:
    assert choose_precision("auto", capability, hardware) == expected


@pytest.mark.parametrize(
    ("asked", "capability", "hardware"),
    [
        ("bfloat16", None, ()),
        ("float16", None, ("amx_bf16",)),
        ("bfloat16", 7, ()),
        ("float16", 6, ()),
    ],
)
def test_a_precision_that_would_be_imitated_is_refused(
    asked: str, capability: int | None, hardware: tuple[str, ...]
) -> None:
    with pytest.raises(TrainerError, match=f"no hardware for {asked}"):
        choose_precision(asked, capability, hardware)


def test_what_is_asked_for_and_fits_is_taken() -> None:
    assert choose_precision("bfloat16", None, ("avx512_bf16",)) == "bfloat16"
    assert choose_precision("float32", 9) == "float32"
    assert choose_precision("float16", 8) == "float16"


def test_a_cpu_computes_in_float32_unless_told_otherwise() -> None:
    assert precision_on(CPU) == "float32"
    with mixed_precision(CPU):
        assert not torch.is_autocast_enabled("cpu")
