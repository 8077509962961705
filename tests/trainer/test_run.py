"""The life of a run, from what it is asked to the record it leaves, however it ends."""

import errno
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.trainer.voices import carried_out, run_folder, voices
from trainer.contract import protocol
from trainer.contract.config import AcousticConfig, RunConfig
from trainer.contract.evaluation import calibration_from_json, evaluation_from_json
from trainer.contract.labels import CLASSES, NEGATIVE, POSITIVE
from trainer.contract.manifest import ManifestClip
from trainer.contract.run_folder import CANCELLED, FAILED, FINISHED, INTERRUPTED, STOPPED
from trainer.prediction.calibration import calibration_error, fit_temperature, scaled
from trainer.recipes.acoustic import AcousticRecipe
from trainer.recipes.recipe import Recipe
from trainer.training.wishes import Wishes

MANY = AcousticConfig(strengths=tuple(1e-4 * 1.01**i for i in range(500)))


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[ManifestClip]:
    return voices(tmp_path_factory.mktemp("voices") / "audio")


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("cache"))


def test_a_run_leaves_a_whole_record(clips: list[ManifestClip], cache: str, tmp_path: Path) -> None:
    unlabelled = ManifestClip("unlabelled", clips[0].path, None, "voices:0")
    watch = (clips[0].clip_id, "unlabelled")
    folder = run_folder(tmp_path / "run", [*clips, unlabelled], cache=cache, watch=watch)
    code, events = carried_out(folder)
    assert code == 0
    assert isinstance(events[0], protocol.Hello)
    assert events[1] == protocol.StageProgressed("Start", 0, 0, "")
    assert events[-1] == protocol.RunFinished(FINISHED)
    assert sum(isinstance(e, protocol.EpochFinished) for e in events) == 2
    watched = [e for e in events if isinstance(e, protocol.PredictionsUpdated)]
    assert set(watched[-1].probabilities) == set(watch)

    result = folder.read_result()
    assert result
    assert folder.status() == FINISHED
    groups = [group for names in result["splits"].values() for group in names]
    assert sorted(groups) == sorted({clip.group for clip in clips})
    predictions = folder.read_predictions()
    assert {p.clip_id for p in predictions} == {c.clip_id for c in clips} | {"unlabelled"}
    vectors = np.load(folder.embeddings_file)
    assert (vectors.dtype, len(vectors)) == (np.float16, len(predictions))
    assert np.isfinite(vectors).all()
    assert result["checkpoint"] == folder.hash_checkpoint()
    assert len(folder.metrics_file.read_text().splitlines()) == 2
    assert "macro F1" in folder.log_file.read_text()


def test_each_row_of_the_embeddings_belongs_to_the_prediction_of_its_line(
    clips: list[ManifestClip], cache: str, tmp_path: Path
) -> None:
    rows = []
    for order in (clips, clips[::-1]):
        folder = run_folder(tmp_path / f"run {len(rows)}", order, cache=cache)
        carried_out(folder)
        names = [p.clip_id for p in folder.read_predictions()]
        rows.append(dict(zip(names, np.load(folder.embeddings_file), strict=True)))
    assert rows[0].keys() == rows[1].keys()
    assert all(np.allclose(rows[0][name], rows[1][name], atol=0.02) for name in rows[0])
    assert len({row.tobytes() for row in rows[0].values()}) == len(clips)


def test_a_run_outlives_embeddings_that_cannot_be_kept(
    clips: list[ManifestClip], cache: str, tmp_path: Path
) -> None:
    folder = run_folder(tmp_path / "run", clips, cache=cache)
    folder.embeddings_file.mkdir()
    code, events = carried_out(folder)
    assert code == 0
    assert any("embeddings could not be kept" in getattr(e, "message", "") for e in events)


