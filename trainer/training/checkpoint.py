"""The best model of a run: a folder of its own for each, and one small file that names the best.

That file is replaced in one move when the new folder is whole on disk, and only then is the old
folder deleted: whatever interrupts, the file names a whole checkpoint.
"""

import os
import shutil
from pathlib import Path

from trainer.contract.files import write_json
from trainer.faults import system_errors
from trainer.network.model import Hubert
from trainer.network.pretrained import load_hubert, save_hubert
from trainer.training.best_model import BEST, best_folder, named


def save_best(checkpoints: Path, hubert: Hubert, epoch: int) -> Path:
    """Keep this model as the best so far; returns its folder. Raises OSError, e.g. disk full."""
    folder = checkpoints / f"epoch-{epoch:03d}"
    if named(checkpoints) == folder.name:  # a resumed run comes to an epoch a second time
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
    write_json(checkpoints / BEST, {"folder": folder.name, "epoch": epoch})
    for other in checkpoints.glob("epoch-*"):
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)
    for half_written in checkpoints.glob(f".{BEST}.*.part"):  # by a process killed while it wrote
        half_written.unlink(missing_ok=True)
    return folder


def load_best(checkpoints: Path) -> Hubert:
    """The best model so far. Raises TrainerError when there is none or it is damaged."""
    folder = best_folder(checkpoints)
    return load_hubert(folder, str(folder))


def has_best(checkpoints: Path) -> bool:
    name = named(checkpoints)
    return name is not None and (checkpoints / name).is_dir()


def _flush(file: Path) -> None:
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())
