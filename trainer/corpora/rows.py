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


IMPORTED, ADJUDICATED = "import", "adjudicated"
"""Voices that are nobody's own: the label that a clip came with, and one that settled a
disagreement."""


@dataclass(frozen=True, slots=True)
class CorpusAnswer:
    """What one voice says of a clip, in a source that keeps annotators apart."""

    voice: str
    """An annotator, `IMPORTED` or `ADJUDICATED`."""
    label: str | None
    """Class id, or `cannot_tell`, `unusable`, `discarded`; None = taken back."""
    emotion: str | None = None
    sure: bool = True
    annotator: str = ""
    """Who gave it, where that is not the voice."""
    source: str = ""
    """How it was given, where the source tells."""
    at: str = ""
    """UTC, ISO 8601; empty where the source does not tell."""
    heard_ms: int | None = None
    number: int = 0
    """Its number in the source, by which an answer that brings it back names it."""
    stands: int | None = None
    """Of an undo: the number of the answer that it brought back, None for none."""


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
    answers: tuple[CorpusAnswer, ...] = ()
    """Oldest first, where the source tells who answered what. `label` is what they agree on."""


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
    names_are_made: bool = False
    """Clips were named here, by their times: a clip is then known by its recording and span."""


def enumerated(words: Sequence[str], most: int = 8) -> str:
    """The words in one line, however many there are."""
    more = f" and {len(words) - most} more" if len(words) > most else ""
    return ", ".join(words[:most]) + more
