"""The tables for other programs: one CSV each with every number, and one LaTeX file to include."""

import csv
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

from trainer.contract.files import write_text_atomically
from trainer.procedure.table import Table, Value, shown

_LATEX = str.maketrans({"%": r"\%", "&": r"\&", "_": r"\_", "#": r"\#", "$": r"\$"})


def write_csv(table: Table, folder: Path) -> None:
    """Long form: a line for each row and column, at full precision."""
    text = StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["row", "column", "ours", "low", "high", "sd", "published", "difference"])
    for row in table.rows:
        for column, value in zip(table.columns, row.values, strict=False):
            low, high = value.interval or (None, None)
            numbers = (value.ours, low, high, value.spread, value.published, value.difference)
            rows.writerow([row.name, column, *("" if n is None else repr(n) for n in numbers)])
    write_text_atomically(folder / f"{table.key}.csv", text.getvalue())


def write_latex(tables: Sequence[Table], path: Path) -> None:
    """The paper's layout; each cell ours, with the published value in brackets."""
    write_text_atomically(path, "\n".join(_latex(table) for table in tables))


def _latex(table: Table) -> str:
    lines = [
        r"\begin{table}[htb]",
        r"\centering",
        rf"\caption{{{_escaped(table.title)}. Published values in brackets.}}",
        rf"\label{{tab:{table.key}}}",
        rf"\begin{{tabular}}{{l{'r' * len(table.columns)}}}",
        r"\hline",
        " & ".join(["", *map(_escaped, table.columns)]) + r" \\",
        r"\hline",
    ]
    for row in table.rows:
        cells = [_escaped(row.name), *(_cell(value) for value in row.values)]
        lines.append(" & ".join(cells) + r" \\")
    return "\n".join([*lines, r"\hline", r"\end{tabular}", r"\end{table}", ""])


def _cell(value: Value) -> str:
    ours = shown(value.ours, value.digits) or "--"
    published = shown(value.published, value.digits)
    return f"{ours} ({published})" if published else ours


def _escaped(text: str) -> str:
    return text.translate(_LATEX)
