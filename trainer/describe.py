"""Events as sentences, for `run.log` and the terminal."""

from trainer.contract import protocol
from trainer.contract.labels import CLASSES


def describe(event: protocol.Event) -> str:
    """One line about one event; empty for an event that is not for reading."""
    match event:
        case protocol.StageProgressed(stage, done, total, unit, eta):
            return f"{stage} {done}/{total} {unit}{_left(eta)}" if total else f"{stage} …"
        case protocol.StepLogged():
            return (
                f"Step {event.step}/{event.steps}, loss {event.loss:.4f}, "
                f"{event.clips_per_s:.1f} clips/s{_share_of_peak(event.mfu)}{_left(event.eta_s)}"
            )
        case protocol.EpochFinished():
            detail = f" ({event.detail})" if event.detail else ""
            best = ", best so far" if event.is_best else ""
            return (
                f"Epoch {event.epoch}/{event.epochs}{detail}: train loss {event.train_loss:.4f}, "
                f"dev loss {event.dev_loss:.4f}, dev macro F1 {event.dev_macro_f1:.3f}, "
                f"dev UAR {event.dev_uar:.3f}{best}"
            )
        case protocol.RunStarted():
            counts = "; ".join(f"{split} {_counts(c)}" for split, c in event.counts.items())
            return f"Training {event.model}: {counts}" + (f". {event.note}" if event.note else "")
        case protocol.RunResumed(epoch, step):
            return f"Resumed in epoch {epoch}, after step {step}"
        case protocol.EvaluationFinished(split, evaluation):
            name = "train, out of fold" if split == "train" else split
            return (
                f"{name}: macro F1 {evaluation['macro_f1']:.3f}"
                f"{_interval(evaluation['intervals'].get('macro_f1'))}, "
                f"weighted F1 {evaluation['weighted_f1']:.3f}, UAR {evaluation['uar']:.3f}"
                f"{_ece(evaluation.get('ece'))}, "
                f"{evaluation['clips']} clips of {evaluation['groups']} groups"
            )
        case protocol.Warned(message, hint) | protocol.RunFailed(_, message, hint):
            return f"{message} {hint}".strip()
        case protocol.RunFinished(status):
            return f"Run {status}"
        case protocol.Hello():
            versions = ", ".join(f"{name} {version}" for name, version in event.versions.items())
            return f"Trainer started on {event.device} with {versions}"
        case protocol.CheckpointSaved(path, epoch):
            return f"Saved {path} after epoch {epoch}"
        case _:
            return ""


def _share_of_peak(mfu: float | None) -> str:
    return "" if mfu is None else f", {mfu:.0%} MFU"


def _left(seconds: float | None) -> str:
    if seconds is None or seconds < 1:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    return f", {minutes} min {rest} s left" if minutes else f", {rest} s left"


def _interval(bounds: list[float] | None) -> str:
    return f" [{bounds[0]:.3f}, {bounds[1]:.3f}]" if bounds else ""


def _ece(error: float | None) -> str:
    return "" if error is None else f", ECE {error:.3f}"


def _counts(counts: dict[str, int]) -> str:
    return " / ".join(str(counts.get(name, 0)) for name in CLASSES)
