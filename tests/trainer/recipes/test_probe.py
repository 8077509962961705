"""The probe as a run uses it: audio is heard once, and other labels need no torch."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.trainer.tiny import GROUP_NORM, make_clips, small_config, small_hubert
from tests.trainer.voices import carried_out
from trainer.contract import protocol
from trainer.contract.config import MEAN_STD, ProbeConfig, RunConfig, SplitConfig, config_from_json
from trainer.contract.errors import TrainerError
from trainer.contract.kept import EMBEDDINGS, SEGMENT
from trainer.contract.labels import CLASSES
from trainer.contract.manifest import ManifestClip
from trainer.contract.run_folder import RunFolder
from trainer.features.cache import FeatureCache
from trainer.features.embedding import embed, encoder_id
from trainer.network.encoder import Encoder
from trainer.network.model import Hubert
from trainer.network.pretrained import build_hubert, save_hubert
from trainer.recipes.probe import ProbeRecipe
from trainer.recipes.recipe import RunContext
from trainer.reporter import Reporter
from trainer.sound.blob_store import BlobStore
from trainer.sound.waveforms import LONGEST, Waveforms
from trainer.training.dataset import Examples, Features
from trainer.training.wishes import Wishes

# isort: split
from transformers import HubertModel


@pytest.fixture
def clips(tmp_path: Path) -> list[ManifestClip]:
    return make_clips(tmp_path / "clips", 30)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    folder.mkdir()
    save_hubert(small_hubert(3), folder)
    return folder


def _run(path: Path, clips: list[ManifestClip], model: Path, **options: Any) -> RunFolder:
    folder = RunFolder(path)
    probe = ProbeConfig(str(model), **options)
    config = RunConfig("probe", split=SplitConfig(0.3, 0.3), probe=probe)
    folder.create(replace(config, cache=str(path.parent / "cache")), clips)
    return folder


def _stages(events: list[protocol.Message]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for event in events:
        if isinstance(event, protocol.StageProgressed):
            found.setdefault(event.stage, []).append(event.done)
    return found


def test_a_run_tells_what_it_does_and_leaves_what_review_needs(
    tmp_path: Path, clips: list[ManifestClip], model: Path
) -> None:
    folder = _run(tmp_path / "run", clips, model)
    code, events = carried_out(folder)
    result = folder.read_result()
    assert code == 0
    assert result
    assert result["evaluations"]["test"]["macro_f1"] > 0.9  # a tone for each class
    assert result["evaluations"]["train"]["macro_f1"] > 0.9  # out of fold
    assert len(result["layer_weights"]) == 3
    assert sum(result["layer_weights"]) == pytest.approx(1, abs=1e-5)
    assert len(result["starting_weights"]) == 64
    assert {p.clip_id for p in folder.read_predictions()} == {c.clip_id for c in clips}
    stages = _stages(events)
    assert [*stages] == ["Start", "Load model", "Decode", "Embed", "Train", "Evaluate"]
    assert stages["Embed"][-1] == len(clips)
    epochs = [e for e in events if isinstance(e, protocol.EpochFinished)]
    assert len(epochs) == len(ProbeConfig().strengths)
    assert any(e.is_best for e in epochs)


def test_other_labels_need_neither_audio_nor_torch(
    tmp_path: Path, clips: list[ManifestClip], model: Path
) -> None:
    carried_out(_run(tmp_path / "first", clips, model))
    relabelled = [replace(c, label=CLASSES[0]) if i % 7 == 0 else c for i, c in enumerate(clips)]
    folder = _run(tmp_path / "second", relabelled, model)
    script = (
        "import sys; from pathlib import Path; from trainer.run import run_folder\n"
        "assert run_folder(Path(sys.argv[1])) == 0\n"
        "assert not {'torch', 'transformers', 'sklearn', 'scipy'} & sys.modules.keys()"
    )
    command = [sys.executable, "-c", script, str(folder.path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    result = folder.read_result()
    assert result
    assert result["status"] == "finished"


def test_the_same_run_gives_the_same_answers(
    tmp_path: Path, clips: list[ManifestClip], model: Path
) -> None:
    said = []
    for name in ("one", "two"):
        folder = _run(tmp_path / name, clips, model, statistics=MEAN_STD)
        assert carried_out(folder)[0] == 0
        said.append(folder.predictions_file.read_bytes())
    assert said[0] == said[1]


def test_what_was_embedded_before_a_cancel_is_not_embedded_again(
    tmp_path: Path, clips: list[ManifestClip], model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trainer.features.embedding.BATCH_SECONDS", 3)

    wishes: list[Wishes] = []
    keep = FeatureCache.put

    def keep_and_cancel(cache: FeatureCache, name: str, vector: np.ndarray) -> None:
        keep(cache, name, vector)
        wishes[0].cancel()

    with monkeypatch.context() as patch:
        patch.setattr(FeatureCache, "put", keep_and_cancel)
        stopped = _run(tmp_path / "stopped", clips, model)
        assert carried_out(stopped, lambda _, asked: wishes.append(asked))[0] == 3
    before = _kept_bytes(tmp_path)
    assert carried_out(_run(tmp_path / "again", clips, model))[0] == 0
    assert 0 < before < _kept_bytes(tmp_path) == len(clips) * 3 * 24 * 2


def _kept_bytes(folder: Path) -> int:
    return sum(f.stat().st_size for f in (folder / "cache" / EMBEDDINGS).glob(f"*{SEGMENT}"))


@pytest.mark.parametrize("kind", [{}, GROUP_NORM], ids=["layer norm", "group norm"])
def test_an_embedding_is_the_mean_of_each_state_that_transformers_gives(
    tmp_path: Path, clips: list[ManifestClip], kind: dict[str, Any]
) -> None:
    hubert = small_hubert(**kind)
    rows = _embeddings(hubert, clips, tmp_path)
    network: HubertModel = hubert.network.hubert.eval()
    for clip in clips[:4]:
        features = hubert.features(Waveforms(tmp_path / "cache").samples(clip))
        projected = network.feature_projection(features[None])
        last = network.encoder(projected).last_hidden_state[0].mean(dim=0)
        np.testing.assert_allclose(rows[clip.clip_id][-1, :24], last.detach(), atol=2e-3)
        assert rows[clip.clip_id].shape == (3, 48)
        assert (rows[clip.clip_id][:, 24:] > 0).all()


def _embeddings(hubert: Hubert, clips: list[ManifestClip], folder: Path) -> dict[str, np.ndarray]:
    examples = Examples(clips, Features(Waveforms(folder / "cache"), hubert), LONGEST)
    return {c.clip_id: row for c, row in embed(hubert, examples, MEAN_STD, lambda: None)}


def test_encoders_that_hear_otherwise_have_other_names() -> None:
    hubert = small_hubert(1)
    names = {
        encoder_id(hubert),
        encoder_id(small_hubert(2)),
        encoder_id(Hubert(hubert.network, normalize=False)),
        encoder_id(small_hubert(1, num_attention_heads=4)),
    }
    assert len(names) == 4
    assert encoder_id(small_hubert(1)) in names


def test_a_model_whose_files_changed_is_looked_at_again(tmp_path: Path, model: Path) -> None:
    store = BlobStore(tmp_path / "store")
    before = Encoder(str(model), 1, store, lambda *_: None).facts()
    assert Encoder(str(model), 1, BlobStore(store.folder), lambda *_: None).facts() == before
    save_hubert(small_hubert(4), model)
    after = Encoder(str(model), 1, store, lambda *_: None).facts()
    assert (after.id, after.weights) != (before.id, before.weights)
    assert after.states == small_config().num_hidden_layers + 1


def test_a_loaded_head_answers_alike_and_refuses_another_encoder(
    tmp_path: Path, clips: list[ManifestClip], model: Path
) -> None:
    folder = _run(tmp_path / "run", clips, model)
    assert carried_out(folder)[0] == 0
    config = folder.read_config()
    with Reporter(RunFolder(tmp_path), None) as reporter:
        run = RunContext(folder, config, tmp_path / "cache", reporter, Wishes())
        recipe = ProbeRecipe(config)
        recipe.load(run)
        assert recipe.prepare(clips, run) == {}
        said = recipe.probabilities(clips).argmax(axis=1).tolist()
        first = {p.clip_id: p.predicted for p in folder.read_predictions()}
        assert [CLASSES[i] for i in said] == [first[clip.clip_id] for clip in clips]
        save_hubert(small_hubert(4), model)
        with pytest.raises(TrainerError, match="no longer the model that this run was trained on"):
            recipe.prepare(clips, run)


def test_a_warm_process_reads_the_model_once(
    tmp_path: Path, clips: list[ManifestClip], model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = _run(tmp_path / "run", clips, model)
    assert carried_out(folder)[0] == 0
    read: list[str] = []

    def build(name: str, *rest: Any) -> Hubert:
        read.append(name)
        return build_hubert(name, *rest)

    monkeypatch.setattr("trainer.network.pretrained.build_hubert", build)
    config = folder.read_config()
    with Reporter(RunFolder(tmp_path), None) as reporter:
        run = RunContext(folder, config, tmp_path / "cache", reporter, Wishes())
        recipe = ProbeRecipe(config)
        recipe.load(run)
        for end in (0.3, 0.4):
            part = replace(clips[0], clip_id=f"to {end}", end=end)
            assert recipe.prepare([part], run) == {}
            assert recipe.probabilities([part]).shape == (1, 3)
    assert read == [str(model)]


def test_an_unknown_statistic_is_refused() -> None:
    with pytest.raises(TrainerError, match="statistics is 'median'"):
        config_from_json({"recipe": "probe", "probe": {"statistics": "median"}})
