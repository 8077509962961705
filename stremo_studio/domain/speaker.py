"""A speaker, as far as the corpus or the annotator knows them. None = not stated."""

from dataclasses import dataclass


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
