"""Which model of a run is its best, asked without torch: `best.json` names the folder."""

import json
from pathlib import Path

from trainer.contract.errors import TrainerError

BEST = "best.json"


def best_folder(checkpoints: Path) -> Path:
    """Where the best model so far lies. Raises TrainerError when there is none."""
    name = named(checkpoints)
    if name is None:
        raise TrainerError(
            f"There is no trained model in {checkpoints}.", "Run the training first.", "no model"
        )
    return checkpoints / name


def named(checkpoints: Path) -> str | None:
    """The folder's name; None when there is no best model yet."""
    try:
        return str(json.loads((checkpoints / BEST).read_text(encoding="utf-8"))["folder"])
    except (OSError, ValueError, KeyError):
        return None
