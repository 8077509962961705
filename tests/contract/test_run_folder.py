"""A run is a folder: what it says about itself, whole, half or broken."""

from pathlib import Path

import pytest

from trainer.contract.config import RunConfig
from trainer.contract.errors import TrainerError
from trainer.contract.evaluation import Prediction
from trainer.contract.manifest import ManifestClip
from trainer.contract.run_folder import FINISHED, INTERRUPTED, NEW, RUNNING, RunFolder

CLIP = ManifestClip("1", "a.wav", "positive", "x:1", 0.5, 2.0, "x", "1", "happiness", "test")


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    folder = RunFolder(tmp_path / "run")
    folder.create(RunConfig(watch=("1",)), [CLIP])
    return folder


def test_what_is_asked_for_is_read_back(run: RunFolder) -> None:
    assert run.read_config() == RunConfig(watch=("1",))
    assert run.read_manifest() == [CLIP]


def test_a_run_is_never_made_over_another(run: RunFolder) -> None:
    with pytest.raises(FileExistsError):
        run.create(RunConfig(), [])


def test_the_four_states_of_a_run(run: RunFolder) -> None:
    assert run.status() == NEW
    with run.lock():
        run.log_file.touch()
        assert run.status() == RUNNING
    assert run.status() == INTERRUPTED
    run.write_result({"status": FINISHED})
    assert run.status() == FINISHED


def test_a_prediction_cut_off_by_a_crash_is_left_out(run: RunFolder) -> None:
    whole = Prediction("1", "test", "positive", "neutral", [0.1, 0.5, 0.4])
    run.write_predictions([whole])
    with run.predictions_file.open("a", encoding="utf-8") as file:
        file.write('{"clip_id": "2", "spl')
    assert run.read_predictions() == [whole]


@pytest.mark.parametrize("content", ["", "{", "\x00", '{"recipe": "magic"}', '{"epochs": 3}'])
def test_a_broken_configuration_is_one_sentence(run: RunFolder, content: str) -> None:
    run.config_file.write_text(content, encoding="utf-8")
    with pytest.raises(TrainerError) as caught:
        run.read_config()
    assert caught.value.hint


def test_a_folder_that_is_no_run_says_so(tmp_path: Path) -> None:
    with pytest.raises(TrainerError, match="is no run folder"):
        RunFolder(tmp_path).read_config()
