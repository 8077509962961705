"""How far annotators agree on the same clips, beyond chance: kappa, alpha, and their intervals.

Every answer is a category, `cannot tell` too. Intervals come from a bootstrap that draws whole
groups (videos or speakers): clips of one voice are heard alike, and drawing clips would flatter.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from stremo_studio.domain.clip import ClipId

RESAMPLES, SEED = 1_000, 1971
Array = npt.NDArray[np.float64]
Answers = tuple[str, ...]
Statistic = Callable[[Array], Array]
"""From sums over groups, one row for each draw, to a coefficient each; NaN where undefined."""

NOBODY_SHARED = "no clip has answers of two annotators"
ONE_CLASS = "all answers are the same, so that chance alone would agree as well"


@dataclass(frozen=True, slots=True)
class AnsweredClip:
    """What annotators said of one clip, each alone. `group` is its video or speaker."""

    id: ClipId
    group: str
    answers: Mapping[str, str]
    """Label by annotator; who did not answer is not in it."""


@dataclass(frozen=True, slots=True)
class Coefficient:
    """1 is perfect agreement, 0 that of chance. Without a `value`, `why` says why in words."""

    value: float | None
    interval: tuple[float, float] | None
    """95 %; None for a single group, or where too many draws have no value."""
    clips: int
    groups: int
    why: str = ""

    @property
    def interval_words(self) -> str:
        """`0.55 – 0.69`, or that there is none."""
        return " – ".join(map(decimal, self.interval)) if self.interval else "no interval"

    @property
    def words(self) -> str:
        """The number with all that one must know to read it."""
        if self.value is None:
            return f"none: {self.why}"
        clips = f"{self.clips:,} clip{'s' * (self.clips != 1)}"
        around = f"95 % {self.interval_words}" if self.interval else self.interval_words
        return f"{decimal(self.value)} ({around}), on {clips} of {self.groups:,} speakers or videos"


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Two annotators on the clips that both answered."""

    first: str
    second: str
    agreed: int
    kappa: Coefficient

    @property
    def clips(self) -> int:
        return self.kappa.clips


@dataclass(frozen=True, slots=True)
class ClassAgreement:
    """One answer against all others."""

    label: str
    share: float
    """Of those who gave it: how often another annotator of the clip gave it, too."""
    answers: int
    """How often it was given, on clips with two answers or more."""
    alpha: Coefficient


def decimal(number: float) -> str:
    """Two decimals, with a minus that is no hyphen; never `−0.00`."""
    return f"{number + 0.0:.2f}".replace("-0.00", "0.00").replace("-", "−")


def krippendorff_alpha(clips: Iterable[AnsweredClip]) -> Coefficient:
    """Nominal alpha: any number of annotators, any of whom may have left out clips
    (Krippendorff, Content Analysis, 2004, chapter 11)."""
    shared = [clip for clip in clips if len(clip.answers) > 1]
    return _alpha_of(shared, [_said(clip) for clip in shared])


def cohen_kappa(clips: Iterable[AnsweredClip], first: str, second: str) -> Coefficient:
    """Two annotators (Cohen, 1960)."""
    shared = [clip for clip in clips if first in clip.answers and second in clip.answers]
    said = [(clip.answers[first], clip.answers[second]) for clip in shared]
    labels = _places(said)

    def cell(answers: Answers) -> Array:
        table = np.zeros((len(labels), len(labels)))
        table[labels[answers[0]], labels[answers[1]]] = 1
        return table

    return _coefficient(shared, said, cell, _kappa)


def fleiss_kappa(clips: Iterable[AnsweredClip], annotators: Sequence[str]) -> Coefficient:
    """Several annotators, on the clips that all of them answered (Fleiss, 1971)."""
    everybody = set(annotators)
    shared = [c for c in clips if len(everybody) > 1 and everybody <= c.answers.keys()]
    said = [tuple(sorted(clip.answers[name] for name in everybody)) for clip in shared]
    labels = _places(said)

    def sums(answers: Answers) -> Array:
        counts = _counts(answers, labels)
        return np.array([1.0, float(counts @ counts), *counts])

    return _coefficient(shared, said, sums, _fleiss)


def pair_agreements(
    clips: Sequence[AnsweredClip], annotators: Sequence[str]
) -> list[PairAgreement]:
    """Every two annotators, in the order given."""
    found = []
    for first, second in combinations(annotators, 2):
        both = [c.answers for c in clips if first in c.answers and second in c.answers]
        agreed = sum(answers[first] == answers[second] for answers in both)
        found.append(PairAgreement(first, second, agreed, cohen_kappa(clips, first, second)))
    return found


def class_agreements(clips: Sequence[AnsweredClip], labels: Iterable[str]) -> list[ClassAgreement]:
    """Each label that was given on a clip with two answers or more, in the order given."""
    shared = [clip for clip in clips if len(clip.answers) > 1]
    said = [_said(clip) for clip in shared]
    often = Counter(said)
    found = []
    for label in labels:
        given = sum(n * answers.count(label) for answers, n in often.items())
        if given:
            against = {answers: tuple(str(one == label) for one in answers) for answers in often}
            alpha = _alpha_of(shared, [against[answers] for answers in said])
            together = sum(n * _shared(answers, label) for answers, n in often.items())
            found.append(ClassAgreement(label, together / given, given, alpha))
    return found


