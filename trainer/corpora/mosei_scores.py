"""CMU-MOSEI by its emotion scores (0 to 3, means of raters): which class a segment is.

The rule was recovered from the authors' published rows and differs from the paper's words: the
four negative scores are summed, and surprise plays no part.
"""

import math
import struct
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from trainer.contract.labels import NEGATIVE, NEUTRAL, POSITIVE
from trainer.corpora.cmu_mosei import CORPUS, audio_of, beyond_its_file
from trainer.corpora.headers import Header, audio_findings, read_headers
from trainer.corpora.rows import (
    FIXED,
    NEEDS_YOU,
    NOTE,
    SKIPPED,
    CorpusClip,
    CorpusError,
    CorpusScan,
    Finding,
)
from trainer.corpora.tally import discarded_labels
from trainer.corpora.tree import AudioFile

EMOTIONS = ("happy", "sad", "anger", "disgust", "fear", "surprise")
SPELLINGS = {
    "happy": ("happy", "happiness"),
    "sad": ("sad", "sadness"),
    "anger": ("anger", "angry"),
    "disgust": ("disgust", "disgusted"),
    "fear": ("fear", "fearful"),
    "surprise": ("surprise", "surprised"),
}
STARTS_EARLY = "segments that start before their video"
NOT_COMPARED = "not compared with what is heard"
NOTHING_STATED = "nothing is stated to compare with"
Met = defaultdict[str, list[str]]
"""What was odd: names of rows by rule."""
Texts = Callable[[str, float, float], str | None]
"""What is said in a video from one second to another; None = not stated."""
_NEGATIVES = ("sad", "anger", "disgust", "fear")
_MOST = 3.0
_ENOUGH = 2.0


@dataclass(frozen=True, slots=True)
class Segment:
    """A span of a video in seconds, its scores as they are written, and what is said in it."""

    name: str
    video: str
    start: float
    end: float
    scores: Mapping[str, float]
    text: str | None = None
    cells: Mapping[str, str] | None = None


def class_of_scores(
    scores: Mapping[str, float], strict: bool = False, sum_tolerance: float = 0.0
) -> str | None:
    """The class of a segment with scores for happy, sad, anger, disgust, fear and surprise.

    None = neither clear nor absent emotion: discarded. `strict` reads the paper's words: one
    negative emotion alone above 2, and no surprise in a neutral segment. `sum_tolerance` 1e-6
    takes a sum that is 2 but for rounding (2/3 + 1 + 1/3 in single precision) for 2.
    """
    exact = {name: _single(min(score, _MOST)) for name, score in scores.items()}
    happy = exact["happy"]
    negatives = [exact[name] for name in _NEGATIVES]
    negative = max(negatives) if strict else sum(negatives)
    if happy > _ENOUGH and not any(negatives):
        return POSITIVE
    if negative > _ENOUGH + sum_tolerance and happy == 0:
        return NEGATIVE
    nothing = happy == 0 and not any(negatives)
    return NEUTRAL if nothing and not (strict and exact["surprise"]) else None


def segment_name(video: str, start: float) -> str:
    """A segment's name where nothing numbers it, e.g. `-3nNcZdcdvU@12.014`."""
    return f"{video}@{start:.3f}"


def scan_segments(
    source: Path, segments: Iterable[Segment], met: Met, files: Sequence[AudioFile], strict: bool
) -> CorpusScan:
    """The segments of `source`, labelled by their scores and not yet compared with what is heard
    (see `trainer/transcripts/cleaning.py`). Raises CorpusError when there are none."""
    kept: dict[tuple[str, str], Segment] = {}
    for segment in segments:
        # some tables have cut the starts before 0, others have not
        span = segment_name(segment.video, max(0.0, segment.start)), f"{segment.end:.3f}"
        if not _is_possible(segment):
            met["out of range"].append(segment.name)
        elif kept.setdefault(span, segment) is not segment:
            met["rows that stand twice"].append(segment.name)
    if not kept:
        raise CorpusError(f"{source.name} has no segments.", "Fetch the file again.")
    audio = {file.stem: file for file in reversed(files)}
    chosen = {one.name: audio_of(one.name, one.video, audio) for one in kept.values()}
    found = {file.path: file for file in chosen.values() if file}
    headers = read_headers(found.values(), f"{CORPUS}:{source.resolve()}")
    clips = tuple(_clip(one, chosen[one.name], headers, strict) for one in kept.values())
    _note(kept.values(), clips, met)
    findings = (*_findings(met), *audio_findings(clips, headers), *discarded_labels(clips))
    return CorpusScan(CORPUS, str(source.parent), clips, findings)


