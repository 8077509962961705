"""What a benchmark finds: a figure of ours, perhaps theirs beside it, perhaps a target."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure, in `unit`. Of its targets, all optional, at most one is given."""

    name: str
    ours: float
    unit: str
    theirs: float | None = None
    against: str = ""
    """What theirs is, e.g. `Trainer, stock recipe`."""
    times: float | None = None
    """Target: so many times theirs, where more is better."""
    at_most: float | None = None
    at_least: float | None = None

    @property
    def ratio(self) -> float | None:
        """Ours as a multiple of theirs."""
        return self.ours / self.theirs if self.theirs else None

    @property
    def met(self) -> bool | None:
        """None without a target, and without anything to compare with."""
        if self.at_most is not None:
            return self.ours <= self.at_most
        if self.at_least is not None:
            return self.ours >= self.at_least
        if self.times is None or self.ratio is None:
            return None
        return self.ratio >= self.times

    @property
    def target(self) -> str:
        if self.at_most is not None:
            return f"at most {self.at_most:g} {self.unit}".rstrip()
        if self.at_least is not None:
            return f"at least {self.at_least:g} {self.unit}".rstrip()
        return f"at least {self.times:g} x" if self.times is not None else ""

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "ratio": self.ratio, "target": self.target, "met": self.met}


def table(measures: Sequence[Measure]) -> str:
    """Lines for people: ours beside theirs, how many times as much, the target and whether met."""
    head = ("", "ours", "theirs", "", "ratio", "target", "")
    rows = [head, *(_row(measure) for measure in measures)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    right = {1, 2, 4}
    return "\n".join(
        "  ".join(
            cell.rjust(width) if i in right else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def _row(measure: Measure) -> tuple[str, ...]:
    verdict = {None: "", True: "met", False: "MISSED"}[measure.met]
    theirs = "" if measure.theirs is None else f"{measure.theirs:.4g}"
    ratio = "" if measure.ratio is None else f"{measure.ratio:.2f} x"
    name = f"{measure.name}, {measure.unit}" if measure.unit else measure.name
    return (name, f"{measure.ours:.4g}", theirs, measure.against, ratio, measure.target, verdict)
