"""How far apart a model serves single speakers and videos: a mean over clips hides the worst."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from trainer.corpora.scan import TITLES
from trainer.procedure.grid import BALANCED, UNBALANCED
from trainer.procedure.score_tables import DEGREE_NAMES, BySeed
from trainer.procedure.scoring import Scored, of_corpus
from trainer.procedure.table import Row, Table, Value

FEWEST_CLIPS = 3
"""Of fewer clips the share of right answers says next to nothing."""
_COLUMNS = ("Groups", "Worst", "Lower quartile", "Median", "Best")


def spread(finals: Mapping[str, BySeed]) -> Table:
    """Right answers within each speaker or video of the test corpora, over all seeds."""
    rows = []
    for degree in (BALANCED, UNBALANCED):
        seeds = finals.get(degree, ())
        for corpus in dict.fromkeys(row.clip.corpus for one in seeds for row in one):
            name = f"{DEGREE_NAMES[degree]}, {TITLES[corpus]}"
            rows.append(
                Row(name, _values([row for one in seeds for row in of_corpus(one, corpus)]))
            )
    note = (
        f"Share of right answers within each speaker (SAVEE) or video of at least {FEWEST_CLIPS} "
        "clips. A video mostly carries one class, so that its share is that class's recall."
    )
    title = "Right answers by speaker and video"
    return Table("spread", title, _COLUMNS, tuple(rows), note)


def shares(rows: Sequence[Scored]) -> list[float]:
    """The share of right answers of each group with enough clips."""
    right: defaultdict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        right[row.clip.group][row.clip.clip_id].append(row.predicted == row.clip.label)
    return [
        float(np.mean([answer for answers in clips.values() for answer in answers]))
        for clips in right.values()
        if len(clips) >= FEWEST_CLIPS
    ]


def _values(rows: Sequence[Scored]) -> tuple[Value, ...]:
    found = shares(rows)
    if not found:
        return (Value(0, digits=0), *[Value(None)] * (len(_COLUMNS) - 1))
    places = np.quantile(found, (0.0, 0.25, 0.5, 1.0))
    return (Value(len(found), digits=0), *(Value(float(place)) for place in places))
