"""The demo's report: the matrices, the scores with their intervals, the counts, the pictures."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from stremo_studio.project.comparison import RunReport
from trainer.contract.files import write_text_atomically
from trainer.contract.labels import CLASSES

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: 1rem 0 }
td, th { padding: .3rem .8rem; text-align: right; border-bottom: 1px solid #8884 }
th:first-child { text-align: left } figure { margin: 1.5rem 0 } img { width: 100% }
.note { color: #7a4d00 }
"""


def write_report(folder: Path, reports: Sequence[RunReport], labelled: int, changed: int) -> Path:
    """Write `report.html` beside the screenshots; returns its path."""
    pictures = sorted(file.name for file in folder.glob("*.png"))
    parts = [
        "<h1>StrEmo Studio, played by itself</h1>",
        "<p class=note>The practice set is synthetic: nobody spoke. Its scores say that the loop "
        "works, and nothing about speech emotion.</p>",
        f"<p>{labelled} clips were labelled by key (a script has no ears: by loudness), "
        f"{changed} of the test labels was changed in review between the runs.</p>",
        *(_run(report) for report in reports),
        *(f"<figure><img src='{escape(p)}' alt='{escape(p)}'></figure>" for p in pictures),
    ]
    body = "\n".join(parts)
    page = (
        "<!doctype html><html lang=en><meta charset=utf-8><title>StrEmo Studio demo</title>"
        f"<style>{_STYLE}</style>\n{body}\n</html>\n"
    )
    write_text_atomically(folder / "report.html", page)
    return folder / "report.html"


def _run(report: RunReport) -> str:
    scored = report.evaluation
    scores = "".join(
        _score(name, getattr(scored, field), scored.intervals.get(field))
        for name, field in (
            ("Macro F1", "macro_f1"),
            ("UAR", "uar"),
            ("Weighted F1", "weighted_f1"),
        )
    )
    note = f"<p class=note>{escape(report.note)}</p>" if report.note else ""
    total = sum(map(sum, scored.confusion))
    return (
        f"<h2>{escape(report.run.name)}</h2>{note}"
        f"<p>{scored.clips} test clips of {scored.groups} speakers; the matrix adds up to {total}. "
        f"Always answering the largest class would score macro F1 {report.baseline:.2f}.</p>"
        f"<table><tr><th>score<th>value<th>95 % interval</tr>{scores}</table>{_matrix(report)}"
    )


def _score(name: str, value: float, interval: Sequence[float] | None) -> str:
    between = f"{interval[0]:.3f} – {interval[1]:.3f}" if interval else "none"
    return f"<tr><th>{name}<td>{value:.3f}<td>{between}</tr>"


def _matrix(report: RunReport) -> str:
    head = "".join(f"<th>{name}" for name in CLASSES)
    rows = "".join(
        f"<tr><th>{name}{''.join(f'<td>{count}' for count in row)}<td>{sum(row)}</tr>"
        for name, row in zip(CLASSES, report.evaluation.confusion, strict=True)
    )
    return f"<table><tr><th>human ↓ model →{head}<th>clips</tr>{rows}</table>"
