"""Where a run stands, folded from its events: one frozen value that every screen shows from."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from trainer.contract import protocol

FIRST_STEPS = 20
"""Steps before an ETA means anything; until then the speed is being measured."""


@dataclass(frozen=True, slots=True)
class RunProgress:
    """Empty at the start. Times in seconds."""

    model: str = ""
    recipe: str = ""
    note: str = ""
    device: str = ""
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    stage: str = ""
    done: int = 0
    total: int = 0
    unit: str = "clips"
    eta_s: float | None = None
    clips_per_s: float = 0.0
    learning_rate: float = 0.0
    padding: float | None = None
    steps: tuple[protocol.StepLogged, ...] = ()
    epochs: tuple[protocol.EpochFinished, ...] = ()
    watched: dict[str, list[float]] = field(default_factory=dict)
    warnings: tuple[protocol.Warned, ...] = ()

    @property
    def epoch(self) -> int:
        """The epoch at work, counted from 1; 0 before the first event of the training."""
        if not self.epochs:
            return 1 if self.steps else 0
        return min(self.epochs[-1].epoch + 1, self.epochs[-1].epochs)

    @property
    def epoch_count(self) -> int:
        return self.epochs[-1].epochs if self.epochs else 0

    @property
    def best(self) -> protocol.EpochFinished | None:
        """The epoch whose checkpoint is kept so far."""
        return next((e for e in reversed(self.epochs) if e.is_best), None)

    @property
    def measuring(self) -> bool:
        """Too few steps for a time left worth showing."""
        return bool(self.steps) and self.steps[-1].step < min(FIRST_STEPS, self.steps[-1].steps)


def after(progress: RunProgress, events: Iterable[protocol.Event]) -> RunProgress:
    """The progress once these events have happened too."""
    steps: list[protocol.StepLogged] = []
    for event in events:
        if isinstance(event, protocol.StepLogged):
            steps.append(event)  # many a batch: folded in one go below
        else:
            progress = _after(progress, event)
    if not steps:
        return progress
    last = steps[-1]
    return replace(
        progress,
        steps=(*progress.steps, *steps),
        stage="Train",
        done=last.step,
        total=last.steps,
        unit="steps",
        eta_s=last.eta_s,
        clips_per_s=last.clips_per_s,
        learning_rate=last.learning_rate,
        padding=last.padding,
    )


def _after(progress: RunProgress, event: protocol.Event) -> RunProgress:
    if isinstance(event, protocol.RunStarted):
        return replace(
            progress,
            model=event.model,
            recipe=event.recipe,
            note=event.note,
            device=event.device,
            counts=event.counts,
        )
    if isinstance(event, protocol.StageProgressed):
        return replace(
            progress,
            stage=event.stage,
            done=event.done,
            total=event.total,
            unit=event.unit,
            eta_s=event.eta_s,
        )
    if isinstance(event, protocol.EpochFinished):
        return replace(progress, epochs=(*progress.epochs, event))
    if isinstance(event, protocol.PredictionsUpdated):
        return replace(progress, watched={**progress.watched, **event.probabilities})
    if isinstance(event, protocol.Warned):
        return replace(progress, warnings=(*progress.warnings, event))
    return progress


def stage_text(progress: RunProgress) -> str:
    """The stage in words, e.g. "Train 120 of 400 steps"; empty before the first one."""
    if not progress.stage:
        return ""
    unit = f" {progress.unit}" if progress.unit else ""
    if progress.total:
        return f"{progress.stage} {progress.done:,} of {progress.total:,}{unit}"
    return f"{progress.stage} {progress.done:,}{unit}" if progress.done else progress.stage


def eta_text(progress: RunProgress) -> str:
    """Time left of the stage, or why it is not known."""
    if progress.stage == "Train" and progress.measuring:
        return "measuring speed"
    if progress.eta_s is None:
        return ""
    return f"ETA {clock(progress.eta_s)}"


def speed_text(progress: RunProgress) -> str:
    """Time left, speed, what of it goes into padding, and the learning rate, as far as known."""
    speed = f"{progress.clips_per_s:.0f} clips/s" if progress.clips_per_s else ""
    waste = "" if progress.padding is None else f"{100 * progress.padding:.0f} % padding"
    rate = f"learning rate {progress.learning_rate:.1e}" if progress.learning_rate else ""
    return "  ·  ".join(part for part in (eta_text(progress), speed, waste, rate) if part)


def clock(seconds: float) -> str:
    """`m:ss`, or `h:mm:ss` from an hour on."""
    whole = max(0, round(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"