def _is_possible(segment: Segment) -> bool:
    """Old copies hold rows that are no measurement."""
    numbers = (segment.start, segment.end, *segment.scores.values())
    return (
        all(map(math.isfinite, numbers))
        and segment.end > max(0.0, segment.start)
        and min(segment.scores.values()) >= 0
    )


def _clip(
    segment: Segment, file: AudioFile | None, headers: Mapping[str, Header], strict: bool
) -> CorpusClip:
    said = ", ".join(f"{n} {segment.scores[n]:.2f}" for n in EMOTIONS if segment.scores[n])
    start, end = max(0.0, segment.start), segment.end
    header = (
        headers[file.path] if file else Header(problem=f"No audio of {segment.video} was found.")
    )
    problem, is_cut = header.problem, file is not None and file.stem != segment.video
    if is_cut:
        start, end = 0.0, header.duration or segment.end - segment.start
    elif not problem:
        problem = beyond_its_file(start, header)
    return CorpusClip(
        corpus=CORPUS,
        name=segment.name,
        source_label=said or "no emotion",
        emotion=None,
        label=class_of_scores(segment.scores, strict),
        group=f"{CORPUS}:{segment.video}",
        path=file.path if file else None,
        video_id=None if is_cut else segment.video,
        start=start,
        end=end,
        transcript=segment.text or None,
        problem=problem,
        cells=segment.cells,
    )


def _note(segments: Iterable[Segment], clips: Sequence[CorpusClip], met: Met) -> None:
    for one in segments:
        if max(one.scores.values()) > _MOST:
            met["scores above 3"].append(one.name)
        if one.start < 0:
            met[STARTS_EARLY].append(one.name)
    met["audio missing"] = [clip.name for clip in clips if clip.path is None]
    met["beyond"] = [clip.name for clip in clips if clip.problem.startswith("It starts")]
    met[NOTHING_STATED] = [clip.name for clip in clips if clip.label and not clip.transcript]


def _findings(met: Mapping[str, list[str]]) -> Iterator[Finding]:
    told = {
        "fear and surprise exchanged": (FIXED, "tables name fear surprise and surprise fear."),
        "rows without numbers": (NEEDS_YOU, "rows lack times or scores: left out."),
        "out of range": (SKIPPED, "rows have impossible times or scores: left out."),
        "answers without numbers": (SKIPPED, "answers of raters are incomplete: left out."),
        "clips without times": (SKIPPED, "rated clips stand in no transcript: left out."),
        "lines that name no clip": (NOTE, "lines of transcripts name no clip: left alone."),
        "rows that stand twice": (SKIPPED, "segments stand in several places: one is kept."),
        "scores above 3": (FIXED, "segments have a score above 3: taken for 3."),
        STARTS_EARLY: (FIXED, "segments start before their video: cut from 0."),
        "audio missing": (NOTE, "segments have no audio."),
        "beyond": (NEEDS_YOU, "segments start after the end of their file."),
        NOTHING_STATED: (
            NEEDS_YOU,
            "segments with a class have no text to compare a transcript with: add "
            "CMU_MOSEI_TimestampedWords.csd or Transcript/Segmented/Combined.",
        ),
    }
    for rule, (severity, what) in told.items():
        if rows := met.get(rule):
            yield Finding(rule, severity, f"{len(rows)} {what}", tuple(rows))
    yield Finding(
        NOT_COMPARED,
        NEEDS_YOU,
        "The labels follow the scores alone; the paper also asks that a transcript agrees.",
    )


def _single(value: float) -> float:
    """The single-precision number that the corpus stored."""
    return float(struct.unpack("f", struct.pack("f", value))[0])
