"""The exported network says what the checkpoint says, at any length and in any company."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from tests.trainer.tiny import GROUP_NORM, small_hubert
from trainer.contract.errors import TrainerError
from trainer.network.head import ATTENTIVE, WEIGHTED, Head
from trainer.network.model import Hubert
from trainer.prediction.exports import torch_logits
from trainer.prediction.onnx_export import export_network, quantize
from trainer.prediction.onnx_network import OnnxNetwork, softmax
from trainer.training.wishes import RunEnded

RNG = np.random.default_rng(5)
WAVES = [
    (3000 * RNG.standard_normal(n) + 500).astype(np.int16)
    for n in (16_000, 9_000, 22_345, 4_001, 700)
]


def _hubert(kind: str) -> Hubert:
    if kind == "weighted, attentive":
        found = small_hubert(head=Head(ATTENTIVE, WEIGHTED))
        with torch.no_grad():
            found.network.layer_weights += torch.arange(3.0)
    else:
        found = small_hubert(**(GROUP_NORM if kind == "group norm" else {}))
    found.network.eval()
    return found


@pytest.fixture(scope="module", params=["layer norm", "group norm", "weighted, attentive"])
def exported(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Hubert, Path]:
    file = tmp_path_factory.mktemp("onnx") / "model.onnx"
    hubert = _hubert(request.param)
    names = set(hubert.network.state_dict())
    export_network(hubert, file)
    assert set(hubert.network.state_dict()) == names
    return request.param, hubert, file


def test_clips_of_any_length_get_the_logits_of_the_checkpoint(
    exported: tuple[str, Hubert, Path],
) -> None:
    _, hubert, file = exported
    network = OnnxNetwork(file)
    found = [network.logits(wave) for wave in WAVES]
    for wave, logits in zip(WAVES, found, strict=True):
        np.testing.assert_allclose(logits, torch_logits(hubert, wave), atol=1e-4)
    assert np.abs(found[0] - found[1]).max() > 1e-3


def test_clips_answered_side_by_side_get_what_each_gets_alone(
    exported: tuple[str, Hubert, Path],
) -> None:
    _, _, file = exported
    alone = [OnnxNetwork(file).logits(wave) for wave in WAVES]
    for at_once in (1, 3):
        network, asked = OnnxNetwork(file, at_once), [WAVES[n] for n in (3, 0, 4, 1, 2, 0)]
        found = network.every(asked)
        np.testing.assert_allclose(found, [alone[n] for n in (3, 0, 4, 1, 2, 0)], atol=1e-6)
    np.testing.assert_allclose(softmax(found).sum(axis=1), 1)


def test_no_further_clip_is_begun_once_the_answers_are_not_wanted(
    exported: tuple[str, Hubert, Path],
) -> None:
    asked: list[int] = []

    def check() -> None:
        asked.append(len(asked))
        if len(asked) == 3:
            raise RunEnded("cancelled")

    with pytest.raises(RunEnded):
        OnnxNetwork(exported[2], 2).every([WAVES[1]] * 50, check)
    assert len(asked) < 50


def test_a_padded_batch_gives_each_clip_what_it_gets_alone(
    exported: tuple[str, Hubert, Path],
) -> None:
    kind, hubert, file = exported
    waves = [WAVES[0]] * 3 if kind == "group norm" else WAVES
    lengths = np.array([len(wave) for wave in waves])
    samples = RNG.standard_normal((len(waves), lengths.max())).astype("f4")  # noise for padding
    for row, wave in zip(samples, waves, strict=True):
        row[: len(wave)] = wave.astype("f4") / 32768
    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    (found,) = session.run(None, {"samples": samples, "lengths": lengths})
    for logits, wave in zip(found, waves, strict=True):
        np.testing.assert_allclose(logits, torch_logits(hubert, wave), atol=1e-4)


def test_eight_bits_answer_almost_the_same(
    exported: tuple[str, Hubert, Path], tmp_path: Path
) -> None:
    _, hubert, file = exported
    quantize(file, tmp_path / "int8.onnx")
    network = OnnxNetwork(tmp_path / "int8.onnx")
    for wave in WAVES[:4]:
        own, found = torch_logits(hubert, wave), network.logits(wave)
        assert 0 < np.abs(found - own).max() < 0.02
        assert found.argmax() == own.argmax()


def test_what_is_no_export_of_ours_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"rubbish")
    for file in (tmp_path / "model.onnx", tmp_path / "gone.onnx"):
        with pytest.raises(TrainerError, match="cannot be used"):
            OnnxNetwork(file)


def test_an_exported_network_needs_no_torch() -> None:
    program = (
        "import trainer.prediction.onnx_network, sys;"
        "print([m for m in ('torch', 'transformers', 'onnx', 'sklearn') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
