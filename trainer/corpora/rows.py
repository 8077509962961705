"""What every corpus adapter yields: rows and findings, never an exception for one bad file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from trainer.contract.errors import TrainerError

FIXED, NEEDS_YOU, SKIPPED, NOTE = "fixed", "needs you", "skipped", "note"

KNOWN = ("stremo", "cmu_mosei", "iemocap", "ravdess", "crema_d", "tess", "savee")
"""Ids of the corpora with an adapter of their own; a folder of one's own takes none of them."""


class CorpusError(TrainerError):
    """Nothing usable lies at that place: one plain sentence and what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint, code="corpus")


@dataclass(frozen=True, slots=True)
class SpeakerFacts:
    """What the corpus says about who speaks; None = not stated."""

    name: str
    gender: str | None = None
    age: str | None = None
    language: str | None = None
    accent: str | None = None
    ethnicity: str | None = None


speaker_facts = lru_cache(maxsize=4096)(SpeakerFacts)
"""The same value for all clips of a speaker: one for each clip takes a tenth of a scan's time."""


@dataclass(frozen=True, slots=True)
class CorpusClip:
    """One clip of a corpus. Times in seconds of its recording."""

    corpus: str
    name: str
    """Unique within the corpus: the stem, or the sheet's own id."""
    source_label: str | None
    """As the corpus spells it; None for a clip that came without a label."""
    emotion: str | None
    """Id in the label scheme, when the scheme knows the label."""
    label: str | None
    """Class id; None for discarded and for unlabelled clips (`source_label` tells them apart)."""
    group: str
    """`corpus:speaker` or `corpus:video`: never split."""
    speaker: SpeakerFacts | None = None
    path: str | None = None
    """Absolute path of the recording; None = audio missing."""
    video_id: str | None = None
    """The video that `path` holds or would hold in full; None when `path` is a cut of its own."""
    start: float = 0.0
    end: float | None = None
    """None = to the end of the recording, or unknown while the audio is missing."""
    transcript: str | None = None
    problem: str = ""
    """Why the audio is missing or unreadable, as a sentence."""
    cells: Mapping[str, str] | None = None
    """The sheet's row, cell by cell, for a lossless export."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One named rule and the rows it met, e.g. `zero-length clips` (fixed): 3 rows."""

    rule: str
    severity: str
    message: str
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CorpusScan:
    """Everything found at one place. Scanning only reads."""

    corpus: str
    root: str
    clips: tuple[CorpusClip, ...]
    findings: tuple[Finding, ...] = ()
    columns: tuple[str, ...] = field(default=())
    """Header of the sheet, in order, when the corpus is a sheet."""


def enumerated(words: Sequence[str], most: int = 8) -> str:
    """The words in one line, however many there are."""
    more = f" and {len(words) - most} more" if len(words) > most else ""
    return ", ".join(words[:most]) + more
