"""Which clips an annotator wants to see, and in which order."""

from dataclasses import dataclass

from stremo_studio.domain.clip import ClipId

ALL, UNLABELLED, LABELLED, FLAGGED, MISSING_AUDIO = (
    "all",
    "unlabelled",
    "labelled",
    "flagged",
    "missing",
)
FILTERS = (ALL, UNLABELLED, LABELLED, FLAGGED, MISSING_AUDIO)
SORTS = ("added", "name", "corpus", "speaker", "label", "duration")


@dataclass(frozen=True, slots=True)
class Worklist:
    """A filter, a search text (name, speaker, corpus, note), an order; or a fixed playlist."""

    show: str = ALL
    search: str = ""
    sort: str = "added"
    descending: bool = False
    playlist: tuple[ClipId, ...] | None = None
    """Exactly these clips, in this order; filter and search still apply, sort does not."""
    eye: str | None = None
    """Whose answers count as labels: one annotator's alone, who works blind; None: consensus."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Clips by filter and by label; `by_label` has every class and every other answer in use."""

    all: int
    unlabelled: int
    labelled: int
    flagged: int
    missing: int
    by_label: dict[str, int]
    decisions: int
    """Annotations made by people in this project (imports not counted)."""
