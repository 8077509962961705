"""The best model of a run: a folder of its own for each, and one small file that names the best.

That file is replaced in one move when the new folder is whole on disk, and only then is the old
folder deleted: whatever interrupts, the file names a whole checkpoint.
"""

import json
import os
import shutil
from pathlib import Path

from trainer.contract.errors import TrainerError
from trainer.contract.files import write_json
from trainer.faults import system_errors
from trainer.model import Hubert
from trainer.pretrained import load_hubert, save_hubert

_BEST = "best.json"


def save_best(checkpoints: Path, hubert: Hubert, epoch: int) -> Path:
    """Keep this model as the best so far; returns its folder. Raises OSError, e.g. disk full."""
    folder = checkpoints / f"epoch-{epoch:03d}"
    if _named(checkpoints) == folder.name:  # a resumed run comes to an epoch a second time
        folder = checkpoints / f"{folder.name}-again"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        with system_errors():
            save_hubert(hubert, folder)
        for file in folder.iterdir():
            _flush(file)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    write_json(checkpoints / _BEST, {"folder": folder.name, "epoch": epoch})
    for other in checkpoints.glob("epoch-*"):
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)
    return folder


def load_best(checkpoints: Path) -> Hubert:
    """The best model so far. Raises TrainerError when there is none or it is damaged."""
    named = _named(checkpoints)
    if named is None:
        raise TrainerError(
            f"There is no trained model in {checkpoints}.", "Run the training first.", "no model"
        )
    return load_hubert(checkpoints / named, str(checkpoints / named))


def has_best(checkpoints: Path) -> bool:
    named = _named(checkpoints)
    return named is not None and (checkpoints / named).is_dir()


def _named(checkpoints: Path) -> str | None:
    try:
        return str(json.loads((checkpoints / _BEST).read_text(encoding="utf-8"))["folder"])
    except (OSError, ValueError, KeyError):
        return None


def _flush(file: Path) -> None:
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())