def test_the_matrix_counts_exactly_the_predictions_of_its_cells(
    clips: list[ManifestClip], cache: str, tmp_path: Path
) -> None:
    folder = run_folder(tmp_path / "run", clips, cache=cache)
    carried_out(folder)
    result = folder.read_result()
    assert result
    tested = [p for p in folder.read_predictions() if p.split == "test"]
    test = result["evaluations"]["test"]
    assert sum(map(sum, test["confusion"])) == len(tested) == test["clips"]
    for i, row in enumerate(test["confusion"]):
        for j, count in enumerate(row):
            cell = [p for p in tested if (p.label, p.predicted) == (CLASSES[i], CLASSES[j])]
            assert len(cell) == count
    assert test["macro_f1"] > 0.8, "the voices differ in pitch; a model that learns hears it"


def test_predictions_are_scaled_by_the_temperature_of_the_dev_set(
    clips: list[ManifestClip], cache: str, tmp_path: Path
) -> None:
    odd = [replace(c, label=CLASSES[i % 3]) if i % 4 == 0 else c for i, c in enumerate(clips)]
    folder = run_folder(tmp_path / "run", odd, cache=cache)
    carried_out(folder)
    result = folder.read_result()
    assert result
    found = calibration_from_json(result["calibration"])
    dev = [p for p in folder.read_predictions() if p.split == "dev"]
    assert (found.temperature, found.clips) == (folder.temperature(), len(dev))
    assert found.temperature != 1
    rows = np.array([p.probabilities for p in dev])
    own = scaled(rows, 1 / found.temperature)
    labels = np.array([CLASSES.index(str(p.label)) for p in dev])
    groups = len(result["splits"]["dev"])
    assert fit_temperature(own, labels, groups) == pytest.approx(found.temperature, rel=1e-6)
    for split in ("dev", "test"):
        scores = evaluation_from_json(result["evaluations"][split])
        assert sum(point.clips for point in scores.reliability) == scores.clips
        assert scores.ece == pytest.approx(calibration_error(scores.reliability))
        assert 0 <= found.unscaled_ece[split] <= 1


def test_a_wrong_label_in_the_training_set_is_seen_by_who_did_not_learn_it(
    clips: list[ManifestClip], cache: str, tmp_path: Path
) -> None:
    kept = [replace(c, split="train") for c in clips if c.group < "voices:4"]
    rest = [replace(c, split="dev" if c.group == "voices:4" else "test") for c in clips[24:]]
    wrong = next(c for c in kept if c.label == POSITIVE)
    all_clips = [replace(c, label=NEGATIVE) if c is wrong else c for c in kept] + rest
    by_heart = AcousticConfig(strengths=(1000.0,))
    said = {}
    for folds in (0, 5):
        folder = run_folder(
            tmp_path / f"{folds}", all_clips, cache=cache, acoustic=by_heart, folds=folds
        )
        carried_out(folder)
        result = folder.read_result()
        assert result
        assert ("train" in result["evaluations"]) == bool(folds)
        said[folds] = {p.clip_id: p for p in folder.read_predictions()}
    assert said[0][wrong.clip_id].predicted == NEGATIVE, "it was learnt by heart"
    assert said[5][wrong.clip_id].predicted == POSITIVE
    test = [c.clip_id for c in rest]
    assert [said[0][name] for name in test] == [said[5][name] for name in test]


def test_a_training_set_of_one_speaker_is_answered_as_it_was_learnt(
    clips: list[ManifestClip], cache: str, tmp_path: Path
) -> None:
    splits = {"voices:0": "train", "voices:1": "dev", "voices:2": "test"}
    some = [replace(c, split=splits[c.group]) for c in clips if c.group in splits]
    folder = run_folder(tmp_path / "run", some, cache=cache)
    assert carried_out(folder)[0] == 0
    result = folder.read_result()
    assert result
    assert set(result["evaluations"]) == {"dev", "test"}


def test_the_same_run_gives_the_same_answers(
    clips: list[ManifestClip], cache: str, tmp_path: Path
) -> None:
    folders = [run_folder(tmp_path / name, clips, cache=cache) for name in ("one", "two")]
    for folder in folders:
        carried_out(folder)
    assert folders[0].read_predictions() == folders[1].read_predictions()


