"""What the options make of a network before it learns."""

import pytest
import torch

from tests.trainer.tiny import small_hubert
from trainer.contract.config import FinetuneConfig
from trainer.contract.errors import TrainerError
from trainer.device import precision_on
from trainer.training.preparing import made_ready

CPU = torch.device("cpu")


def test_without_options_all_but_the_convolutions_learns() -> None:
    network = made_ready(small_hubert(), FinetuneConfig(), CPU, 1).network
    still = {n for n, p in network.named_parameters() if not p.requires_grad}
    assert still
    assert all(name.startswith("hubert.feature_extractor.") for name in still)
    assert not network.is_activation_checkpointing


def test_each_option_reaches_the_network() -> None:
    options = FinetuneConfig("a", lora_rank=2, gradient_checkpointing=True, precision="float32")
    hubert = made_ready(small_hubert(), options, CPU, 1)
    assert hubert.precision == "float32"
    assert hubert.network.is_activation_checkpointing
    assert any(".lora_A" in name for name in hubert.network.state_dict())


def test_a_precision_that_the_machine_lacks_is_refused_before_the_first_step() -> None:
    with pytest.raises(TrainerError, match="no hardware for float16"):
        made_ready(small_hubert(), FinetuneConfig("a", precision="float16"), CPU, 1)
    assert precision_on(CPU, "float32") == "float32"
