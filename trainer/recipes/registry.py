"""Recipes by name. Each is imported only when asked for: torch takes seconds."""

from trainer.contract.config import RunConfig
from trainer.recipes.recipe import Recipe


def make_recipe(config: RunConfig) -> Recipe:
    """The recipe that `config.recipe` names, with nothing learnt yet."""
    if config.recipe == "finetune":
        from trainer.recipes.finetune import FinetuneRecipe  # noqa: PLC0415 - imports torch

        return FinetuneRecipe(config)
    if config.recipe == "probe":
        from trainer.recipes.probe import ProbeRecipe  # noqa: PLC0415 - wanted by few

        return ProbeRecipe(config)
    from trainer.recipes.acoustic import AcousticRecipe  # noqa: PLC0415 - imports scikit-learn

    return AcousticRecipe(config)
