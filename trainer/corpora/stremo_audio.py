"""Audio for a sheet of video clips, looked up beside the sheet: cut clips, whole videos, or what
a downloader called `<title> [<Video_Id>].<ext>`. Missing audio is a state, never an error."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from trainer.corpora.headers import Header, audio_findings, read_headers
from trainer.corpora.rows import NEEDS_YOU, NOTE, CorpusClip, Finding
from trainer.corpora.tree import AudioFile, audio_tree

_DEPTH = 2
_BRACKETED = re.compile(r".*\[([\w-]{6,})\]")
_SLACK = 0.75
"""Seconds by which whole-second stamps and a real file may differ."""


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The audio that the sheet's ids name. `cuts` are clips of one file each."""

    cuts: dict[str, AudioFile]
    videos: dict[str, AudioFile]
    headers: dict[str, Header]


def missing_audio(video: str | None) -> str:
    """The problem of a clip whose audio was not found, or not yet looked for."""
    return f"No audio of {video} lies beside the sheet. Put it there and import again, or fetch it."


def attach_audio(
    folder: Path, clips: Sequence[CorpusClip]
) -> tuple[list[CorpusClip], list[Finding]]:
    """The clips, whose audio is `missing_audio` so far, with what lies under `folder`; and what
    was found about it."""
    shelf = _shelf(folder, clips)
    placed = [_placed(clip, shelf) for clip in clips]
    return placed, [*audio_findings(placed, shelf.headers), *_findings(clips, placed)]


def _shelf(folder: Path, clips: Sequence[CorpusClip]) -> _Shelf:
    names = {clip.name for clip in clips}
    ids = {clip.video_id for clip in clips}
    cuts: dict[str, AudioFile] = {}
    videos: dict[str, AudioFile] = {}
    for file in audio_tree(folder, _DEPTH).files:
        bracketed = _BRACKETED.fullmatch(file.stem)
        if file.stem in names:
            cuts.setdefault(file.stem, file)
        if file.stem in ids:
            videos.setdefault(file.stem, file)
        elif bracketed and bracketed[1] in ids:
            videos.setdefault(bracketed[1], file)
    files = {file.path: file for file in (*cuts.values(), *videos.values())}
    headers = read_headers(files.values(), f"audio of {folder.resolve()}") if files else {}
    for clip in clips:  # a bare id names both the clip and its video: only the length tells
        if clip.name == clip.video_id and clip.name in cuts and clip.end is not None:
            short = headers[cuts[clip.name].path].duration < clip.end - _SLACK
            (videos if short else cuts).pop(clip.name, None)
    return _Shelf(cuts, videos, headers)


def _placed(clip: CorpusClip, shelf: _Shelf) -> CorpusClip:
    cut, video = shelf.cuts.get(clip.name), shelf.videos.get(clip.video_id or "")
    file = cut or video
    if file is None:
        return clip
    header = shelf.headers[file.path]
    problem = "" if clip.problem == missing_audio(clip.video_id) else clip.problem
    clip = replace(clip, path=file.path, problem=problem or header.problem)
    if cut and not header.problem:
        return replace(clip, start=0.0, end=header.duration, video_id=None, problem="")
    if clip.problem or clip.end is None:
        return clip
    if clip.start >= header.duration:
        lasts = f"{header.duration:.0f} s"
        return replace(
            clip, problem=f"The clip starts at {clip.start:.0f} s, but its file lasts {lasts}."
        )
    return replace(clip, end=min(clip.end, header.duration))


def _findings(clips: Sequence[CorpusClip], placed: Sequence[CorpusClip]) -> list[Finding]:
    missing = tuple(new.name for new in placed if new.path is None)
    pairs = [(old, new) for old, new in zip(clips, placed, strict=True) if new.path]
    beyond = tuple(new.name for _, new in pairs if new.problem.startswith("The clip starts"))
    off = tuple(new.name for old, new in pairs if _differs(old, new))
    findings = []
    if missing:
        message = f"{len(missing)} of {len(clips)} clips have no audio beside the sheet."
        findings.append(Finding("audio missing", NOTE, message, missing))
    if beyond:
        message = f"{len(beyond)} clips start after the end of their file."
        findings.append(Finding("clips beyond the end of their file", NEEDS_YOU, message, beyond))
    if off:
        message = f"{len(off)} clips last over a second more or less than the sheet says."
        findings.append(Finding("lengths unlike the sheet's", NEEDS_YOU, message, off))
    return findings


def _differs(old: CorpusClip, new: CorpusClip) -> bool:
    if new.problem or old.end is None or new.end is None:
        return False
    return abs((new.end - new.start) - (old.end - old.start)) > 1 + _SLACK
