"""Age bands that a spreadsheet took for dates: `5-12` becomes the fifth of December, or 12-May."""

import re
from functools import lru_cache

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?")
_SHOWN = re.compile(r"(?:(\d{1,2})[-. ])?([A-Za-z]{3})[a-z]*[-. ]?(\d{1,4})?")


@lru_cache(maxsize=1024)
def band_of_date(cell: str) -> str | None:
    """The band that was typed, `5-12`; None for a cell that is no date.

    Typed with two numbers that make a day and a month it became that day of some year; otherwise
    the larger is the year of a century, and the day is the first.
    """
    if iso := _ISO.fullmatch(cell):
        year, month, day = map(int, iso.groups())
        return _band(month, day if day != 1 else year % 100)
    shown = _SHOWN.fullmatch(cell)
    number = shown and (shown[1] or shown[3])
    if not shown or not number or shown[2].lower() not in _MONTHS.split():
        return None
    return _band(_MONTHS.split().index(shown[2].lower()) + 1, int(number) % 100)


def _band(one: int, other: int) -> str:
    low, high = sorted((one, other))
    return f"{low}-{high}"
