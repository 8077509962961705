"""Figure 1 as an SVG: numbers first, one hue for errors, the diagonal in grey."""

from collections.abc import Sequence

from trainer.contract.labels import CLASSES

_CELL, _LEFT, _TOP = 110, 120, 50
_TITLE = "Figure 1. The balanced model on the unseen test set"


def figure1(matrix: Sequence[Sequence[int]] | None) -> str:
    """A `figure` element; rows human, columns model, counts and percent of the row."""
    if matrix is None:
        return f'<section id="figure1"><h2>{_TITLE}</h2><p>There is no test clip.</p></section>'
    marks = [_text("model", _LEFT + 1.5 * _CELL, 16)]
    for i, (name, row) in enumerate(zip(CLASSES, matrix, strict=True)):
        y = _TOP + i * _CELL
        marks.append(_text(name, _LEFT - 12, y + 60, anchor="end"))
        marks.append(_text(name, _LEFT + (i + 0.5) * _CELL, _TOP - 12))
        for j, count in enumerate(row):
            marks.append(_cell(count, count / max(1, sum(row)), _LEFT + j * _CELL, y, i == j))
    width, height = _LEFT + 3 * _CELL, _TOP + 3 * _CELL
    return (
        f'<figure id="figure1"><h2>{_TITLE}</h2><svg viewBox="0 0 {width} {height}" '
        f'width="{width}" role="img" aria-label="Confusion matrix, rows human, columns model" '
        f'font-size="15" fill="currentColor">{"".join(marks)}</svg>'
        "<figcaption>Rows human, columns model; counts and percent of the row.</figcaption>"
        "</figure>"
    )


def _cell(count: int, share: float, x: float, y: float, right: bool) -> str:
    grey, hue = f"rgba(120,128,138,{0.12 + 0.2 * share:.2f})", f"rgba(213,94,0,{0.85 * share:.2f})"
    square = f'<rect x="{x}" y="{y}" width="{_CELL - 2}" height="{_CELL - 2}"'
    middle = x + _CELL / 2
    return (
        f'{square} fill="{grey if right else hue}"/>'
        + _text(f"{count:,}", middle, y + 56, size=20)
        + _text(f"{share:.0%}", middle, y + 78, size=13)
    )


def _text(text: str, x: float, y: float, anchor: str = "middle", size: int = 15) -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="{size}">{text}</text>'
