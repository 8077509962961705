"""The recipe as a run uses it, from clips on disk to probabilities."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.trainer.tiny import Bench, make_clips, small_config
from trainer.contract.config import TINY, FinetuneConfig, RunConfig
from trainer.contract.errors import TrainerError
from trainer.contract.finetune import TINY_NOTE, Augmentation
from trainer.contract.manifest import ManifestClip
from trainer.contract.protocol import RunStarted, StageProgressed, Warned, decode
from trainer.contract.run_folder import RunFolder
from trainer.network.model import Hubert
from trainer.network.pretrained import build_hubert
from trainer.recipes.finetune import FinetuneRecipe
from trainer.training.checkpoint import load_best
from trainer.training.wishes import RunEnded

# isort: split
from transformers import HubertForCTC


@pytest.fixture
def checkpoint(tmp_path: Path) -> str:
    """A folder as somebody would put it there: a speech recogniser, no head for emotions."""
    folder = tmp_path / "hubert-small"
    HubertForCTC(small_config()).save_pretrained(folder)
    return str(folder)


@pytest.fixture
def bench(tmp_path: Path, checkpoint: str) -> Iterator[Bench]:
    options = FinetuneConfig(checkpoint, learning_rate=1e-3, epochs=1, batch_seconds=4)
    bench = Bench(tmp_path / "run", options)
    yield bench
    bench.close()


@pytest.fixture
def clips(tmp_path: Path) -> list[ManifestClip]:
    return make_clips(tmp_path / "clips", 9)


def test_a_fitted_recipe_and_one_loaded_from_its_run_answer_alike(
    bench: Bench, clips: list[ManifestClip]
) -> None:
    recipe = FinetuneRecipe(bench.run.config)
    assert recipe.prepare(clips, bench.run) == {}
    recipe.fit(clips[:6], clips[6:], bench.run)
    rows = recipe.probabilities(clips)
    assert rows.shape == (9, 3)
    np.testing.assert_allclose(rows.sum(axis=1), 1)
    loaded = FinetuneRecipe(bench.run.config)
    loaded.load(bench.run)
    np.testing.assert_allclose(loaded.probabilities(clips), rows, atol=1e-7)
    np.testing.assert_allclose(loaded.probabilities(clips[::-1])[::-1], rows, atol=1e-6)
    assert loaded.probabilities([]).shape == (0, 3)


def test_the_vectors_are_what_the_classifier_answers_from_whatever_the_batches(
    bench: Bench, clips: list[ManifestClip]
) -> None:
    recipe = FinetuneRecipe(bench.run.config)
    recipe.prepare(clips, bench.run)
    recipe.fit(clips[:6], clips[6:], bench.run)
    rows, vectors = recipe.heard(clips)
    assert recipe._hubert is not None
    classifier = recipe._hubert.network.classifier
    weights, bias = (p.detach().numpy() for p in (classifier.weight, classifier.bias))
    grown = np.exp(vectors @ weights.T + bias)
    np.testing.assert_allclose(grown / grown.sum(axis=1, keepdims=True), rows, atol=1e-5)
    np.testing.assert_allclose(recipe.heard(clips[::-1])[1][::-1], vectors, atol=1e-5)
    assert recipe.heard([])[1].shape == (0, vectors.shape[1])
    assert not classifier._forward_pre_hooks


def test_g12_every_fit_starts_from_the_checkpoints_exact_weights(
    bench: Bench, checkpoint: str, clips: list[ManifestClip]
) -> None:
    started = []
    for _ in range(2):  # as the folds of a cross-validation do, one after the other
        recipe = FinetuneRecipe(bench.run.config)
        recipe.fit(clips[:6], clips[6:], bench.run)
        started.append(recipe.starting_weights)
    assert started == [build_hubert(checkpoint, 1, lambda *_: None).encoder_hash()] * 2


def test_augmentation_is_told_and_is_heard_in_training_only(
    bench: Bench, clips: list[ManifestClip]
) -> None:
    changes = Augmentation(speed=0.1, gain=3.0)
    options = replace(bench.run.config.finetune, augment=changes, epochs=2)
    run = replace(bench.run, config=replace(bench.run.config, finetune=options))
    recipe = FinetuneRecipe(run.config)
    recipe.fit(clips[:6], clips[6:], run)
    (told,) = bench.events(Warned)
    assert "anew in every epoch" in told.message
    assert "gain is not heard" in told.hint
    data = recipe._data(clips[:6], clips[6:], recipe._features, run)
    lengths = [data.shown(epoch).lengths.tolist() for epoch in (1, 2)]
    assert lengths[0] != lengths[1] != data.train.lengths.tolist()
    assert data.shown(1).batch([0, 1]).features.shape[1] == max(lengths[0][:2])


def test_convolutions_run_once_a_clip_in_fitting_and_evaluating_together(
    bench: Bench, clips: list[ManifestClip], monkeypatch: pytest.MonkeyPatch
) -> None:
    heard, features = [], Hubert.features

    def counted(hubert: Hubert, waveform: np.ndarray) -> torch.Tensor:
        heard.append(len(waveform))
        return features(hubert, waveform)

    monkeypatch.setattr(Hubert, "features", counted)
    recipe = FinetuneRecipe(replace(bench.run.config, watch=("0", "8")))
    recipe.prepare(clips, bench.run)
    recipe.fit(clips[:6], clips[6:], bench.run)
    assert len(heard) == 9
    rows = recipe.probabilities(clips)
    assert len(heard) == 9
    loaded = FinetuneRecipe(bench.run.config)
    loaded.load(bench.run)
    np.testing.assert_array_equal(loaded.probabilities(clips), rows)


def test_no_epochs_leave_the_network_as_it_was(bench: Bench, clips: list[ManifestClip]) -> None:
    options = replace(bench.run.config.finetune, epochs=0)
    run = replace(bench.run, config=replace(bench.run.config, finetune=options))
    recipe = FinetuneRecipe(run.config)
    recipe.fit(clips[:6], clips[6:], run)
    assert load_best(run.folder.checkpoints).encoder_hash() == recipe.starting_weights


def test_clips_that_cannot_be_heard_are_named(bench: Bench, clips: list[ManifestClip]) -> None:
    Path(clips[2].path).write_text("no sound")
    gone = replace(clips[0], clip_id="gone", path=str(Path(clips[0].path).with_name("gone.wav")))
    unusable = FinetuneRecipe(bench.run.config).prepare([*clips, gone], bench.run)
    assert unusable == {
        "2": "2.wav is a text file, not audio.",
        "gone": "gone.wav is not there.",
    }
    last = bench.events(StageProgressed)[-1]
    assert (last.stage, last.done, last.total) == ("Decode", 10, 10)


def test_a_cancel_is_heard_while_decoding(bench: Bench, clips: list[ManifestClip]) -> None:
    bench.wishes.cancel()
    with pytest.raises(RunEnded):
        FinetuneRecipe(bench.run.config).prepare(clips, bench.run)


def test_a_model_that_cannot_be_had_fails_before_anything_is_decoded(
    tmp_path: Path, clips: list[ManifestClip]
) -> None:
    bench = Bench(tmp_path / "run", FinetuneConfig("facebook/hubert-large-ls960-ft"))
    with closing(bench), pytest.raises(TrainerError, match="the hub cannot be reached"):
        FinetuneRecipe(bench.run.config).prepare(clips, bench.run)
    assert not bench.run.cache.exists()


def test_only_random_weights_carry_a_note(bench: Bench) -> None:
    assert FinetuneRecipe(bench.run.config).note == ""
    tiny = FinetuneRecipe(RunConfig("finetune", finetune=FinetuneConfig(TINY)))
    assert tiny.note == TINY_NOTE
    assert tiny.model == TINY


@pytest.mark.slow
def test_a_run_from_the_command_line_ends_with_a_result_that_carries_the_note(
    tmp_path: Path,
) -> None:
    run = RunFolder(tmp_path / "run")
    config = RunConfig("finetune", finetune=FinetuneConfig(epochs=2), watch=("3",))
    run.create(config, make_clips(tmp_path / "clips", 30))
    done = subprocess.run(
        [sys.executable, "-m", "trainer", "run", str(run.path)],
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    events = [decode(line) for line in done.stdout.splitlines()]
    (started,) = [e for e in events if isinstance(e, RunStarted)]
    result = run.read_result()
    assert result is not None
    assert result["note"] == started.note == TINY_NOTE
    assert json.loads((run.checkpoints / "best.json").read_text())["folder"]
    assert len(run.read_predictions()) == 30
