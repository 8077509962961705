"""Recipes by name. Each is imported only when asked for: torch takes seconds."""

from importlib import import_module

from trainer.contract.config import RunConfig
from trainer.recipes.recipe import Recipe

_CLASSES = {"acoustic": "AcousticRecipe", "finetune": "FinetuneRecipe"}


def make_recipe(config: RunConfig) -> Recipe:
    """The recipe that `config.recipe` names, with nothing learnt yet."""
    module = import_module(f"trainer.recipes.{config.recipe}")
    recipe: Recipe = getattr(module, _CLASSES[config.recipe])(config)
    return recipe
