"""What the corpora hold, as clips of a manifest; and the audit of what was left out, and why."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from trainer.contract.errors import TrainerError
from trainer.contract.labels import CLASSES
from trainer.contract.manifest import ManifestClip
from trainer.corpora.manifest_clip import manifest_clip
from trainer.corpora.rows import CorpusClip, CorpusScan
from trainer.corpora.scan import FULL, TITLES
from trainer.corpora.tally import tally


@dataclass(frozen=True, slots=True)
class Loaded:
    """Usable clips of all corpora, the sheet's cells by clip id, and one audit a corpus."""

    clips: tuple[ManifestClip, ...]
    cells: dict[str, dict[str, str]]
    audit: list[dict[str, Any]]
    refused: tuple[str, ...] = ()
    """What looked like a corpus and could not be used, and why."""


def load(scans: Sequence[CorpusScan], refused: Sequence[TrainerError] = ()) -> Loaded:
    """Section 4.4, steps 1 and 2. A clip is usable with one of the classes and audio to hear."""
    usable = [clip for scan in scans for clip in scan.clips if _reason(clip) is None]
    clips = tuple(manifest_clip(clip) for clip in usable)
    return Loaded(
        clips,
        {c.clip_id: dict(u.cells) for c, u in zip(clips, usable, strict=True) if u.cells},
        [_audit(scan) for scan in scans],
        tuple(f"{error.message} {error.hint}".strip() for error in refused),
    )


def _audit(scan: CorpusScan) -> dict[str, Any]:
    left_out = Counter(reason for clip in scan.clips if (reason := _reason(clip)))
    full = FULL.get(scan.corpus)
    lengths = [clip.end - clip.start for clip in scan.clips if clip.end is not None]
    return {
        "corpus": scan.corpus,
        "title": TITLES.get(scan.corpus, scan.corpus),
        "found": asdict(tally(scan.clips)),
        "expected": asdict(full) if full else None,
        "emotions": len({clip.source_label for clip in scan.clips if clip.source_label}),
        "mean_seconds": sum(lengths) / len(lengths) if lengths else None,
        "left_out": dict(left_out.most_common()),
        "findings": [
            {"rule": f.rule, "severity": f.severity, "message": f.message} for f in scan.findings
        ],
    }


def _reason(clip: CorpusClip) -> str | None:
    """Why a clip cannot take part; None when it can."""
    if clip.label not in CLASSES:
        return f"label {clip.source_label!r} is in none of the classes"
    if clip.path is None:
        return "audio missing"
    return clip.problem or None
