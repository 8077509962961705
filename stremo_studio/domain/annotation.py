"""An annotation: one label event of one annotator. Rows are only ever added."""

from dataclasses import dataclass
from typing import NewType

from stremo_studio.domain.clip import ClipId

AnnotationId = NewType("AnnotationId", int)

CANNOT_TELL, UNUSABLE, DISCARDED = "cannot_tell", "unusable", "discarded"
"""Answers beside the classes. None of them is trained on. `discarded` is a source label outside
the three classes, e.g. surprise."""

BY_IMPORT, BY_KEY, BY_REVIEW, BY_UNDO = "import", "key", "review", "undo"
BY_PEEK = "peek"
"""By key, after a look at what a model says of the clip."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an annotator says about a clip. `label` is a class id or one of the answers above;
    None retracts the label."""

    label: str | None
    emotion: str | None = None
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Annotation:
    """An answer, who gave it, when (UTC, ISO 8601) and how."""

    id: AnnotationId
    clip_id: ClipId
    annotator: str
    answer: Answer
    source: str
    at: str
    heard_ms: int | None = None
    """How much of the clip had been played when the answer was given."""