def observed_agreement(clips: Iterable[AnsweredClip]) -> tuple[float, int]:
    """The share of pairs of answers to one clip that are the same, each clip weighing alike, and
    the number of clips that it was drawn from; 0 of 0 clips is 0."""
    often = Counter(_said(clip) for clip in clips if len(clip.answers) > 1)
    same = sum(
        n * sum(_shared(answers, label) for label in set(answers)) / len(answers)
        for answers, n in often.items()
    )
    return (same / often.total() if often else 0.0), often.total()


def cross_table(
    clips: Iterable[AnsweredClip], first: str, second: str
) -> dict[tuple[str, str], list[ClipId]]:
    """The clips that both answered, by what the first said and what the second said."""
    cells: dict[tuple[str, str], list[ClipId]] = {}
    for clip in clips:
        if first in clip.answers and second in clip.answers:
            cells.setdefault((clip.answers[first], clip.answers[second]), []).append(clip.id)
    return cells


def _said(clip: AnsweredClip) -> Answers:
    """What was said of a clip, by whomever. Few clips of many differ in this: what follows from
    it is computed once for all that are alike."""
    return tuple(sorted(clip.answers.values()))


def _shared(answers: Answers, label: str) -> float:
    """How many of those who gave a label met it, by their share of the others who gave it, too."""
    given = answers.count(label)
    return given * (given - 1) / (len(answers) - 1)


def _places(said: Iterable[Answers]) -> dict[str, int]:
    """A place for each label in use; the order does not matter."""
    return {label: n for n, label in enumerate(sorted({a for some in set(said) for a in some}))}


def _counts(answers: Answers, labels: Mapping[str, int]) -> Array:
    counts = np.zeros(len(labels))
    for label in answers:
        counts[labels[label]] += 1
    return counts


def _alpha_of(clips: Sequence[AnsweredClip], said: Sequence[Answers]) -> Coefficient:
    labels = _places(said)

    def pairs(answers: Answers) -> Array:
        counts = _counts(answers, labels)
        coincidences: Array = (np.outer(counts, counts) - np.diag(counts)) / (len(answers) - 1)
        return coincidences

    return _coefficient(clips, said, pairs, _alpha)


def _coefficient(
    clips: Sequence[AnsweredClip],
    said: Sequence[Answers],
    sums: Callable[[Answers], Array],
    statistic: Statistic,
) -> Coefficient:
    """`said` of each clip, and `sums`: what that adds to the sums of its group."""
    if not clips:
        return Coefficient(None, None, 0, 0, NOBODY_SHARED)
    kinds = {answers: n for n, answers in enumerate(dict.fromkeys(said))}
    groups = {group: n for n, group in enumerate(dict.fromkeys(clip.group for clip in clips))}
    each = np.stack([sums(answers) for answers in kinds])
    parts = np.zeros((len(groups), *each.shape[1:]))
    np.add.at(parts, [groups[c.group] for c in clips], each[[kinds[some] for some in said]])
    with np.errstate(invalid="ignore", divide="ignore"):  # undefined ones are told by NaN
        value = float(statistic(parts.sum(axis=0, keepdims=True))[0])
        if np.isnan(value):
            return Coefficient(None, None, len(clips), len(groups), ONE_CLASS)
        return Coefficient(value, _interval(parts, statistic), len(clips), len(groups))


def _interval(parts: Array, statistic: Statistic) -> tuple[float, float] | None:
    """Groups that add the same are drawn together: of many small ones few differ."""
    groups = len(parts)
    if groups < 2:
        return None
    flat, alike = np.unique(parts.reshape(groups, -1), axis=0, return_counts=True)
    draw = np.random.default_rng(SEED)
    drawn = (draw.multinomial(groups, alike / groups) for _ in range(RESAMPLES))
    sums = np.stack([times @ flat for times in drawn])
    values = statistic(sums.reshape(RESAMPLES, *parts.shape[1:]))
    values = values[~np.isnan(values)]
    if len(values) < 0.9 * RESAMPLES:
        return None
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)


def _alpha(pairs: Array) -> Array:
    """From coincidences, draws x labels x labels."""
    margins = pairs.sum(axis=2)
    values = margins.sum(axis=1)
    apart = values - np.trace(pairs, axis1=1, axis2=2)
    expected = (values**2 - (margins**2).sum(axis=1)) / (values - 1)
    return _beyond_chance(apart, expected)


def _kappa(tables: Array) -> Array:
    """From tables of clips, draws x first's labels x second's labels."""
    clips = tables.sum(axis=(1, 2))
    apart = clips - np.trace(tables, axis1=1, axis2=2)
    by_chance = (tables.sum(axis=2) * tables.sum(axis=1)).sum(axis=1)
    return _beyond_chance(apart, clips - by_chance / clips)


def _fleiss(sums: Array) -> Array:
    """From clips, sums of squared counts, and counts by label, in columns."""
    clips, squares, counts = sums[:, 0], sums[:, 1], sums[:, 2:]
    answers = counts.sum(axis=1)
    each = answers / clips
    apart = 1 - (squares - answers) / (answers * (each - 1))
    return _beyond_chance(apart, 1 - ((counts / answers[:, None]) ** 2).sum(axis=1))


def _beyond_chance(apart: Array, expected: Array) -> Array:
    return np.where(expected > 1e-12, 1 - apart / expected, np.nan)
