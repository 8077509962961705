"""A cell of a spreadsheet's file: what it shows, and the formula that it was computed by."""

from collections.abc import Iterable
from typing import NamedTuple

_FAILED = ("#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#N/A", "#NUM!", "#NULL!", "Err:")


class Cell(NamedTuple):
    """`text` is the value as kept in the file; `formula` begins with = and is mostly empty."""

    text: str
    formula: str = ""


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet computed, or failed to compute, this cell."""
    return cell.startswith(("=", *_FAILED))


def settled(rows: Iterable[list[Cell]]) -> tuple[list[list[str]], tuple[str, ...]]:
    """The cells as text, and which rows hold a formula that was read by its last value. A formula
    without a value stays one: an id like `-btTC` became one, and whoever reads the sheet repairs
    it."""
    lines: list[list[str]] = []
    computed: list[str] = []
    for number, row in enumerate(rows, start=1):
        lines.append([_settled(cell) for cell in row])
        if any(cell.formula and _settled(cell) != cell.formula for cell in row):
            computed.append(f"row {number}")
    return lines, tuple(computed)


def clock(total: float) -> str:
    """`H:MM:SS`, the way StrEmo writes times."""
    whole, part = divmod(round(total, 3), 1)
    minutes, second = divmod(int(whole), 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02}:{second:02}" + (f"{part:.3f}"[1:] if part else "")


def _settled(cell: Cell) -> str:
    if cell.formula and (not cell.text or is_formula(cell.text)):
        return cell.formula
    return cell.text
