"""Runs that several test files use, made once."""

import pytest

from tests.trainer.tiny import make_clips, small_config
from trainer.contract.config import FinetuneConfig, RunConfig, SplitConfig
from trainer.contract.run_folder import RunFolder
from trainer.reporter import Reporter
from trainer.run import carry_out
from trainer.training.wishes import Wishes

# isort: split
from transformers import HubertForCTC


@pytest.fixture(scope="session")
def finetuned(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """A finished fine-tuned run of a very small network; tests leave it as it is."""
    place = tmp_path_factory.mktemp("finetuned")
    HubertForCTC(small_config()).save_pretrained(place / "hubert-small")
    folder = RunFolder(place / "run")
    config = RunConfig(
        "finetune",
        split=SplitConfig(0.34, 0.25),
        finetune=FinetuneConfig(str(place / "hubert-small"), 1e-3, epochs=1, batch_seconds=8),
        cache=str(place / "cache"),
    )
    folder.create(config, make_clips(place / "clips", 36))
    with Reporter(folder, None) as reporter:
        assert carry_out(folder, reporter, Wishes()) == 0
    return folder
