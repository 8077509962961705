"""Clip times as people and spreadsheets write them: `H:MM:SS`, `MM:SS`, seconds, or a fraction
of a day, which is what a spreadsheet keeps once the cell has lost its time format."""

from collections.abc import Iterable
from functools import lru_cache

SECONDS_OF_A_DAY = 86_400


@lru_cache(maxsize=8192)
def seconds(cell: str, day_fraction: bool = False) -> float | None:
    """Seconds, or None for a cell that is no time."""
    fields = cell.strip().replace(",", ".").split(":")
    try:
        numbers = [float(field) for field in fields]
    except ValueError:
        return None
    if len(fields) > 3 or not all(0 <= number < 1e7 for number in numbers):
        return None  # also what is not a number, and infinity
    if len(fields) == 1:
        return round(numbers[0] * SECONDS_OF_A_DAY, 3) if day_fraction else numbers[0]
    if any(number >= 60 for number in numbers[1:]):
        return None
    total = 0.0
    for number in numbers:
        total = total * 60 + number
    return total


def are_day_fractions(cells: Iterable[str]) -> bool:
    """Whether the plain numbers of a column are parts of a day: all below 1, not all 0."""
    numbers = [value for cell in cells if ":" not in cell and (value := seconds(cell)) is not None]
    return bool(numbers) and max(numbers) < 1 and any(number > 0 for number in numbers)
