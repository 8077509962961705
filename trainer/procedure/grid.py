"""Which cells a preset asks for: folds for each learning rate, then the final models.

A cell's manifest holds only what the cell may know. Cells that choose hold no test clip; the
final models hold the test clips as `test`, which no recipe is given to learn from.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from trainer.balance import undersample
from trainer.contract.config import FinetuneConfig, RunConfig, SplitConfig
from trainer.contract.manifest import ManifestClip
from trainer.procedure.cells import Cell
from trainer.procedure.partition import Clips, Partition, folds, keep_together, overlap, with_dev
from trainer.procedure.preset import BEFORE_FOLDS, INSIDE_FOLDS, NEVER, Preset

NONE, RAVDESS_ONLY, BALANCED, UNBALANCED, ACOUSTIC = (
    "none",
    "ravdess",
    "balanced",
    "unbalanced",
    "acoustic",
)
DEGREES = (NONE, RAVDESS_ONLY, BALANCED, UNBALANCED)
"""Rows of Table 5."""
_AS_GIVEN = SplitConfig(test_fraction=0.0, dev_fraction=0.0)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is common to all cells: the preset, the model, and how long it may learn."""

    preset: Preset
    model: str
    epochs: int
    patience: int

    def config(self, learning_rate: float, seed: int, epochs: int | None = None) -> RunConfig:
        options = FinetuneConfig(
            model=self.model,
            learning_rate=learning_rate,
            epochs=self.epochs if epochs is None else epochs,
            patience=self.patience,
            class_weights=self.preset.class_weights,
        )
        return RunConfig("finetune", seed, split=_AS_GIVEN, finetune=options)


@dataclass(frozen=True, slots=True)
class FoldCell:
    """`held_out` is the split of the cell whose score is the fold's."""

    cell: Cell
    learning_rate: float
    fold: int
    held_out: str
    shared_groups: tuple[str, ...]
    """Speakers, sessions and videos on both sides of the fold: the proof, or the leakage."""


@dataclass(frozen=True, slots=True)
class FinalCell:
    cell: Cell
    degree: str
    seed: int


def fold_cells(part: Partition, plan: Plan) -> list[FoldCell]:
    """Learning rates x folds, of the first seed (section 4.3)."""
    preset, seed = plan.preset, plan.preset.seeds[0]
    learn = part.learn
    if preset.balanced == BEFORE_FOLDS:
        learn = tuple(undersample(learn, seed))
    drawn = folds(learn, preset, seed)
    made = []
    for rate in preset.learning_rates:
        for number, held in enumerate(drawn, start=1):
            ids = {clip.clip_id for clip in held}
            rest = tuple(clip for clip in learn if clip.clip_id not in ids)
            clips = _fold_clips(rest, held, preset, seed)
            name = f"learning rate {rate:.0e}, fold {number}"
            cell = Cell(name, plan.config(rate, seed), clips)
            shared = tuple(sorted(overlap(rest, held)))
            made.append(FoldCell(cell, rate, number, _held_out(preset), shared))
    return made


def final_cells(part: Partition, plan: Plan, learning_rate: float) -> list[FinalCell]:
    """The degrees of fine-tuning of Table 5 for each seed, and the acoustic baseline."""
    made = []
    for seed in plan.preset.seeds:
        for degree in (*DEGREES, ACOUSTIC):
            clips = _final_clips(part, degree, plan.preset, seed)
            if not clips:
                continue
            config = plan.config(learning_rate, seed, epochs=0 if degree == NONE else None)
            if degree == ACOUSTIC:
                config = replace(config, recipe="acoustic")
            cell = Cell(f"final model, {degree}, seed {seed}", config, clips)
            made.append(FinalCell(cell, degree, seed))
    return made


def _held_out(preset: Preset) -> str:
    """Published: the fold chooses the epoch and is scored by it. Grouped: it is only scored."""
    return "test" if preset.grouped else "dev"


def _fold_clips(rest: Clips, held: Clips, preset: Preset, seed: int) -> tuple[ManifestClip, ...]:
    side = _held_out(preset)
    if side == "dev":
        both = [replace(clip, split="train") for clip in rest]
        both += [replace(clip, split="dev") for clip in held]
        return tuple(replace(clip, group=clip.clip_id) for clip in both)
    kept = with_dev(rest, preset, seed)
    if preset.balanced == INSIDE_FOLDS:
        kept = _balance_train(kept, seed)
    return (*kept, *(replace(c, split="test", group=keep_together(c)) for c in held))


def _final_clips(
    part: Partition, degree: str, preset: Preset, seed: int
) -> tuple[ManifestClip, ...]:
    """Clips of one final model; none where its corpora are missing. As published, balancing comes
    before the dev set is set aside; in a grouped preset the dev set keeps its natural classes."""
    learn = part.learn
    if degree == RAVDESS_ONLY:
        learn = tuple(clip for clip in learn if clip.corpus == "ravdess")
    if not learn:
        return ()
    balanced = degree == BALANCED or (degree == ACOUSTIC and preset.balanced != NEVER)
    if balanced and not preset.grouped:
        learn = tuple(undersample(learn, seed))
    kept = with_dev(learn, preset, seed)
    if balanced and preset.grouped:
        kept = _balance_train(kept, seed)
    return (*kept, *(replace(clip, split="test") for clip in part.test))


def _balance_train(clips: Sequence[ManifestClip], seed: int) -> list[ManifestClip]:
    kept = {c.clip_id for c in undersample([c for c in clips if c.split == "train"], seed)}
    return [c for c in clips if c.split != "train" or c.clip_id in kept]
