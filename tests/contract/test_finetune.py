"""Options of fine-tuning: what contradicts is one sentence, what is off changes nothing."""

from typing import Any

import pytest

from trainer.contract.config import RunConfig, config_from_json
from trainer.contract.errors import TrainerError
from trainer.contract.finetune import Augmentation, FinetuneConfig


def _read(**options: Any) -> FinetuneConfig:
    return config_from_json({"recipe": "finetune", "finetune": options}).finetune


def test_options_survive_json_also_the_nested_ones() -> None:
    options = FinetuneConfig("a", lora_rank=8, augment=Augmentation(speed=0.1, noise=10.0))
    config = RunConfig("finetune", finetune=options)
    assert config_from_json(config.to_json()) == config


def test_an_augmentation_counts_as_on_when_anything_is() -> None:
    assert not Augmentation()
    assert all((Augmentation(speed=0.1), Augmentation(noise=0.0), Augmentation(time_mask=0.2)))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"logit_adjustment": 1.0}, "both correct for rare classes"),
        ({"lora_rank": 8}, "only random weights"),
        ({"model": "a", "lora_alpha": 8}, "no LoRA rank"),
        ({"pooling": "max"}, "pooling is 'max', not one of mean, attentive"),
        ({"epochs": "ten"}, "epochs is 'ten', not a whole number from 0 to"),
        ({"epochs": 2.5}, "epochs is 2.5"),
        ({"label_smoothing": 1}, "a number from 0 to 0.9"),
        ({"warm_up": None}, "warm_up is None"),
        ({"gradient_checkpointing": 1}, "not true or false"),
        ({"learning_rate": float("nan")}, "learning_rate is nan"),
        ({"augment": {"speed": True}}, "augment.speed is True"),
        ({"model": ""}, "the name of a model"),
    ],
)
def test_what_cannot_be_meant_is_one_sentence(options: dict[str, Any], words: str) -> None:
    with pytest.raises(TrainerError, match=words) as caught:
        _read(**options)
    assert caught.value.code == "options"
    assert caught.value.hint


def test_another_recipe_does_not_look_at_them() -> None:
    assert config_from_json({"finetune": {"pooling": "max"}}).recipe == "acoustic"


def test_logit_adjustment_takes_the_place_of_class_weights() -> None:
    assert _read(class_weights=False, logit_adjustment=1.0).logit_adjustment == 1.0
