"""Where the model computes, in which precision, and with how many threads."""

import os
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext

import torch

from trainer.contract.errors import TrainerError
from trainer.granted import usable_cores

AUTO, BFLOAT16, FLOAT16, FLOAT32 = "auto", "bfloat16", "float16", "float32"
_BFLOAT16_FROM, _FLOAT16_FROM = 8, 7
"""Major compute capability: Ampere multiplies bfloat16, Volta and Turing float16, in hardware.
Pascal knows float16 and is slow at it."""
_HARDWARE = ("avx512_bf16", "amx_bf16")
"""What a CPU has that multiplies bfloat16: one without is 16 times slower than in float32."""


def choose_device() -> torch.device:
    """A CUDA card when there is one, else the CPU.

    Apple's MPS is left out until someone has measured that it gives the same scores. Of several
    cards each process has its own (`training/together.py`); `accelerate launch --cpu` counts.
    """
    on_cpu = os.environ.get("ACCELERATE_USE_CPU", "").lower() in ("1", "true", "yes")
    return torch.device("cuda" if torch.cuda.is_available() and not on_cpu else "cpu")


def describe_device(device: torch.device, asked: str = AUTO) -> str:
    """As shown to people, e.g. `NVIDIA H100 (bfloat16)` or `cpu (2 threads)`."""
    precision = precision_on(device, asked)
    if device.type == "cuda":
        return f"{torch.cuda.get_device_name(device)} ({precision})"
    reduced = "" if precision == FLOAT32 else f", {precision}"
    return f"cpu ({torch.get_num_threads()} threads{reduced})"


def precision_on(device: torch.device, asked: str = AUTO) -> str:
    """The precision of matrix products on this device. Raises TrainerError for one it lacks."""
    if device.type == "cuda":
        return choose_precision(asked, torch.cuda.get_device_capability(device)[0])
    has: dict[str, bool] = getattr(torch.cpu, "get_capabilities", dict)()  # not in torch 2.11
    return choose_precision(asked, None, (name for name in _HARDWARE if has.get(name)))


def choose_precision(asked: str, capability: int | None, hardware: Iterable[str] = ()) -> str:
    """`asked`, or for `auto` the fastest that is as good: of a card with this major compute
    `capability`, or of a CPU (None) with this `hardware`, which is left at float32.

    Raises TrainerError for a precision that the device would only imitate."""
    fits = {FLOAT32}
    if capability is None:
        fits |= {BFLOAT16} if set(hardware) & set(_HARDWARE) else set()
    else:
        fits |= {FLOAT16} if capability >= _FLOAT16_FROM else set()
        fits |= {BFLOAT16} if capability >= _BFLOAT16_FROM else set()
    if asked == AUTO:
        best = (FLOAT32,) if capability is None else (BFLOAT16, FLOAT16, FLOAT32)
        return next(name for name in best if name in fits)
    if asked not in fits:
        where = "This CPU" if capability is None else "This graphics card"
        raise TrainerError(
            f"{where} has no hardware for {asked}.", "Choose the precision `auto`.", "options"
        )
    return asked


def mixed_precision(device: torch.device, asked: str = AUTO) -> AbstractContextManager[object]:
    """Matrix products as `precision_on` says; weights, gradients and optimiser stay float32."""
    precision = precision_on(device, asked)
    if precision == FLOAT32:
        return nullcontext()
    return torch.autocast(device.type, torch.bfloat16 if precision == BFLOAT16 else torch.float16)


def settle(device: torch.device) -> None:
    """Once in a process: no more threads than the CPU time we may use, and on a card TF32 for
    the products that are left in float32."""
    if device.type == "cuda":
        torch.set_float32_matmul_precision("high")
        torch.backends.cudnn.allow_tf32 = True
    else:
        torch.set_num_threads(min(torch.get_num_threads(), usable_cores()))
