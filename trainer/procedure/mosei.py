"""CMU-MOSEI on its way into the procedure: which segments are believed, and who heard them."""

import hashlib
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from trainer.contract.errors import TrainerError
from trainer.contract.protocol import StageProgressed
from trainer.corpora.cmu_mosei import CORPUS, PAPER, PUBLISHED
from trainer.corpora.manifest_clip import manifest_clip
from trainer.corpora.mosei_scores import NOT_COMPARED
from trainer.corpora.rows import NEEDS_YOU, NOTE, SKIPPED, CorpusScan, Finding
from trainer.progress_line import ProgressLine
from trainer.transcripts.cleaning import clean, is_candidate, read_transcripts, to_be_heard

CLEANING = "how CMU-MOSEI was cleaned"
NOT_HEARD = "segments still to be heard"


@dataclass(frozen=True, slots=True)
class Cleaning:
    """What is asked for. Without a mode, the authors' list is followed where it lies, else `paper`.
    Ready transcripts (a table of names and texts) stand in for Whisper (id or folder), which is
    not run at all when nobody may wait for it."""

    mode: str | None = None
    transcripts: Path | None = None
    whisper: str | None = None
    may_hear: bool = True


BY_DEFAULT = Cleaning()
Tell = Callable[[StageProgressed], None]


def _nobody(event: StageProgressed) -> None:
    """A terminal has its progress line."""


def cleaned(scans: Sequence[CorpusScan], asked: Cleaning, tell: Tell = _nobody) -> list[CorpusScan]:
    """The scans with CMU-MOSEI cleaned; how that was done stands in its findings, and so in the
    record and the report. Raises TrainerError when transcripts are needed and not to be had."""
    return [_cleaned(scan, asked, tell) if scan.corpus == CORPUS else scan for scan in scans]


def _cleaned(scan: CorpusScan, asked: Cleaning, tell: Tell) -> CorpusScan:
    from_scores = any(finding.rule == NOT_COMPARED for finding in scan.findings)
    mode = asked.mode or (PAPER if from_scores else PUBLISHED)
    unusable: Mapping[str, str] = {}
    heard: Mapping[str, str] = {}
    if mode == PUBLISHED:
        by = "the authors"
        if asked.transcripts is not None:
            by += f" ({asked.transcripts.name} was not needed)"
    elif asked.transcripts is not None:
        heard, by = _ready(asked.transcripts, scan)
    elif not asked.may_hear:
        return _not_yet(scan, mode)
    else:
        _require_texts(scan, mode)
        heard, unusable, by = _whisper(scan, mode, asked.whisper, tell)
    told = clean(scan, heard, mode)
    findings = [Finding(CLEANING, NOTE, f"Cleaned as `{mode}`, by what was heard by {by}.")]
    findings += [
        Finding("segments not heard", SKIPPED, f"{number} segments could not be heard: {reason}")
        for reason, number in Counter(unusable.values()).most_common()
    ]
    return replace(told, findings=(*findings, *told.findings))


def _not_yet(scan: CorpusScan, mode: str) -> CorpusScan:
    """The candidates of a mode, and how to go on."""
    number = len(to_be_heard(scan, mode))
    message = (
        f"`{mode}` is not carried out yet: {number} of its segments have to be heard. Write them "
        "with --corpus cmu_mosei --out MANIFEST, hear them with `stremo-trainer transcribe "
        "MANIFEST --out CSV`, then scan again with --transcripts CSV."
    )
    if not number:
        message = (
            f"`{mode}` cannot be carried out: no segment with a class has both sound and a text "
            "that says what is spoken. Add the audio, and CMU_MOSEI_TimestampedWords.csd or "
            "Transcript/Segmented/Combined."
        )
    told = (finding for finding in scan.findings if finding.rule != NOT_COMPARED)
    return replace(scan, findings=(Finding(NOT_HEARD, NEEDS_YOU, message), *told))


def _require_texts(scan: CorpusScan, mode: str) -> None:
    candidates = [clip for clip in scan.clips if is_candidate(clip)]
    if candidates and not to_be_heard(scan, mode):
        raise TrainerError(
            f"CMU-MOSEI cannot be cleaned as `{mode}`: of none of its {len(candidates)} segments "
            "with sound is it stated what is said.",
            "Add CMU_MOSEI_TimestampedWords.csd or Transcript/Segmented/Combined.",
        )


def _ready(path: Path, scan: CorpusScan) -> tuple[dict[str, str], str]:
    """Texts by the segments' names; and the table by its name and the hash of what it holds."""
    heard = read_transcripts(path)
    names = {clip.name for clip in scan.clips if is_candidate(clip)}
    if names and not names & heard.keys():
        raise TrainerError(
            f"None of the {len(heard)} transcripts in {path.name} is of a segment of this "
            "CMU-MOSEI.",
            f"Its names look like {min(heard, default='nothing')}; needed are names like "
            f"{min(names)}.",
        )
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return heard, f"{path.name} (sha256 {digest})"


def _whisper(
    scan: CorpusScan, mode: str, model: str | None, tell: Tell
) -> tuple[dict[str, str], Mapping[str, str], str]:
    from trainer.transcripts.transcribe import transcribe  # noqa: PLC0415 - torch and transformers: seconds
    from trainer.transcripts.whisper import DEFAULT  # noqa: PLC0415 - as above

    names = {f"{CORPUS}/{clip.name}": clip.name for clip in scan.clips}
    clips = [manifest_clip(clip) for clip in to_be_heard(scan, mode)]
    progress = ProgressLine("Whisper", "segments", sys.stderr)
    download = ProgressLine("Fetching the model", "MB", sys.stderr)

    def told(done: int, total: int, left: float | None) -> None:
        progress.tell(done, total, left)
        tell(StageProgressed("Hear CMU-MOSEI", done, total, "segments", left))

    heard = transcribe(clips, model or DEFAULT, told, download.tell_bytes)
    texts = {names[clip_id]: text for clip_id, text in heard.texts.items()}
    unusable = {names[clip_id]: why for clip_id, why in heard.unusable.items()}
    return texts, unusable, heard.model
