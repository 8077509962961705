"""Which CMU-MOSEI segments to believe (paper section 4.2): a segment counts when what Whisper hears
in it resembles what the corpus says is spoken there.

Two measures. `paper` is the one the authors ran: the letters that both texts share in any order,
at least 0.85. Their text says similarity "greater than 0.85", which one reads as `strict`: words in
order, without case, punctuation and fillers. See `corpora/mosei_scores.py` for the labels.
"""

import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from trainer.contract.errors import TrainerError
from trainer.corpora.clip_times import seconds
from trainer.corpora.cmu_mosei import MODES, PAPER, PUBLISHED
from trainer.corpora.mosei_scores import (
    NOT_COMPARED,
    NOTHING_STATED,
    STARTS_EARLY,
    segment_name,
)
from trainer.corpora.rows import SKIPPED, CorpusClip, CorpusScan, Finding
from trainer.corpora.sheet import read_sheet

THRESHOLD = 0.85
_SAME_S = 0.0005
"""Copies of the corpus round times to milliseconds, or do not."""

_FILLERS = frozenset({"sp", "umm", "uhh", "stutter", "laughter", "breath"})
_PRINTED = re.compile(r"""'([^']*)'|("[^"]*")""")
_WORD = re.compile(r"[a-z0-9']+")


def paper_similarity(heard: str, stated: str) -> float:
    """Letters that the texts share, in any order: 2·common / (both lengths), 0 to 1.

    Equals `difflib.SequenceMatcher(None, heard, stated).quick_ratio()`.
    """
    if not heard and not stated:
        return 1.0
    common = (Counter(heard) & Counter(stated)).total()
    return 2.0 * common / (len(heard) + len(stated))


def strict_similarity(heard: str, stated: str) -> float:
    """Letters in order, of the lower-case words without fillers and punctuation, 0 to 1."""
    # autojunk throws away every common letter of texts of 200 characters and more
    matcher = difflib.SequenceMatcher(None, _plain(heard), _plain(stated), autojunk=False)
    return matcher.ratio()


def is_believed(heard: str, stated: str, mode: str) -> bool:
    """Whether the segment passes the filter of a mode."""
    if mode == PUBLISHED:
        return True  # the authors' list has passed it
    if mode == PAPER:  # five published rows have exactly 0.85
        return paper_similarity(heard, stated) >= THRESHOLD
    return strict_similarity(heard, stated) > THRESHOLD


def words_of_printed_array(cell: str) -> str:
    """The words in `CMU_Raw_Text` of the published list, a numpy array printed as text.

    As the authors had them: pauses (`sp`) are dropped but for a leading one, and the double quotes
    around words with an apostrophe stay. Within 0.01 of their figure for 2,979 of 3,071 rows.
    """
    words = [plain or quoted for plain, quoted in _PRINTED.findall(cell)]
    return " ".join(word for place, word in enumerate(words) if word != "sp" or place == 0)


def clean(found: CorpusScan, heard: Mapping[str, str], mode: str) -> CorpusScan:
    """The clips that pass the filter of a mode; those left out are in findings.

    `heard` gives the transcript for a clip's name; the clips' own transcripts are what the corpus
    states. Clips without a class or audio stay as they are: they take part in nothing.
    Raises TrainerError for an unknown mode.
    """
    if mode not in MODES:
        raise TrainerError(f"There is no cleaning mode {mode!r}.", f"Known are {', '.join(MODES)}.")
    kept: list[CorpusClip] = []
    left: defaultdict[str, list[str]] = defaultdict(list)
    early = _early(found)
    for clip in found.clips:
        if not is_candidate(clip) and clip.name not in heard:
            kept.append(clip)
        elif mode == PAPER and clip.name in early:  # no such segment is in the published list
            left["starts before its video, like all that the authors lost"].append(clip.name)
        elif reason := _why_not(clip, heard.get(clip.name), mode):
            left[reason].append(clip.name)
        else:
            kept.append(clip)
    findings = tuple(
        Finding(reason, SKIPPED, f"{len(names)} segments left out: {reason}.", tuple(names))
        for reason, names in left.items()
    )
    told = tuple(f for f in found.findings if mode == PUBLISHED or f.rule != NOT_COMPARED)
    return replace(found, clips=tuple(kept), findings=(*told, *findings))


def to_be_heard(found: CorpusScan, mode: str) -> list[CorpusClip]:
    """The clips of which a mode asks what is heard in them: all others are decided without."""
    early = _early(found) if mode == PAPER else set()
    return [
        clip
        for clip in found.clips
        if mode != PUBLISHED and is_candidate(clip) and clip.transcript and clip.name not in early
    ]


def _early(found: CorpusScan) -> set[str]:
    return {row for f in found.findings if f.rule == STARTS_EARLY for row in f.rows}


def is_candidate(clip: CorpusClip) -> bool:
    """Whether it matters what is heard in a clip."""
    return clip.label is not None and clip.path is not None and not clip.problem


def _why_not(clip: CorpusClip, heard: str | None, mode: str) -> str:
    """Why a clip is left out; empty for one that stays."""
    if mode == PUBLISHED:
        return ""
    if not clip.transcript:
        return NOTHING_STATED
    if heard is None:
        return "no transcript of what is heard"
    if not is_believed(heard, clip.transcript, mode):
        return "what is heard differs from what is stated"
    return ""


def read_transcripts(path: Path) -> dict[str, str]:
    """What was heard, by clip name, from a table with a name column and a text column.

    The published list is such a table; its names count, and its videos and times as well, by
    which score tables name the same segments. Raises TrainerError for any other table.
    """
    sheet = read_sheet(path)
    name = next((c for c in ("name", "Filename", "clip", "id") if c in sheet.columns), None)
    text = next((c for c in ("text", "Whisper_Text", "transcript") if c in sheet.columns), None)
    if name is None or text is None:
        raise TrainerError(
            f"{path.name} has no columns name and text.", f"It has: {', '.join(sheet.columns)}."
        )
    heard = {row[name]: row[text] for row in sheet.rows}
    if {"CMU_Raw_Audio", "Start_Time"} <= set(sheet.columns):
        for row in sheet.rows:
            start = seconds(row["Start_Time"])
            for off in (0.0, -_SAME_S, _SAME_S) if start is not None else ():
                name_by_time = segment_name(row["CMU_Raw_Audio"], (start or 0.0) + off)
                heard.setdefault(name_by_time, row[text])
    return heard


def _plain(text: str) -> str:
    return " ".join(word for word in _WORD.findall(text.lower()) if word not in _FILLERS)
