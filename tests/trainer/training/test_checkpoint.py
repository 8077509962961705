"""Whatever interrupts a save, the best checkpoint before it is still there and still whole."""

from pathlib import Path

import pytest
import torch

from tests.trainer.tiny import small_hubert
from trainer.contract.errors import TrainerError
from trainer.network.model import Hubert
from trainer.training import checkpoint
from trainer.training.checkpoint import load_best, save_best


def _same(first: Hubert, second: Hubert) -> bool:
    ours, theirs = first.network.state_dict(), second.network.state_dict()
    return all(torch.equal(value, theirs[name]) for name, value in ours.items())


def test_the_last_saved_is_the_best_and_the_only_one_kept(tmp_path: Path) -> None:
    first, second = small_hubert(1), small_hubert(2)
    save_best(tmp_path, first, 1)
    assert _same(load_best(tmp_path), first)
    folder = save_best(tmp_path, second, 4)
    assert _same(load_best(tmp_path), second)
    assert [p for p in tmp_path.iterdir() if p.is_dir()] == [folder]


def test_what_a_killed_process_left_half_written_goes_with_the_next_save(tmp_path: Path) -> None:
    (tmp_path / ".best.json.123.456.part").write_text("{")
    folder = save_best(tmp_path, small_hubert(1), 1)
    assert sorted(tmp_path.iterdir()) == sorted([folder, tmp_path / "best.json"])


def _fill_the_disk(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("step", ["save_hubert", "_flush", "write_json"])
def test_a_full_disk_leaves_the_checkpoint_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    first = small_hubert(1)
    save_best(tmp_path, first, 1)
    monkeypatch.setattr(checkpoint, step, _fill_the_disk)
    with pytest.raises(OSError, match="No space"):
        save_best(tmp_path, small_hubert(2), 2)
    assert _same(load_best(tmp_path), first)


def test_no_checkpoint_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(TrainerError, match="no trained model"):
        load_best(tmp_path)
