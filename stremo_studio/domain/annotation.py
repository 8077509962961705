"""An annotation: one label event of one annotator. Rows are only ever added."""

from dataclasses import dataclass
from typing import NewType

from stremo_studio.domain.clip import ClipId

AnnotationId = NewType("AnnotationId", int)

CANNOT_TELL, UNUSABLE, DISCARDED = "cannot_tell", "unusable", "discarded"
"""Answers beside the classes. None of them is trained on. `discarded` is a source label outside
the three classes, e.g. surprise."""
DISPUTED = "disputed"
"""Stands for the label of a clip where annotators' answers tie. Nobody answers it."""

BY_IMPORT, BY_KEY, BY_REVIEW, BY_UNDO = "import", "key", "review", "undo"
BY_PEEK = "peek"
"""By key, after a look at what a model says of the clip."""
BY_OPEN = "open"
"""By key, while the answers of other annotators were shown."""
BY_ADJUDICATION = "adjudication"
"""Given to settle a disagreement, after what each annotator said was heard."""

IMPORTED, ADJUDICATED = "import", "adjudicated"
"""Voices that are nobody's own, beside those of the annotators: the label that a clip came with,
and the answer that settles a disagreement. No annotator can be called so."""


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
    voice: str = ""
    """Whose current answer it changes: the annotator's own, `import` or `adjudicated`."""
    stands: AnnotationId | None = None
    """Of an undo or redo: the annotation whose answer it brings back, None for no answer."""
