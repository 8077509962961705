"""Where the model computes, and in which precision."""

import os
from contextlib import AbstractContextManager, nullcontext

import torch


def choose_device() -> torch.device:
    """A CUDA card when there is one, else the CPU.

    Apple's MPS is left out until someone has measured that it gives the same scores. Of several
    cards each process has its own, chosen by `trainer.together`; `accelerate launch --cpu` counts.
    """
    on_cpu = os.environ.get("ACCELERATE_USE_CPU", "").lower() in ("1", "true", "yes")
    return torch.device("cuda" if torch.cuda.is_available() and not on_cpu else "cpu")


def describe_device(device: torch.device) -> str:
    """As shown to people, e.g. `NVIDIA H100 (bfloat16)` or `cpu (2 threads)`."""
    if device.type == "cuda":
        precision = "bfloat16" if computes_in_bfloat16(device) else "float32"
        return f"{torch.cuda.get_device_name(device)} ({precision})"
    return f"cpu ({torch.get_num_threads()} threads)"


def computes_in_bfloat16(device: torch.device) -> bool:
    """Only on cards with hardware for it: on a CPU without, it is 16 times slower than float32."""
    return device.type == "cuda" and torch.cuda.get_device_capability(device)[0] >= 8


def mixed_precision(device: torch.device) -> AbstractContextManager[object]:
    """bfloat16 where it pays; weights, gradients and optimiser stay float32."""
    if computes_in_bfloat16(device):
        return torch.autocast(device.type, torch.bfloat16)
    return nullcontext()
