"""Exports of a real, very small run: measured, kept, used without torch, and given away."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.trainer.voices import run_folder, voices
from trainer.commands.export import export_run
from trainer.contract.errors import TrainerError
from trainer.contract.labels import CLASSES
from trainer.contract.run_folder import RunFolder
from trainer.prediction import exports, predictor
from trainer.prediction.exports import prepare_exports
from trainer.prediction.finished_run import opened
from trainer.prediction.parity import (
    FILES,
    FP32,
    INT8,
    NO_EXPORT,
    TORCH,
    Delta,
    choose,
    read_parity,
    write_parity,
)
from trainer.prediction.predictions import predictions_of
from trainer.prediction.predictor import OnnxPredictor, open_predictor
from trainer.recipes.finetune import FinetuneRecipe
from trainer.sound.waveforms import Waveforms
from trainer.training.best_model import best_folder

FINE = Delta(30, 0.01, 0, 0.7, 0.7)
RATES = {TORCH: 1.0, FP32: 2.0, INT8: 3.0}


@pytest.fixture
def run(finetuned: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunFolder:
    """A copy to write into."""
    monkeypatch.setattr(exports, "BENCHMARK_S", 0.05)
    return RunFolder(shutil.copytree(finetuned.path, tmp_path / "run"))


@pytest.fixture
def waveforms(finetuned: RunFolder) -> Waveforms:
    return Waveforms(Path(finetuned.read_config().cache or ""))


@pytest.mark.parametrize(
    ("difference", "found", "engine", "words"),
    [
        (1e-6, FINE, INT8, "no probability moves by more than 0.010 on 30 dev clips"),
        (1e-6, replace(FINE, int8_macro_f1=0.68), FP32, "falls by 0.020"),
        (1e-6, replace(FINE, int8_macro_f1=0.72), INT8, "fastest"),
        (1e-6, replace(FINE, probability_change=0.2), FP32, "moves by 0.20"),
        (1e-6, replace(FINE, clips=19), FP32, "only 19 dev clips"),
        (0.01, FINE, TORCH, "differs from the checkpoint by 0.01"),
        (float("nan"), FINE, TORCH, "differs"),
    ],
)
def test_the_fastest_answers_that_says_what_the_checkpoint_says(
    difference: float, found: Delta, engine: str, words: str
) -> None:
    chosen, reason = choose(difference, found, RATES)
    assert chosen == engine
    assert words in reason
    assert choose(1e-6, FINE, {TORCH: 9.0, FP32: 2.0, INT8: 3.0})[0] == TORCH


def test_an_export_is_measured_once_and_known_by_its_checkpoint(
    run: RunFolder, waveforms: Waveforms
) -> None:
    model = best_folder(run.checkpoints)
    assert read_parity(run.exports, model) is None
    found = prepare_exports(run, waveforms)
    dev = sum(p.split == "dev" for p in run.read_predictions())
    assert found.dev_clips == dev > 0
    assert found.logit_difference < 1e-4
    assert found.probability_change < 0.1
    assert set(found.clips_per_s) == {TORCH, FP32, INT8}
    assert "dev clips could be heard" in found.reason
    assert read_parity(run.exports, model) == found
    assert {f.name for f in run.exports.iterdir()} == {*FILES.values(), "parity.json"}

    weights = model / "model.safetensors"
    weights.touch()
    assert read_parity(run.exports, model) == found, "the same weights at another time"
    weights.write_bytes(weights.read_bytes()[:-4] + b"abcd")
    assert read_parity(run.exports, model) is None


def test_a_run_with_an_export_answers_through_it(run: RunFolder, waveforms: Waveforms) -> None:
    found = prepare_exports(run, waveforms)
    clips = run.read_manifest()
    expected = [p.probabilities for p in sorted(run.read_predictions(), key=_number)]
    for engine, kind, apart in ((FP32, OnnxPredictor, 1e-4), (TORCH, FinetuneRecipe, 1e-5)):
        write_parity(run.exports, replace(found, engine=engine))
        with opened(run.path) as context:
            answering = open_predictor(context)
            assert isinstance(answering, kind)
            assert answering.prepare(clips, context) == {}
            said = answering.probabilities(clips)
        rows = predictions_of(clips, "", said, run.temperature())
        np.testing.assert_allclose([r.probabilities for r in rows], expected, atol=apart)


@pytest.mark.parametrize(
    ("clips", "gigabytes", "at_once"), [(64, 100, 6), (64, 3, 3), (64, 0, 1), (2, 100, 2)]
)
def test_no_more_clips_are_answered_at_once_than_cores_and_memory_allow(
    run: RunFolder,
    waveforms: Waveforms,
    monkeypatch: pytest.MonkeyPatch,
    clips: int,
    gigabytes: int,
    at_once: int,
) -> None:
    write_parity(run.exports, replace(prepare_exports(run, waveforms), engine=FP32))
    monkeypatch.setattr(predictor, "usable_cores", lambda: 6)
    monkeypatch.setattr(predictor, "free_memory", lambda: gigabytes << 30)
    with opened(run.path) as context:
        opened_for = open_predictor(context, clips)
    assert isinstance(opened_for, OnnxPredictor)
    assert opened_for.at_once == at_once


def test_a_network_that_cannot_be_exported_leaves_no_trace(
    run: RunFolder, waveforms: Waveforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no such operator\nand much more")

    monkeypatch.setattr(exports, "quantize", fail)
    before = sorted(run.path.iterdir())
    with pytest.raises(TrainerError, match=r"cannot be exported: no such operator$") as caught:
        prepare_exports(run, waveforms)
    assert caught.value.code == NO_EXPORT
    assert sorted(run.path.iterdir()) == before


def test_a_run_is_given_away_with_a_card(
    run: RunFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert export_run(run.path, out) == 0
    assert "Answers here come from" in capsys.readouterr().out
    assert {f.name for f in out.iterdir()} >= {
        *FILES.values(), "parity.json", "model.safetensors", "config.json", "README.md"
    }  # fmt: skip
    card = (out / "README.md").read_text()
    result = run.read_result()
    assert result
    test = result["evaluations"]["test"]
    low, high = test["intervals"]["macro_f1"]
    assert f"{test['macro_f1']:.3f} [{low:.3f}, {high:.3f}]" in card
    assert f"temperature {run.temperature():.4g}" in card
    assert ", ".join(CLASSES) in card
    with pytest.raises(TrainerError, match="not an empty folder"):
        export_run(run.path, out)


def test_a_run_without_a_network_is_not_exported(tmp_path: Path) -> None:
    folder = run_folder(tmp_path / "run", voices(tmp_path / "audio", speakers=1))
    with pytest.raises(TrainerError, match="has no model to use: it is new"):
        export_run(folder.path, tmp_path / "out")
    folder.write_result({"status": "finished"})
    with pytest.raises(TrainerError, match="its recipe is acoustic"):
        export_run(folder.path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_predicting_through_an_export_imports_no_torch(
    run: RunFolder, waveforms: Waveforms
) -> None:
    write_parity(run.exports, replace(prepare_exports(run, waveforms), engine=INT8))
    clip = run.read_manifest()[0]
    program = (
        "import sys; from trainer.__main__ import main;"
        f"main(['predict', {str(run.path)!r}, {clip.path!r}]);"
        "sys.stderr.write(str('torch' in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stderr == "False"
    said = json.loads(done.stdout)
    expected = next(p for p in run.read_predictions() if p.clip_id == clip.clip_id)
    assert list(said["probabilities"].values()) == pytest.approx(expected.probabilities, abs=0.05)


def _number(prediction: object) -> int:
    return int(prediction.clip_id)  # type: ignore[attr-defined]
