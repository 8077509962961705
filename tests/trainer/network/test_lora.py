"""Adapters: they begin as nothing, learn alone with the head, and leave an ordinary model."""

from pathlib import Path

import torch

from tests.trainer.tiny import small_hubert
from trainer.contract.config import FinetuneConfig
from trainer.network.lora import add_adapters, merged
from trainer.network.model import Hubert
from trainer.network.pretrained import load_hubert, save_hubert

OPTIONS = FinetuneConfig("a", lora_rank=4)


def _adapted(seed: int = 5) -> Hubert:
    hubert = small_hubert()
    add_adapters(hubert.network, OPTIONS, seed)
    hubert.network.eval()
    return hubert


FEATURES = torch.randn(2, 30, 12, generator=torch.Generator().manual_seed(1))


@torch.no_grad()
def test_adapters_begin_as_nothing_and_follow_the_seed() -> None:
    plain = small_hubert()
    plain.network.eval()
    torch.testing.assert_close(_adapted().logits(FEATURES), plain.logits(FEATURES))
    one, same, other = (_adapted(seed).network.state_dict() for seed in (5, 5, 6))
    assert all(torch.equal(v, same[k]) for k, v in one.items())
    assert not all(torch.equal(v, other[k]) for k, v in one.items())


def test_only_adapters_and_head_learn() -> None:
    learnt = {n for n, p in _adapted().network.named_parameters() if p.requires_grad}
    parts = {"lora" if ".lora_" in name else name.partition(".")[0] for name in learnt}
    assert parts == {"lora", "projector", "classifier"}
    assert sum(".lora_" in name for name in learnt) == 2 * 2 * 2, "layers, q and v, A and B"


def test_what_is_saved_is_an_ordinary_model_that_answers_alike(tmp_path: Path) -> None:
    hubert = _adapted()
    with torch.no_grad():
        for name, weight in hubert.network.named_parameters():
            if ".lora_B" in name:
                weight.normal_(0, 0.3)
    before = {name: value.clone() for name, value in hubert.network.state_dict().items()}
    save_hubert(hubert, tmp_path)
    assert all(torch.equal(v, before[k]) for k, v in hubert.network.state_dict().items())
    back = load_hubert(tmp_path, "saved")
    back.network.eval()
    assert back.network.state_dict().keys() == small_hubert().network.state_dict().keys()
    with torch.no_grad():
        said = hubert.logits(FEATURES)
        torch.testing.assert_close(back.logits(FEATURES), said, atol=1e-5, rtol=0)
        assert (small_hubert().logits(FEATURES) - said).abs().max() > 1e-3


def test_without_adapters_there_is_nothing_to_merge() -> None:
    assert merged(small_hubert().network) is None
