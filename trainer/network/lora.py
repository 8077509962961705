"""Low-rank adapters (Hu et al. 2021): a few weights learn beside an encoder that stays as it is.

They are put into the network in place, so that it stays the HuBERT that the rest knows, and saved
merged: a checkpoint is an ordinary model, and nothing that reads one needs peft.
"""

from typing import Any

import torch

from trainer.contract.finetune import FinetuneConfig
from trainer.network.head import NEW

_ADAPTED = ["q_proj", "v_proj"]
_BASE = ".base_layer."
_ADAPTER = "default"


def add_adapters(network: Any, options: FinetuneConfig, seed: int) -> None:
    """Put adapters of `options.lora_rank` into the attention; only they and the head learn.

    They begin as nothing, so the network answers as before; their random half follows `seed`.
    """
    # Importing peft takes a second, which other trainings need not spend.
    from peft import LoraConfig, inject_adapter_in_model  # noqa: PLC0415

    rank = options.lora_rank
    alpha = 2 * rank if options.lora_alpha is None else options.lora_alpha
    settings = LoraConfig(r=rank, lora_alpha=alpha, target_modules=_ADAPTED)
    torch.manual_seed(seed)
    inject_adapter_in_model(settings, network)
    for name, weight in network.named_parameters():
        if name.startswith(NEW):
            weight.requires_grad_(True)


def merged(network: Any) -> dict[str, torch.Tensor] | None:
    """The weights as if they had been learnt without adapters; None when there are none."""
    adapted = {n: m for n, m in network.named_modules() if hasattr(m, "get_delta_weight")}
    if not adapted:
        return None
    weights = {
        name.replace(_BASE, "."): weight
        for name, weight in network.state_dict().items()
        if ".lora_" not in name
    }
    for name, layer in adapted.items():
        weights[f"{name}.weight"] = layer.weight + layer.get_delta_weight(_ADAPTER)
    return weights
