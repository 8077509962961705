"""CMU-MOSEI by the row list that the paper's authors published (IntelligentVoice/IV_SER_Data):
3,071 spans of videos with their class. The audio is the user's own copy."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from trainer.corpora.clip_times import seconds
from trainer.corpora.headers import Header, audio_findings, read_headers
from trainer.corpora.rows import (
    NEEDS_YOU,
    NOTE,
    SKIPPED,
    CorpusClip,
    CorpusError,
    CorpusScan,
    Finding,
)
from trainer.corpora.sheet import read_sheet, require_columns
from trainer.corpora.tally import Tally, discarded_labels, emotion_and_class
from trainer.corpora.tree import AudioFile, audio_tree

CORPUS = "cmu_mosei"
FULL = Tally(files=3071, positive=298, neutral=2157, negative=616, discarded=0)
PUBLISHED, PAPER, STRICT = "published", "paper", "strict"
MODES = (PUBLISHED, PAPER, STRICT)
"""Which segments count: the authors' list, or scores and what is heard by their rule or words."""
NEEDED = ("Filename", "CMU_Raw_Audio", "Start_Time", "Stop_Time", "Emotion")


def is_published_list(columns: Sequence[str]) -> bool:
    """Whether this header is the authors' list's."""
    return all(column in columns for column in NEEDED)


def scan_published(path: Path, root: Path | None = None) -> CorpusScan:
    """The rows of the list, with the audio found under `root` (default: the list's folder).

    Audio: `<video>.wav` in full, or a cut `<video>_<row>.wav` as s3prl names it. Raises
    CorpusError for another table.
    """
    sheet = read_sheet(path)
    require_columns(sheet, NEEDED)
    audio: dict[str, AudioFile] = {}
    for file in audio_tree(root or path.parent).files:
        audio.setdefault(file.stem, file)
    rows = {row["Filename"]: row for row in reversed(sheet.rows)}
    chosen = {name: audio_of(name, row["CMU_Raw_Audio"], audio) for name, row in rows.items()}
    files = list({file.path: file for file in chosen.values() if file}.values())
    headers = read_headers(files, f"{CORPUS}:{path.resolve()}")
    clips = tuple(_clip(name, row, chosen[name], headers) for name, row in reversed(rows.items()))
    if not clips:
        raise CorpusError(f"{path.name} has no rows.", "Fetch the list again.")
    findings = (
        *sheet.findings,
        *_findings(len(sheet.rows) - len(rows), clips),
        *audio_findings(clips, headers),
        *discarded_labels(clips),
    )
    return CorpusScan(CORPUS, str(path), clips, findings, sheet.columns)


def cut_name(filename: str, video: str) -> str:
    """`<video>[3]` in the list is `<video>_3` on disk."""
    return f"{video}_{filename.removeprefix(video).strip('[]')}"


def audio_of(name: str, video: str, audio: Mapping[str, AudioFile]) -> AudioFile | None:
    """The whole video's sound, else that of the segment alone; `audio` is keyed by stem."""
    return audio.get(video) or audio.get(cut_name(name, video))


def beyond_its_file(start: float, header: Header) -> str:
    """Why a span cannot be cut from a file; empty when it can."""
    if header.duration and start >= header.duration:
        return f"It starts at {start:.0f} s, but its file lasts {header.duration:.0f} s."
    return ""


def _clip(
    name: str,
    row: Mapping[str, str],
    file: AudioFile | None,
    headers: Mapping[str, Header],
) -> CorpusClip:
    video = row["CMU_Raw_Audio"]
    start, end = seconds(row["Start_Time"].removeprefix("-")), seconds(row["Stop_Time"])
    if start is None or row["Start_Time"].startswith("-"):
        start = 0.0  # 239 intervals of the corpus start before their video does
    header = headers[file.path] if file else Header(problem=f"No audio of {video} was found.")
    problem = header.problem or ("" if end else "Its times cannot be read.")
    emotion, label = emotion_and_class(row["Emotion"])
    is_cut = file is not None and file.stem != video
    if is_cut:
        start, end = 0.0, header.duration or None
    elif not problem:
        problem = beyond_its_file(start, header)
    return CorpusClip(
        corpus=CORPUS,
        name=name,
        source_label=row["Emotion"] or None,
        emotion=emotion,
        label=label,
        group=f"{CORPUS}:{video}",
        path=file.path if file else None,
        video_id=None if is_cut else video,
        start=start,
        end=end,
        transcript=row.get("Whisper_Text") or None,
        problem=problem,
        cells=row,
    )


def _findings(repeated: int, clips: Sequence[CorpusClip]) -> list[Finding]:
    findings = []
    if repeated:
        message = f"{repeated} rows repeat a Filename: the first counts."
        findings.append(Finding("rows that stand twice", SKIPPED, message))
    missing = tuple(clip.name for clip in clips if clip.path is None)
    if missing:
        message = f"{len(missing)} of {len(clips)} clips have no audio beside the list."
        findings.append(Finding("audio missing", NOTE, message, missing))
    beyond = tuple(clip.name for clip in clips if clip.problem.startswith("It starts"))
    if beyond:
        message = f"{len(beyond)} clips start after the end of their file."
        findings.append(Finding("clips beyond the end of their file", NEEDS_YOU, message, beyond))
    return findings
