"""Clip times as people and spreadsheets write them: `H:MM:SS`, `MM:SS`, seconds, or a fraction
of a day, which is what a spreadsheet keeps once the cell has lost its time format."""

from collections.abc import Iterable
from functools import lru_cache

SECONDS_OF_A_DAY = 86_400


@lru_cache(maxsize=8192)
def seconds(cell: str, day_fraction: bool = False) -> float | None:
    """Seconds, or None for a cell that is no time."""
    text, noon = _without_half(cell.strip().replace(",", "."))
    fields = text.split(":")
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
    if noon is not None:
        total = total % (SECONDS_OF_A_DAY / 2) + noon
    return round(total, 6)  # 1:11.448 is 71.448, not a hair more


def _without_half(text: str) -> tuple[str, int | None]:
    """The time without AM or PM, and the seconds that the half of the day adds: a spreadsheet in
    twelve-hour format shows 0:00:03 as `12:00:03 AM`."""
    half = text[-2:].upper()
    if half not in ("AM", "PM") or text.count(":") != 2:
        return text, None
    return text[:-2].rstrip(), 0 if half == "AM" else SECONDS_OF_A_DAY // 2


def are_day_fractions(cells: Iterable[str]) -> bool:
    """Whether the plain numbers of a column are parts of a day: all below 1, not all 0."""
    numbers = [value for cell in cells if ":" not in cell and (value := seconds(cell)) is not None]
    return bool(numbers) and max(numbers) < 1 and any(number > 0 for number in numbers)
