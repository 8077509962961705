"""A speaker, as far as the corpus or the annotator knows them.

None means that nobody has said anything yet; whoever cannot or will not tell says so in a value of
its own, so that a blank never has a meaning.
"""

from dataclasses import dataclass
from typing import NewType

SpeakerId = NewType("SpeakerId", int)
FIELDS = ("language", "gender", "ethnicity", "accent", "age")
"""In the order in which they are asked for: that of the StrEmo sheet."""
UNKNOWN, DECLINED = "unknown", "declined"


@dataclass(frozen=True, slots=True)
class Speaker:
    """`name` is unique within its corpus, e.g. RAVDESS `07`."""

    corpus: str
    name: str
    gender: str | None = None
    age: str | None = None
    language: str | None = None
    accent: str | None = None
    ethnicity: str | None = None

    def fact(self, field: str) -> str | None:
        """The value of one of `FIELDS`."""
        value: str | None = getattr(self, field)
        return value

    @property
    def described(self) -> int:
        """How many of `FIELDS` have a value."""
        return sum(self.fact(field) is not None for field in FIELDS)


@dataclass(frozen=True, slots=True)
class KnownSpeaker:
    """A speaker of the project, and how many visible clips they have."""

    id: SpeakerId
    facts: Speaker
    clips: int
