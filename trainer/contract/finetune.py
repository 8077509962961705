"""The options of fine-tuning, and which of them contradict each other.

Defaults follow the paper where it says (section 4.3), else common practice: what goes beyond is
off until asked for.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any

from trainer.contract.errors import TrainerError

TINY = "tiny-from-scratch"
"""Model name of the preset with HuBERT's architecture, small sizes and random weights."""
TINY_NOTE = "random weights, not pre-trained: scores mean nothing about HuBERT"


@dataclass(frozen=True, slots=True)
class Augmentation:
    """How a training clip is changed each time it is shown, drawn anew from (seed, epoch, clip)."""

    speed: float = 0.0
    """Faster or slower by at most this part, pitch included: 0.1 is usual. 0 leaves it."""
    noise: float | None = None
    """Noise at a ratio from this many dB (10 is loud) to 20 dB above. None adds none."""
    gain: float = 0.0
    """Louder or softer by at most so many dB. Unheard by models that normalise each clip."""
    time_mask: float = 0.0
    """One span of at most so many seconds is silenced. 0 leaves it."""

    def __bool__(self) -> bool:
        return self != Augmentation()


@dataclass(frozen=True, slots=True)
class FinetuneConfig:
    """What `trainer.recipes.finetune` is told. `refuse_contradictions` checks it."""

    model: str = TINY
    """Hub id, local folder, or `tiny-from-scratch`."""
    learning_rate: float | None = None
    """Peak. None takes what suits: 1e-5 (the paper, section 4.3) for a pre-trained model, 3e-4
    with LoRA, 3e-3 for `tiny-from-scratch`, which at 1e-5 would hardly move."""
    head_rate: float | None = None
    """Peak for all above the encoder: projector, classifier, pooling, layer weights. None: the
    same as below."""
    epochs: int = 10
    patience: int = 3
    batch_seconds: float = 32.0
    """Padded seconds of audio in a batch; of several processes, in all their parts together."""
    warm_up: float = 0.1
    """Part of the training over which the learning rate rises."""
    decay: str = "linear"
    """How it then falls to 0: `linear` or `cosine`."""
    weight_decay: float = 0.01
    class_weights: bool = True
    """The rarer a class, the more its clips weigh in the loss."""
    logit_adjustment: float = 0.0
    """Times log(class frequency) added to the logits while training, so that the answers are
    free of it: 1 removes the prior (Menon et al. 2021). Instead of class weights."""
    label_smoothing: float = 0.0
    """Part of each label that is spread over all classes: 0.1 is usual."""
    pooling: str = "mean"
    """Frames to one vector: `mean`, or `attentive`, a mean whose weights are learnt."""
    layers: str = "last"
    """What is pooled: the `last` layer, or all under learnt weights, `weighted`."""
    lora_rank: int = 0
    """Above 0 only adapters of this rank in the attention (q, v) and the head learn (LoRA)."""
    lora_alpha: int | None = None
    """Scale of the adapters, divided by their rank. None: twice the rank."""
    gradient_checkpointing: bool = False
    """Compute each layer twice and keep less: half and more of the memory for a third more time."""
    precision: str = "auto"
    """`auto`: bfloat16 or float16 on cards made for it, else float32. Or one of these three."""
    compile: str = "off"
    """`auto` tries torch.compile on a card where enough steps are left to pay for it; `on`
    compiles from the first step; `off`."""
    max_seconds: float = 15.0
    """Longer clips are cut to this in training; evaluation hears them whole up to 30 s."""
    augment: Augmentation = field(default_factory=Augmentation)


_CHOICES = {
    "decay": ("linear", "cosine"),
    "pooling": ("mean", "attentive"),
    "layers": ("last", "weighted"),
    "precision": ("auto", "bfloat16", "float16", "float32"),
    "compile": ("off", "auto", "on"),
}
_BOUNDS: dict[str, tuple[float, float]] = {
    "learning_rate": (0, math.inf),
    "head_rate": (0, math.inf),
    "epochs": (0, 100_000),
    "patience": (1, 100_000),
    "batch_seconds": (0.1, 1e6),
    "warm_up": (0, 0.9),
    "weight_decay": (0, 10),
    "logit_adjustment": (0, 10),
    "label_smoothing": (0, 0.9),
    "lora_rank": (0, 4096),
    "lora_alpha": (1, 100_000),
    "max_seconds": (0.1, 60),
    "augment.speed": (0, 0.5),
    "augment.noise": (-20, 100),
    "augment.gain": (0, 60),
    "augment.time_mask": (0, 30),
}
_WHOLE = ("epochs", "patience", "lora_rank", "lora_alpha")
_OPTIONAL = ("learning_rate", "head_rate", "lora_alpha", "augment.noise")


def refuse_contradictions(options: FinetuneConfig) -> None:
    """Raises TrainerError, one sentence, for a value that no option has or two that clash."""
    for fault, hint in faults(options):
        raise TrainerError(fault, hint, "options")


def faults(options: FinetuneConfig) -> Iterator[tuple[str, str]]:
    """What is wrong and what to do about it, a sentence each."""
    for name, value in _values(options):
        if (expected := _expected(name, value)) is not None:
            yield f"The option {name} is {value!r}, not {expected}.", "Correct it and run again."
    if options.class_weights and options.logit_adjustment:
        yield (
            "Class weights and logit adjustment both correct for rare classes.",
            "Switch one of them off.",
        )
    if options.lora_rank and options.model == TINY:
        yield (
            "LoRA adapts a pre-trained model; tiny-from-scratch has only random weights.",
            "Choose another model, or switch LoRA off.",
        )
    if options.lora_alpha is not None and not options.lora_rank:
        yield "A LoRA alpha is given, but no LoRA rank.", "Give a rank, e.g. 8."


def _values(options: FinetuneConfig) -> Iterator[tuple[str, Any]]:
    for option in fields(options):
        value = getattr(options, option.name)
        if isinstance(value, Augmentation):
            yield from ((f"augment.{f.name}", getattr(value, f.name)) for f in fields(value))
        else:
            yield option.name, value


def _expected(name: str, value: Any) -> str | None:
    """What it should have been; None when it is that."""
    if name in _CHOICES:
        return None if value in _CHOICES[name] else f"one of {', '.join(_CHOICES[name])}"
    if name in _BOUNDS:
        lowest, highest = _BOUNDS[name]
        if value is None and name in _OPTIONAL:
            return None
        whole = name in _WHOLE
        number = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
        if number and lowest <= value <= highest:
            return None
        upper = "upwards" if highest == math.inf else f"to {highest:g}"
        return f"a {'whole ' if whole else ''}number from {lowest:g} {upper}"
    if name == "model":
        return None if isinstance(value, str) and value else "the name of a model"
    return None if isinstance(value, bool) else "true or false"
