"""The way of all corpora whose labels stand in the file names: read each name, keep one copy of
each, look into the headers, and say what was odd."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from trainer.corpora.headers import Header, audio_findings, identical_files, read_headers
from trainer.corpora.rows import (
    FIXED,
    NEEDS_YOU,
    NOTE,
    SKIPPED,
    CorpusClip,
    CorpusError,
    CorpusScan,
    Finding,
    SpeakerFacts,
)
from trainer.corpora.tally import Tally, discarded_labels, emotion_and_class
from trainer.corpora.tree import AudioFile, Tree
from trainer.sound.decoding import AudioError, read_audio

_LOSSLESS = (".wav", ".flac", ".aiff")
_SILENCE = 1e-3
"""Peak below which nothing can be heard (-60 dB of full scale)."""


class Spoken(NamedTuple):
    """What one file name says."""

    name: str
    emotion: str
    speaker: SpeakerFacts
    transcript: str | None = None
    skip: str = ""
    """The rule by which the file is left out, as in "sung, not spoken"."""
    fixed: str = ""
    """The rule by which its name was repaired."""


@dataclass(frozen=True, slots=True)
class NamedCorpus:
    """A corpus described by its naming rule; `full` is what the complete corpus holds."""

    id: str
    title: str
    read_name: Callable[[AudioFile], Spoken | None]
    full: Tally
    layout: str
    """How a file is named, for the user who chose the wrong folder."""
    suspects: frozenset[str] = frozenset()
    """Clips reported to be silent in some copies: their level is looked at."""


def matching(corpus: NamedCorpus, files: Iterable[AudioFile]) -> list[AudioFile]:
    """The files that bear this corpus's kind of name."""
    return [file for file in files if corpus.read_name(file) is not None]


def scan_named(corpus: NamedCorpus, tree: Tree, *, among_others: bool = False) -> CorpusScan:
    """Read the corpus from file names. Raises CorpusError when no name fits. `among_others`: files
    of other names belong to other corpora, and are none of its oddities."""
    kept: dict[str, tuple[AudioFile, Spoken]] = {}
    met: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    # a corpus that comes as wav and as mp3 is read from its wav files
    for file in sorted(tree.files, key=_is_lossy):
        spoken = corpus.read_name(file)
        if spoken is None:
            if not among_others:
                met["files of other names", SKIPPED].append(file.relative)
        elif spoken.skip:
            met[spoken.skip, SKIPPED].append(file.relative)
        elif spoken.name in kept:
            met["second copies", SKIPPED].append(file.relative)
        else:
            kept[spoken.name] = file, spoken
            if spoken.fixed:
                met[spoken.fixed, FIXED].append(spoken.name)
    if not kept:
        raise CorpusError(
            f"No file in {tree.root} is named as in {corpus.title}.",
            f"Choose the folder with files like {corpus.layout}.",
        )
    files = [file for file, _ in kept.values()]
    headers = read_headers(files, f"{corpus.id}:{tree.root.resolve()}")
    clips = tuple(_clip(corpus.id, f, s, headers[f.path]) for f, s in kept.values())
    findings = (
        *tree.findings,
        *_met(met),
        *audio_findings(clips, headers),
        *_identical(files, clips, headers),
        *_silent(corpus.suspects, clips),
        *discarded_labels(clips),
    )
    return CorpusScan(corpus.id, str(tree.root), clips, findings)


def _is_lossy(file: AudioFile) -> bool:
    return not file.relative.lower().endswith(_LOSSLESS)


def _clip(corpus: str, file: AudioFile, spoken: Spoken, header: Header) -> CorpusClip:
    emotion, label = emotion_and_class(spoken.emotion)
    return CorpusClip(
        corpus=corpus,
        name=spoken.name,
        source_label=spoken.emotion,
        emotion=emotion,
        label=label,
        group=f"{corpus}:{spoken.speaker.name}",
        speaker=spoken.speaker,
        path=file.path,
        end=header.duration or None,
        transcript=spoken.transcript,
        problem=header.problem,
    )


def _met(met: Mapping[tuple[str, str], Sequence[str]]) -> list[Finding]:
    done = {SKIPPED: "left out", FIXED: "read all the same"}
    return [
        Finding(rule, severity, f"{len(names)} files {done[severity]}: {rule}.", tuple(names))
        for (rule, severity), names in met.items()
    ]


def _identical(
    files: Sequence[AudioFile], clips: Sequence[CorpusClip], headers: Mapping[str, Header]
) -> list[Finding]:
    """Equal files under two names; with two labels, at most one of them can be true."""
    by_path = {clip.path: clip for clip in clips}
    same: list[str] = []
    torn: list[str] = []
    for group in identical_files(files, headers):
        alike = [by_path[file.path] for file in group]
        names = [clip.name for clip in alike]
        (torn if len({clip.source_label for clip in alike}) > 1 else same).extend(names)
    findings = []
    if same:
        message = f"{len(same)} files are equal byte for byte to another, with the same label."
        findings.append(Finding("identical files", NOTE, message, tuple(same)))
    if torn:
        message = f"{len(torn)} files are equal byte for byte to another, with another label: kept."
        rule = "identical files with contradictory labels"
        findings.append(Finding(rule, NEEDS_YOU, message, tuple(torn)))
    return findings


def _silent(suspects: frozenset[str], clips: Sequence[CorpusClip]) -> list[Finding]:
    heard = [clip for clip in clips if clip.name in suspects and clip.path and not clip.problem]
    silent = tuple(clip.name for clip in heard if _peak(Path(str(clip.path))) < _SILENCE)
    if not silent:
        return []
    message = f"{len(silent)} clips hold nothing but silence: {', '.join(silent)}."
    return [Finding("silent clips", NEEDS_YOU, message, silent)]


def _peak(path: Path) -> float:
    try:
        return float(abs(read_audio(path)[0]).max())
    except AudioError:
        return 1.0  # no silence either; the header has already told what is wrong
