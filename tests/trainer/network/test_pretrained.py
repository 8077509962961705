"""Checkpoints of every origin: what fits is loaded whole, what does not is refused."""

import json
from pathlib import Path

import pytest
import torch

from tests.trainer.tiny import SMALL, small_config, small_hubert
from trainer.contract.config import TINY
from trainer.contract.errors import TrainerError
from trainer.contract.labels import CLASSES
from trainer.network.pretrained import build_hubert, load_hubert, save_hubert
from trainer.sound import audio_backend  # noqa: F401 - before transformers

# isort: split
from transformers import (
    HubertForCTC,
    HubertForSequenceClassification,
    HubertModel,
    Wav2Vec2Config,
    Wav2Vec2ForCTC,
)


def _unheard(_done: int, _total: int) -> None: ...


@pytest.mark.parametrize("kind", [HubertForCTC, HubertModel])
def test_the_encoder_of_a_checkpoint_arrives_whole(tmp_path: Path, kind: type) -> None:
    source = kind(small_config())
    source.save_pretrained(tmp_path)
    network = build_hubert(str(tmp_path), 1, _unheard).network
    theirs = getattr(source, "hubert", source).state_dict()
    ours = network.hubert.state_dict()
    assert theirs.keys() == ours.keys()
    assert all(torch.equal(ours[name], theirs[name]) for name in theirs)
    assert network.config.id2label == dict(enumerate(CLASSES))
    assert network.config.layerdrop == 0.0


def test_the_same_seed_gives_the_same_weights(tmp_path: Path) -> None:
    HubertForCTC(small_config()).save_pretrained(tmp_path)
    for name in (str(tmp_path), TINY):
        first, second, other = (build_hubert(name, s, _unheard).network for s in (1, 1, 2))
        assert torch.equal(first.classifier.weight, second.classifier.weight)
        assert not torch.equal(first.classifier.weight, other.classifier.weight)


def test_the_tiny_preset_has_the_architecture_of_the_paper() -> None:
    config = build_hubert(TINY, 1, _unheard).network.config
    assert config.do_stable_layer_norm
    assert config.feat_extract_norm == "layer"
    assert config.conv_bias
    assert list(config.conv_kernel) == [10, 3, 3, 3, 3, 2, 2]
    assert list(config.conv_stride) == [5, 2, 2, 2, 2, 2, 2]


def test_a_head_for_other_classes_is_replaced(tmp_path: Path) -> None:
    HubertForSequenceClassification(small_config(num_labels=4)).save_pretrained(tmp_path)
    network = build_hubert(str(tmp_path), 1, _unheard).network
    assert network.classifier.weight.shape == (3, 12)


def test_what_is_saved_is_read_back(tmp_path: Path) -> None:
    hubert = small_hubert()
    save_hubert(hubert, tmp_path)
    back = load_hubert(tmp_path, "saved")
    assert back.normalize
    weights = hubert.network.state_dict()
    assert all(torch.equal(v, weights[k]) for k, v in back.network.state_dict().items())
    assert (tmp_path / "model.safetensors").exists()


def test_the_checkpoint_says_whether_clips_are_normalised(tmp_path: Path) -> None:
    HubertForCTC(small_config()).save_pretrained(tmp_path)
    (tmp_path / "preprocessor_config.json").write_text('{"do_normalize": false}')
    assert not load_hubert(tmp_path, "here").normalize


@pytest.fixture
def wav2vec2(tmp_path: Path) -> Path:
    Wav2Vec2ForCTC(Wav2Vec2Config(**SMALL)).save_pretrained(tmp_path)
    return tmp_path


def test_another_architecture_is_refused(wav2vec2: Path) -> None:
    with pytest.raises(TrainerError, match="is a wav2vec2 model, not HuBERT"):
        load_hubert(wav2vec2, "mine")


def test_another_architecture_that_calls_itself_hubert_is_refused(wav2vec2: Path) -> None:
    config = json.loads((wav2vec2 / "config.json").read_text())
    (wav2vec2 / "config.json").write_text(json.dumps({**config, "model_type": "hubert"}))
    with pytest.raises(TrainerError, match="does not fit HuBERT") as caught:
        load_hubert(wav2vec2, "mine")
    assert caught.value.code == "wrong architecture"


def test_a_checkpoint_of_other_sizes_is_refused(tmp_path: Path) -> None:
    HubertForCTC(small_config()).save_pretrained(tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps({**config, "intermediate_size": 64}))
    with pytest.raises(TrainerError, match="does not fit HuBERT"):
        load_hubert(tmp_path, "mine")


@pytest.mark.parametrize("broken", ["config.json", "model.safetensors"])
def test_a_damaged_file_is_one_sentence(tmp_path: Path, broken: str) -> None:
    HubertForCTC(small_config()).save_pretrained(tmp_path)
    whole = (tmp_path / broken).read_bytes()
    (tmp_path / broken).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(TrainerError, match="mine cannot be loaded"):
        load_hubert(tmp_path, "mine")


@pytest.mark.parametrize("missing", ["config.json", "model.safetensors"])
def test_a_folder_without_a_model_is_one_sentence(tmp_path: Path, missing: str) -> None:
    HubertForCTC(small_config()).save_pretrained(tmp_path)
    (tmp_path / missing).unlink()
    with pytest.raises(TrainerError) as caught:
        build_hubert(str(tmp_path), 1, _unheard)
    assert "\n" not in caught.value.message
    assert "Put a copy" in caught.value.hint
