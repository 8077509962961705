"""A table of the report: our value beside the published one, for any way of printing it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Value:
    """One cell. None = we have none (a corpus is missing) or the paper prints none."""

    ours: float | None
    published: float | None = None
    interval: tuple[float, float] | None = None
    """95 %, from a bootstrap over speakers and videos."""
    spread: float | None = None
    """Standard deviation over seeds, where there are several."""
    digits: int = 2

    @property
    def difference(self) -> float | None:
        """Ours minus published, of the values as they are printed."""
        if self.ours is None or self.published is None:
            return None
        return round(round(self.ours, self.digits) - self.published, self.digits)


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`key` names its files, e.g. `table2`."""

    key: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""


def shown(number: float | None, digits: int) -> str:
    """A number as it is printed; an empty place where there is none."""
    return "" if number is None else f"{number:,.{digits}f}"
