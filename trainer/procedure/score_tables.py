"""Tables 4 to 6 and what goes beside them: scores on clips that were never learnt from."""

from collections.abc import Callable, Mapping, Sequence
from statistics import fmean, stdev
from typing import Any

from trainer.contract.evaluation import Evaluation
from trainer.contract.labels import NEGATIVE, NEUTRAL, POSITIVE
from trainer.corpora.scan import TITLES
from trainer.procedure.grid import BALANCED, DEGREES, RAVDESS_ONLY, UNBALANCED
from trainer.procedure.scoring import Scored, of_corpus, paired, score, weighted
from trainer.procedure.table import Row, Table, Value

BySeed = Sequence[Sequence[Scored]]
"""Scored test clips of one degree, one list a seed."""
DEGREE_NAMES = {
    "none": "None",
    "ravdess": "RAVDESS",
    "balanced": "Com-Bal",
    "unbalanced": "Com-Unbal",
    "acoustic": "Acoustic recipe",
}
_COLUMNS6 = ("cmu_mosei", "stremo", "savee")


def table4(rows: BySeed, paper: Mapping[str, Any]) -> Table:
    """The balanced model on the whole test set; intervals are those of the F1 scores."""
    made = []
    for label in (NEGATIVE, NEUTRAL, POSITIVE):
        picks = [_class_score(label, name) for name in ("precision", "recall", "f1")]
        made.append(Row(label.capitalize(), _values(rows, picks, paper["table4"][label])))
    picks = [_weighted(i) for i in range(3)]
    made.append(Row("Weighted avg.", _values(rows, picks, paper["table4"]["weighted"])))
    columns = ("Precision", "Recall", "F1")
    return Table(
        "table4", "Table 4. The balanced model on the unseen test set", columns, tuple(made)
    )


def table5(finals: Mapping[str, BySeed], paper: Mapping[str, Any]) -> Table:
    """Degrees of fine-tuning on StrEmo."""
    made = []
    for degree in DEGREES:
        rows = _on(finals.get(degree, ()), "stremo")
        picks = [_class_score(label, "f1") for label in (POSITIVE, NEUTRAL, NEGATIVE)]
        values = _values(rows, [*picks, _weighted_f1], paper["table5"][degree])
        made.append(Row(DEGREE_NAMES[degree], values))
    columns = ("F1 positive", "F1 neutral", "F1 negative", "Weighted F1")
    note = (
        "“None” is an untrained head: which constant it answers is the seed's luck. All positive "
        "gives the published 0.53 / 0 / 0 / 0.19."
    )
    return Table("table5", "Table 5. StrEmo by degree of fine-tuning", columns, tuple(made), note)


def table6(finals: Mapping[str, BySeed], paper: Mapping[str, Any]) -> Table:
    made = []
    for degree in (BALANCED, UNBALANCED):
        rows = finals.get(degree, ())
        published = paper["table6"][degree]
        values = [
            _value(_on(rows, corpus), _weighted_f1, printed)
            for corpus, printed in zip(_COLUMNS6, published[:3], strict=True)
        ]
        made.append(Row(DEGREE_NAMES[degree], (*values, _value(rows, _weighted_f1, published[3]))))
    columns = (*(TITLES[corpus] for corpus in _COLUMNS6), "Overall")
    note = "Overall pools the predictions of the three test sets; it is not the mean of the row."
    return Table(
        "table6", "Table 6. Weighted F1 of each unseen test set", columns, tuple(made), note
    )


def beside(finals: Mapping[str, BySeed], baselines: Mapping[str, Sequence[Scored]]) -> Table:
    """Every StrEmo score needs these beside it."""
    made = [
        Row(DEGREE_NAMES[degree], _four(_on(rows, "stremo"))) for degree, rows in finals.items()
    ]
    made += [Row(name.capitalize(), _four([rows])) for name, rows in baselines.items()]
    note = (
        "Look-ups know the labels they are scored on: they show how much of the answer a column "
        "or the duration gives away. Intervals are drawn over videos. ECE, the calibration error, "
        "is how far sureness and accuracy lie apart: 0 is best, and a look-up has none."
    )
    columns = ("Weighted F1", "Macro F1", "UAR", "ECE")
    return Table("baselines", "StrEmo, beside what needs no listening", columns, tuple(made), note)


def comparisons(finals: Mapping[str, BySeed]) -> Table:
    """Paired differences on StrEmo, first seed: the same videos drawn for both models."""
    made = []
    for left, right in ((RAVDESS_ONLY, BALANCED), (BALANCED, UNBALANCED)):
        pair = [of_corpus(finals[d][0], "stremo") if finals.get(d) else [] for d in (left, right)]
        name = f"{DEGREE_NAMES[right]} minus {DEGREE_NAMES[left]}"
        found = paired(*pair) if all(pair) else None
        if found is None:
            made.append(Row(name, (Value(None), Value(None))))
            continue
        values = (Value(found.centre, interval=(found.low, found.high)), Value(found.p, digits=3))
        made.append(Row(name, values))
    note = (
        "Paired bootstrap over videos, first seed. An interval that holds 0 means: this test set "
        "cannot tell the two apart."
    )
    title = "Paired differences in weighted F1 on StrEmo"
    return Table("paired", title, ("Difference", "p"), tuple(made), note)


Pick = Callable[[Evaluation], float]


def _class_score(label: str, name: str) -> Pick:
    return lambda found: found.per_class[label][name]


def _weighted(place: int) -> Pick:
    return lambda found: weighted(found)[place]


def _weighted_f1(found: Evaluation) -> float:
    return found.weighted_f1


def _four(rows: BySeed) -> tuple[Value, ...]:
    picks: list[Pick] = [_weighted_f1, lambda found: found.macro_f1, lambda found: found.uar]
    names = ("weighted_f1", "macro_f1", "uar")
    scores = tuple(_value(rows, p, None, name) for p, name in zip(picks, names, strict=True))
    errors = [e for one in rows if one and (e := score(one).ece) is not None]
    spread = stdev(errors) if len(errors) > 1 else None
    return *scores, Value(fmean(errors) if errors else None, None, None, spread)


def _on(rows: BySeed, corpus: str) -> BySeed:
    return [ours for one in rows if (ours := of_corpus(one, corpus))]


def _values(rows: BySeed, picks: Sequence[Pick], published: Sequence[float]) -> tuple[Value, ...]:
    return tuple(_value(rows, p, printed) for p, printed in zip(picks, published, strict=True))


def _value(rows: BySeed, pick: Pick, published: float | None, interval: str = "") -> Value:
    """Mean over seeds; the interval is the first seed's and the spread that between seeds."""
    if not rows or not rows[0]:
        return Value(None, published)
    found = [score(one) for one in rows]
    name = interval or ("weighted_f1" if pick is _weighted_f1 else "")
    bounds = found[0].intervals.get(name)
    numbers = [pick(one) for one in found]
    return Value(
        fmean(numbers),
        published,
        (bounds[0], bounds[1]) if bounds else None,
        stdev(numbers) if len(numbers) > 1 else None,
    )