def test_clips_that_cannot_be_used_are_counted_and_named(
    clips: list[ManifestClip], cache: str, tmp_path: Path
) -> None:
    text = tmp_path / "text.wav"
    text.write_text("no sound")
    bad = [
        ManifestClip("text", str(text), NEGATIVE, "voices:0"),
        ManifestClip("odd", clips[0].path, "surprise", "voices:0"),
    ]
    folder = run_folder(tmp_path / "run", [*clips, *bad], cache=cache)
    _, events = carried_out(folder)
    warned = [e for e in events if isinstance(e, protocol.Warned)]
    assert warned[0].message.startswith("2 of 38 clips are left out: ")
    assert "text.wav is a text file, not audio (1)" in warned[0].message
    result = folder.read_result()
    assert result
    assert set(result["left_out"]) == {"text", "odd"}
    assert {p.clip_id for p in folder.read_predictions()} == {c.clip_id for c in clips}


def test_what_the_world_does_wrong_is_a_sentence_and_a_hint(
    clips: list[ManifestClip], cache: str, tmp_path: Path
) -> None:
    happy = [clip for clip in clips if clip.label == POSITIVE]
    folder = run_folder(tmp_path / "run", happy, cache=cache)
    code, events = carried_out(folder)
    assert code == 2
    sentence, hint = "The labelled clips are all positive.", "Label clips of at least two classes."
    assert events[-1] == protocol.RunFailed("failed", sentence, hint)
    result = folder.read_result()
    assert result
    assert result["status"] == folder.status() == FAILED
    assert result["error"] == {"code": "failed", "message": sentence, "hint": hint}
    assert "Traceback" not in folder.log_file.read_text()


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "disk", "The disk is full."),
        (MemoryError(), "memory", "The machine ran out of memory."),
        (PermissionError(errno.EACCES, "Denied", "/x"), "forbidden", "/x cannot be written."),
    ],
)
def test_the_machines_faults_are_sentences_too(
    error: Exception,
    code: str,
    message: str,
    clips: list[ManifestClip],
    cache: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(AcousticRecipe, "fit", fail)
    folder = run_folder(tmp_path / "run", clips, cache=cache)
    exit_code, events = carried_out(folder)
    failed = events[-1]
    assert isinstance(failed, protocol.RunFailed)
    assert (exit_code, failed.code, failed.message) == (2, code, message)
    assert failed.hint
    assert "Traceback" not in folder.log_file.read_text()


def test_a_bug_leaves_its_traceback_in_the_log(
    clips: list[ManifestClip], cache: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AcousticRecipe, "fit", lambda *_: {}["oops"])
    folder = run_folder(tmp_path / "run", clips, cache=cache)
    code, events = carried_out(folder)
    failed = events[-1]
    assert isinstance(failed, protocol.RunFailed)
    assert (code, failed.code, folder.status()) == (1, "bug", FAILED)
    assert "KeyError: 'oops'" in folder.log_file.read_text()


@pytest.mark.parametrize(
    ("wish", "status", "code"),
    [("stop", STOPPED, 0), ("cancel", CANCELLED, 3), ("leave", INTERRUPTED, 4)],
)
def test_a_wish_ends_the_run_after_the_step(
    wish: str, status: str, code: int, clips: list[ManifestClip], cache: str, tmp_path: Path
) -> None:
    folder = run_folder(tmp_path / "run", clips, cache=cache, acoustic=MANY)

    def answer(event: protocol.Event, wishes: Wishes) -> None:
        if isinstance(event, protocol.EpochFinished) and event.epoch == 3:
            getattr(wishes, wish)()

    found, events = carried_out(folder, answer)
    assert (found, folder.status()) == (code, status)
    assert sum(isinstance(e, protocol.EpochFinished) for e in events) == 3
    kept = status == STOPPED
    assert bool(folder.read_predictions()) is kept
    assert any(isinstance(e, protocol.EvaluationFinished) for e in events) is kept
    result = folder.read_result()
    assert (result is None) is (status == INTERRUPTED)
    assert (protocol.RunFinished(status) in events) is (status != INTERRUPTED)


def test_the_acoustic_recipe_is_a_recipe() -> None:
    recipe: Recipe = AcousticRecipe(RunConfig())
    with pytest.raises(ValueError, match="nothing has been learnt"):
        recipe.probabilities([])
