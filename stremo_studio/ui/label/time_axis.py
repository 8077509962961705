"""Where the time axis puts its ticks and what it writes: labels never touch each other."""

from itertools import chain, count
from math import ceil, floor

_STEPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0,
          60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0, 18000.0, 36000.0)  # fmt: skip
GAP = 40.0
"""Pixels between two labels."""


def time_text(seconds: float, step: float = 1.0, longest: float = 0.0) -> str:
    """`3.25`, `2:03.5`, `1:02:03`: as many parts as `longest` needs, as many decimals as `step`."""
    decimals = 0 if step >= 1 else 1 if step >= 0.1 else 2 if step >= 0.01 else 3
    ticks = round(abs(seconds) * 10**decimals)
    whole, part = divmod(ticks, 10**decimals)
    tail = f".{part:0{decimals}}" if decimals else ""
    sign = "-" if seconds < 0 and ticks else ""
    longest = max(longest, whole)
    if longest >= 3600:
        return f"{sign}{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}{tail}"
    if longest >= 60:
        return f"{sign}{whole // 60}:{whole % 60:02}{tail}"
    return f"{sign}{whole}{tail}"


def ticks(start: float, end: float, pixels: float, digit: float) -> list[tuple[float, str]]:
    """Times and labels between `start` and `end`, the finest step whose labels do not touch.

    `digit` is the width of a figure in pixels; no other letter of a label is wider.
    """
    if end <= start or pixels <= 0:
        return []

    def fits(step: float) -> bool:
        return pixels * step / (end - start) >= len(time_text(end, step, end)) * digit + GAP

    finer = step = _STEPS[0]
    for step in chain(_STEPS, (_STEPS[-1] * 2**n for n in count(1))):
        if fits(step):
            break
        finer = step
    first, last = ceil(max(0.0, start) / step), floor(end / step)
    if first > last:  # the view lies between two ticks; of the finer step it has two or three
        step = finer
        first, last = ceil(max(0.0, start) / step), floor(end / step)
    unit = " s" if end < 60 else ""
    return [(n * step, time_text(n * step, step, end) + unit) for n in range(first, last + 1)]
