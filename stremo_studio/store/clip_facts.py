"""What is known of clips and their speakers beside the labels: by this a score is taken apart."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from stremo_studio.domain.clip import ClipId
from stremo_studio.store.database import Database


class ClipFacts(NamedTuple):
    """None = not stated. `duration` in seconds."""

    id: ClipId
    group: str
    duration: float
    corpus: str
    gender: str | None
    age: str | None
    accent: str | None
    language: str | None
    ethnicity: str | None


_SQL = """
SELECT c.id, c.group_key, c.end - c.start, c.corpus, s.gender, s.age, s.accent, s.language,
       s.ethnicity
FROM json_each(?) wanted JOIN clip c ON c.id = wanted.value
LEFT JOIN speaker s ON s.id = c.speaker_id
"""


def read(database: Database, clip_ids: Sequence[ClipId]) -> list[ClipFacts]:
    """Of the clips asked for, in any order; an id that the project does not know is left out."""
    return [ClipFacts(*row) for row in database.rows(_SQL, json.dumps(list(clip_ids)))]
