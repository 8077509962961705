"""Turning a corpus's own label into the paper's, and counting what came of it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from trainer.contract.labels import CLASSES, NEGATIVE, NEUTRAL, POSITIVE, paper_scheme
from trainer.corpora.rows import NOTE, CorpusClip, Finding, enumerated


@dataclass(frozen=True, slots=True)
class Tally:
    """Clips of one corpus by class; discarded = labelled, but in none of the classes."""

    files: int
    positive: int
    neutral: int
    negative: int
    discarded: int
    unlabelled: int = 0


@lru_cache(maxsize=4096)
def emotion_and_class(source_label: str) -> tuple[str | None, str | None]:
    """Emotion id and class id of a label spelled out in words; None for what is not listed."""
    scheme = paper_scheme()
    emotion = scheme.emotion(source_label)
    return (emotion.id if emotion else None), scheme.class_of(source_label)


def tally(clips: Iterable[CorpusClip]) -> Tally:
    """Count the clips."""
    counts: Counter[str] = Counter(_bin(clip) for clip in clips)
    return Tally(
        files=counts.total(),
        positive=counts[POSITIVE],
        neutral=counts[NEUTRAL],
        negative=counts[NEGATIVE],
        discarded=counts["discarded"],
        unlabelled=counts["unlabelled"],
    )


def discarded_labels(clips: Iterable[CorpusClip]) -> list[Finding]:
    """One finding that counts the labels outside the three classes, or none."""
    gone = [clip for clip in clips if _bin(clip) == "discarded"]
    if not gone:
        return []
    counts = Counter(clip.source_label for clip in gone)
    listed = enumerated([f"{number} {label}" for label, number in counts.most_common()])
    message = f"{len(gone)} clips have a label outside {', '.join(CLASSES)}: {listed}."
    return [Finding("discarded labels", NOTE, message, tuple(clip.name for clip in gone))]


def _bin(clip: CorpusClip) -> str:
    return clip.label or ("discarded" if clip.source_label else "unlabelled")
