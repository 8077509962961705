"""What a benchmark hands back: figures with their targets, printed as a table.

def main() -> int:
    return show("Waveform", [Figure("frame, p95", 11.0, "ms", at_most=16.7)])
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number. Without a target it is only reported."""

    name: str
    value: float
    unit: str = ""
    at_most: float | None = None
    at_least: float | None = None

    @property
    def is_met(self) -> bool:
        above = self.at_most is not None and self.value > self.at_most
        below = self.at_least is not None and self.value < self.at_least
        return not (above or below)

    @property
    def target(self) -> str:
        if self.at_most is not None:
            return f"at most {self.at_most:g}"
        return "" if self.at_least is None else f"at least {self.at_least:g}"


def show(title: str, figures: Sequence[Figure]) -> int:
    """Print the table; returns the number of targets missed, which is the exit code."""
    print(f"\n{title}")
    width = max(len(figure.name) for figure in figures)
    for figure in figures:
        verdict = ("met" if figure.is_met else "MISSED") if figure.target else ""
        print(
            f"  {figure.name:<{width}}  {figure.value:>10.4g} {figure.unit:<6} "
            f"{figure.target:<16} {verdict}".rstrip(),
            flush=True,
        )
    return sum(not figure.is_met for figure in figures)
