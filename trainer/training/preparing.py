"""A network as the options want it trained: what learns, what is kept, where, and how exactly."""

from dataclasses import replace

import torch

from trainer.contract.finetune import FinetuneConfig
from trainer.device import FLOAT32, precision_on
from trainer.network.lora import add_adapters
from trainer.network.model import Hubert
from trainer.network.quick_layers import quicken


def made_ready(hubert: Hubert, options: FinetuneConfig, device: torch.device, seed: int) -> Hubert:
    """The network on `device`, changed in place. Raises TrainerError for a precision it lacks."""
    network = hubert.network
    if options.lora_rank:
        add_adapters(network, options, seed)
    if options.gradient_checkpointing:
        # its name until transformers 5.22, deprecated since
        older = network.gradient_checkpointing_enable
        getattr(network, "activation_checkpointing_enable", older)()
    network.to(device)
    if device.type == "cpu" and precision_on(device, options.precision) == FLOAT32:
        quicken(network)
    return replace(hubert, precision=options.precision)
