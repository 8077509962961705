"""Whose answer is the label of a clip: the one rule, for training, exports and Review.

1. An adjudicated answer wins over all.
2. Else the answer that most annotators gave; each has one voice, sure or not, and `cannot tell` and
   `unusable` are answers. A tie has no consensus: the label is `disputed` until it is adjudicated.
3. The label that the clip was imported with counts only while no annotator has answered. Whoever
   clears a label has answered: with nothing.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stremo_studio.domain.annotation import (
    ADJUDICATED,
    DISPUTED,
    IMPORTED,
    AnnotationId,
    Answer,
)


@dataclass(frozen=True, slots=True)
class Opinion:
    """The current answer of one voice to one clip."""

    annotator: str
    """Or `import`, or `adjudicated`."""
    answer: Answer
    annotation_id: AnnotationId | None = None
    """The annotation that gave it."""


NOBODY = Opinion("", Answer(None))
"""Stands for a clip that nobody has answered."""


def consensus(opinions: Iterable[Opinion]) -> Opinion:
    """The label of a clip, as the opinion that speaks for it: where several agree, the newest of
    them, with the emotion that most of them named, and sure if one of them is."""
    by_voice = {opinion.annotator: opinion for opinion in opinions}
    settled = by_voice.pop(ADJUDICATED, None)
    imported = by_voice.pop(IMPORTED, NOBODY)
    if settled is not None and settled.answer.label is not None:
        return settled
    if len(by_voice) < 2:
        return next(iter(by_voice.values()), imported)
    votes = Counter(o.answer.label for o in by_voice.values() if o.answer.label is not None)
    if not votes:
        return max(by_voice.values(), key=_age)
    label = _most(votes)
    agreeing = [o for o in by_voice.values() if o.answer.label == label]
    if not agreeing:
        return Opinion("", Answer(DISPUTED))
    return agreeing[0] if len(agreeing) == 1 else _joint(agreeing)


def _joint(agreeing: Sequence[Opinion]) -> Opinion:
    newest = max(agreeing, key=_age)
    emotion = _most(Counter(o.answer.emotion for o in agreeing if o.answer.emotion))
    sure = any(o.answer.sure for o in agreeing)
    return Opinion(
        newest.annotator, Answer(newest.answer.label, emotion, sure), newest.annotation_id
    )


def _most(votes: Counter[str] | Counter[str | None]) -> str | None:
    """What was said most often; None at a tie."""
    first = votes.most_common(2)
    tied = len(first) == 2 and first[0][1] == first[1][1]
    return first[0][0] if first and not tied else None


def _age(opinion: Opinion) -> int:
    return opinion.annotation_id or 0
