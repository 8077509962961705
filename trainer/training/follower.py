"""What all processes but the first do of a run that several train: learn, and write nothing."""

import os
import sys
from pathlib import Path

from trainer.contract.labels import CLASSES
from trainer.contract.protocol import Event
from trainer.contract.run_folder import FINISHED, RunFolder
from trainer.recipes.recipe import RunContext
from trainer.recipes.registry import make_recipe
from trainer.reporter import Reporter
from trainer.sampling import split_clips
from trainer.training.ranks import Ranks
from trainer.training.wishes import RunEnded, Wishes


class Unheard(Reporter):
    """The first process reports for all."""

    def __init__(self) -> None:
        """Opens no file."""

    def send(self, event: Event) -> None:
        pass

    def log(self, text: str) -> None:
        pass

    def recorded(self) -> int:
        return 0

    def rewind(self, size: int) -> None:
        pass


def follow(folder: RunFolder, ranks: Ranks) -> str:
    """Take part in the training of the run in `folder`; returns the status it ends with.

    The first process prepares, evaluates and keeps: this one waits, and leaves after the training.
    """
    wishes = Wishes()
    with Path(os.devnull).open("rb") as nothing:
        wishes.listen(nothing, studio=False)
    config = folder.read_config()
    if config.recipe != "finetune":
        print(f"The {config.recipe} recipe needs one process only.", file=sys.stderr)
        return FINISHED
    cache = Path(config.cache) if config.cache else folder.path / "cache"
    run = RunContext(folder, config, cache, Unheard(), wishes, ranks)
    recipe = make_recipe(config)
    try:
        unusable = set(ranks.told(None))
        clips = [c for c in folder.read_manifest() if c.label in CLASSES]
        usable = [c for c in clips if c.clip_id not in unusable]
        data = split_clips(usable, config.split, config.seed)
        recipe.fit(data.train, data.dev, run)
    except RunEnded as ended:
        return ended.status
    return FINISHED
