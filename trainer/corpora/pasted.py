"""Pasted spans of videos as clips, for the same import as every corpus: one undo step."""

from trainer.corpora.links import Pasted
from trainer.corpora.rows import FIXED, NEEDS_YOU, CorpusClip, CorpusScan, Finding
from trainer.corpora.video_link import PastedSpan

CORPUS = "youtube"
OPEN_CLIP_SECONDS = 6.0
"""Given to a clip of which only the start is known: nearly half of the StrEmo sheet lasts that."""


def clips_of(pasted: Pasted) -> CorpusScan:
    """A clip for each span; a video without times is a recording only, and no clip."""
    timed = [span for span in pasted.spans if span.start is not None]
    clips = tuple({clip.name: clip for clip in map(_clip, timed)}.values())
    open_ended = tuple(_clip(span).name for span in timed if span.end is None)
    findings = []
    if open_ended:
        message = (
            f"{len(open_ended)} links give a start and no end: {OPEN_CLIP_SECONDS:g} s are taken."
        )
        findings.append(Finding("starts without an end", FIXED, message, open_ended))
    if pasted.refusals:
        message = " ".join(f"Line {r.line}: {r.message}" for r in pasted.refusals[:3])
        rows = tuple(f"line {r.line}" for r in pasted.refusals)
        findings.append(Finding("lines that cannot be used", NEEDS_YOU, message, rows))
    return CorpusScan(CORPUS, "pasted links", clips, tuple(findings))


def _clip(span: PastedSpan) -> CorpusClip:
    start = span.start or 0.0
    end = start + OPEN_CLIP_SECONDS if span.end is None else span.end
    name = f"{span.video_id} {clock(start)}-{clock(end)}"
    return CorpusClip(
        corpus=CORPUS,
        name=name,
        source_label=None,
        emotion=None,
        label=None,
        group=f"{CORPUS}:{span.video_id}",
        video_id=span.video_id,
        start=start,
        end=end,
        problem="Its audio has not been fetched yet.",
    )


def clock(seconds: float) -> str:
    """`1:15`, `0:15.25`, `1:02:03`: the shortest that people would write."""
    whole, part = divmod(round(seconds, 3), 1)
    minutes, rest = divmod(int(whole), 60)
    hours, minutes = divmod(minutes, 60)
    front = f"{hours}:{minutes:02}" if hours else f"{minutes}"
    return f"{front}:{rest:02}" + (f"{part:.3f}"[1:].rstrip("0") if part else "")
