"""Tables 1 to 3: what the corpora hold, how they are divided, how the learning rate was chosen."""

from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

from trainer.balance import undersample
from trainer.contract.labels import NEGATIVE, NEUTRAL, POSITIVE
from trainer.contract.manifest import ManifestClip
from trainer.corpora.scan import TITLES
from trainer.procedure.table import Row, Table, Value

PAPERS_ORDER = (POSITIVE, NEUTRAL, NEGATIVE)
"""The paper prints positive first; everything else in the program has negative first."""
PAPERS_FOLDS = 5


def table1(audit: Sequence[Mapping[str, Any]], paper: Mapping[str, Any]) -> Table:
    found = {entry["corpus"]: entry for entry in audit}
    rows = []
    for corpus, (utterances, emotions, seconds, _) in paper["table1"].items():
        ours = found.get(corpus)
        rows.append(
            Row(
                TITLES[corpus],
                (
                    Value(ours["found"]["files"] if ours else None, utterances, digits=0),
                    Value(ours["emotions"] if ours else None, emotions, digits=0),
                    Value(ours["mean_seconds"] if ours else None, seconds, digits=1),
                ),
            )
        )
    columns = ("Utterances", "Emotions", "Mean duration (s)")
    return Table("table1", "Table 1. The six public corpora", columns, tuple(rows))


def table2(clips: Sequence[ManifestClip], paper: Mapping[str, Any]) -> Table:
    counts = Counter((clip.corpus, clip.label) for clip in clips)
    present = {clip.corpus for clip in clips}
    rows = tuple(
        Row(
            TITLES[corpus],
            tuple(
                Value(counts[corpus, label] if corpus in present else None, printed, digits=0)
                for label, printed in zip(PAPERS_ORDER, published, strict=True)
            ),
        )
        for corpus, published in paper["table2"].items()
    )
    columns = tuple(label.capitalize() for label in PAPERS_ORDER)
    return Table("table2", "Table 2. Clips of each class after preprocessing", columns, rows)


def totals(learn: Sequence[ManifestClip], paper: Mapping[str, Any], seed: int) -> Table:
    """The training set before and after undersampling (section 4.2)."""
    rows = []
    for name, clips in (("unbalanced", learn), ("balanced", undersample(learn, seed))):
        counts = Counter(clip.label for clip in clips)
        published = paper["totals"][name]
        values = (
            Value(counts[label], printed, digits=0)
            for label, printed in zip(PAPERS_ORDER, published, strict=True)
        )
        rows.append(Row(name.capitalize(), tuple(values)))
    columns = tuple(label.capitalize() for label in PAPERS_ORDER)
    title = "Section 4.2. The training set before and after undersampling"
    note = "The published 80 % of CMU-MOSEI cannot be derived: see the last section."
    return Table("totals", title, columns, tuple(rows), note)


def table3(scores: Mapping[float, Sequence[float]], paper: Mapping[str, Any], metric: str) -> Table:
    """`scores` holds the folds' scores by learning rate, in order."""
    published = {float(rate): values for rate, values in paper["table3"].items()}
    folds = max((len(values) for values in scores.values()), default=0)
    rows = []
    for rate, ours in scores.items():
        printed = published.get(rate, []) if folds == PAPERS_FOLDS else []
        values = [*ours, sum(ours) / len(ours)]
        values_and_printed = zip(values, [*printed, *[None] * len(values)], strict=False)
        rows.append(Row(f"{rate:.0e}", tuple(Value(a, b) for a, b in values_and_printed)))
    columns = (*(f"K{number}" for number in range(1, folds + 1)), "Avg.")
    title = "Table 3. Cross-validation of the learning rate"
    note = f"Score of a fold: {metric}. {_trend(scores)}".strip()
    return Table("table3", title, columns, tuple(rows), note)


def _trend(scores: Mapping[float, Sequence[float]]) -> str:
    """Later folds that score better than the first would mean that something is carried over."""
    if min(map(len, scores.values()), default=0) < 2:
        return ""
    first = fmean(folds[0] for folds in scores.values())
    later = fmean(score for folds in scores.values() for score in folds[1:])
    means = f"The first folds score {first:.2f} on average, the later ones {later:.2f}."
    first_is_worst = [folds[0] == min(folds) < max(folds) for folds in scores.values()]
    if len(scores) > 1 and all(first_is_worst):
        said = "The first is the worst at every learning rate: look for what is carried over."
    else:
        said = "The first is not the worst throughout: nothing points to a carry-over."
    return f"{means} {said}"
