"""`report.html`: one file that explains itself, for the screen and for print.

It holds no clock time and no duration: the same cells give the same report, byte for byte, however
often the procedure was interrupted on the way.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from trainer.contract.resources import resource
from trainer.procedure.figure import figure1
from trainer.procedure.table import Row, Table, Value, shown


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything the report prints."""

    title: str
    banner: str
    model: str
    note: str
    """What must stand beside every score, e.g. that the weights are random."""
    tables: tuple[Table, ...]
    confusion: Sequence[Sequence[int]] | None
    """Figure 1: the balanced model on the pooled test set; rows human, columns model."""
    audit: Sequence[Mapping[str, Any]]
    proof: tuple[str, ...]
    """What the two sides of every split share, one sentence each."""
    missing: tuple[str, ...]
    """Corpora that were not found, and what they leave empty."""
    not_derivable: Sequence[Mapping[str, str]]
    environment: Mapping[str, str]


def render(found: Findings) -> str:
    """The whole page."""
    style = resource("report.css").read_text(encoding="utf-8")
    parts = [
        f"<h1>Reproduction: {escape(found.title)}</h1>",
        f'<p class="quiet">Model: {escape(found.model)}. Each cell: ours; below it the published '
        "value, the difference, and where there is one the 95 % interval.</p>",
        f'<p class="banner">{escape(found.banner)}</p>',
        *(
            f'<p class="warning">{escape(text)}</p>'
            for text in (found.note, *found.missing)
            if text
        ),
        *(_table(table) for table in found.tables),
        figure1(found.confusion),
        _audit(found.audit),
        _list("Speakers, sessions and videos on two sides", found.proof),
        _list(
            "What cannot be derived from the paper",
            [f"{entry['what']}: {entry['why']}" for entry in found.not_derivable],
        ),
        _environment(found.environment),
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Reproduction: {escape(found.title)}</title><style>{style}</style></head>\n"
        f"<body>\n{chr(10).join(parts)}\n</body></html>\n"
    )


def _table(table: Table) -> str:
    head = "".join(f"<th>{escape(column)}</th>" for column in ("", *table.columns))
    body = "".join(_row(row) for row in table.rows)
    note = f'<p class="note">{escape(table.note)}</p>' if table.note else ""
    return (
        f'<section id="{table.key}"><h2>{escape(table.title)}</h2><div class="scroll"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{note}</section>"
    )


def _row(row: Row) -> str:
    cells = "".join(f"<td>{_value(value)}</td>" for value in row.values)
    return f"<tr><td>{escape(row.name)}</td>{cells}</tr>"


def _value(value: Value) -> str:
    ours = shown(value.ours, value.digits) or '<span class="quiet">none</span>'
    if value.spread is not None:
        ours += f" ± {value.spread:.{value.digits}f}"
    below = []
    if value.published is not None:
        printed = shown(value.published, value.digits)
        difference = value.difference
        below.append(printed if difference is None else f"{printed}, {_signed(value)}")
    if value.interval is not None:
        low, high = value.interval
        below.append(f"[{low:.{value.digits}f}, {high:.{value.digits}f}]")
    return ours + "".join(f"<small>{line}</small>" for line in below)


def _signed(value: Value) -> str:
    number = value.difference or 0.0
    return f"{number:+,.{value.digits}f}".replace("-", "−") if number else "equal"


def _audit(audit: Sequence[Mapping[str, Any]]) -> str:
    rows = []
    for entry in audit:
        found, full = entry["found"], entry["expected"]
        of = f" of {full['files']:,}" if full else ""
        said = [f"{reason}: {number:,}" for reason, number in entry["left_out"].items()]
        said += [finding["message"] for finding in entry["findings"]]
        numbers = "".join(
            f"<td>{found[name]:,}</td>" for name in ("positive", "neutral", "negative", "discarded")
        )
        rows.append(
            f"<tr><td>{escape(entry['title'])}</td><td>{found['files']:,}{of}</td>{numbers}</tr>"
            f'<tr><td class="text" colspan="6"><small>{"<br>".join(map(escape, said))}</small>'
            "</td></tr>"
        )
    names = ("", "Clips", "Positive", "Neutral", "Negative", "Discarded")
    head = "".join(f"<th>{name}</th>" for name in names)
    return (
        '<section id="audit"><h2>Audit of the corpora</h2><div class="scroll"><table><thead><tr>'
        f"{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div></section>"
    )


def _list(title: str, sentences: Iterable[str]) -> str:
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    return f"<section><h2>{escape(title)}</h2><ul>{items}</ul></section>"


def _environment(facts: Mapping[str, str]) -> str:
    rows = "".join(
        f'<tr><td>{escape(name)}</td><td class="text"><code>{escape(value)}</code></td></tr>'
        for name, value in facts.items()
    )
    return f"<section><h2>Environment, seeds and hashes</h2><table>{rows}</table></section>"
