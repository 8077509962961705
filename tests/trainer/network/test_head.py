"""The head: what it says of a clip does not depend on its batch, whatever is pooled and how."""

from pathlib import Path

import pytest
import torch
from torch.nn.utils.rnn import pad_sequence

from tests.trainer.tiny import GROUP_NORM, small_config, small_hubert
from trainer.network.head import AttentivePooling, Head, answer
from trainer.network.pretrained import build_hubert, load_hubert, save_hubert
from trainer.sound import audio_backend  # noqa: F401 - before transformers

# isort: split
from transformers import HubertForCTC

HEADS = [Head(p, s) for p in ("mean", "attentive") for s in ("last", "weighted")]
LENGTHS = (40, 25, 11)


@pytest.mark.parametrize("norm", [{}, GROUP_NORM], ids=["layer norm", "group norm"])
@pytest.mark.parametrize("head", HEADS, ids=lambda head: f"{head.pooling} {head.layers}")
@torch.no_grad()
def test_padding_changes_no_answer(head: Head, norm: dict[str, object]) -> None:
    network = small_hubert(head=head, **norm).network.eval()
    rows = [torch.randn(n, 24, generator=torch.Generator().manual_seed(n)) for n in LENGTHS]
    real = torch.arange(max(LENGTHS)) < torch.tensor(LENGTHS)[:, None]
    together = answer(network, pad_sequence(rows, batch_first=True), real)
    for row, said in zip(rows, together, strict=True):
        torch.testing.assert_close(said, answer(network, row[None])[0], atol=1e-5, rtol=0)
    assert (together[0] - together[1]).abs().max() > 1e-4


def test_attention_follows_the_frame_it_was_taught_to() -> None:
    pooling = AttentivePooling(4)
    with torch.no_grad():
        pooling.score[0].weight.copy_(torch.eye(4))
        pooling.score[2].weight.copy_(torch.tensor([[50.0, 0, 0, 0]]))
    frames = torch.zeros(1, 6, 4)
    frames[0, 3] = torch.tensor([3.0, 1, 2, 3])
    torch.testing.assert_close(pooling(frames, None)[0], frames[0, 3])
    real = torch.tensor([[True, True, True, False, False, False]])
    torch.testing.assert_close(pooling(frames, real)[0], frames[0, 0])


def test_every_part_of_the_head_learns() -> None:
    network = small_hubert(head=Head("attentive", "weighted")).network
    answer(network, torch.randn(2, 30, 24)).square().sum().backward()
    above = {n: p for n, p in network.named_parameters() if not n.startswith("hubert.")}
    assert {n.partition(".")[0] for n in above} == {
        "projector",
        "classifier",
        "pooling",
        "layer_weights",
    }
    # the bias of a softmax's scores moves all alike: it has no gradient by nature
    assert all(p.grad.abs().max() > 0 for n, p in above.items() if n != "pooling.score.2.bias")


@pytest.mark.parametrize("head", HEADS[1:], ids=lambda head: f"{head.pooling} {head.layers}")
def test_a_head_is_read_back_as_it_was_saved(head: Head, tmp_path: Path) -> None:
    saved = small_hubert(3, head)
    save_hubert(saved, tmp_path)
    back = load_hubert(tmp_path, "saved").network
    weights = saved.network.state_dict()
    assert back.state_dict().keys() == weights.keys()
    assert all(torch.equal(v, weights[k]) for k, v in back.state_dict().items())


def test_a_checkpoint_gets_the_head_that_is_asked_for_whatever_its_own(tmp_path: Path) -> None:
    HubertForCTC(small_config()).save_pretrained(tmp_path / "encoder")
    save_hubert(small_hubert(3, HEADS[3]), tmp_path / "emotions")
    for folder in ("encoder", "emotions"):
        networks = [
            build_hubert(str(tmp_path / folder), 1, lambda *_: None, head).network
            for head in (HEADS[0], HEADS[3], HEADS[3])
        ]
        assert [hasattr(n, "layer_weights") for n in networks] == [False, True, True]
        assert torch.equal(networks[1].pooling.score[0].weight, networks[2].pooling.score[0].weight)
        assert networks[1].pooling.score[0].weight.isfinite().all()
        if folder == "encoder":
            assert networks[1].layer_weights.tolist() == pytest.approx([1 / 3] * 3)
