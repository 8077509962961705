"""Recordings that were annotated in another program: files of Audacity, Praat, ELAN, Label Studio,
or our own log, alone or below a folder. The one door to their readers."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from trainer.corpora.audacity import looks_like_labels, read_labels
from trainer.corpora.elan import read_elan
from trainer.corpora.event_log import read_event_log
from trainer.corpora.headers import audio_findings
from trainer.corpora.label_studio import read_tasks
from trainer.corpora.marked import RULES, MarkedFile, clips_of, is_marked
from trainer.corpora.rows import (
    NEEDS_YOU,
    NOTE,
    CorpusClip,
    CorpusError,
    CorpusScan,
    Finding,
    enumerated,
)
from trainer.corpora.rows_met import SHARED_RULES, RowsMet
from trainer.corpora.sound_beside import Shelf
from trainer.corpora.table import own_name
from trainer.corpora.tally import discarded_labels
from trainer.corpora.textgrid import read_textgrid
from trainer.corpora.tracks import TrackName, read_track_name
from trainer.corpora.tree import ANNOTATION_SUFFIXES

LOG = "events.jsonl"
_AUDACITY, _TEXTGRID, _ELAN, _TASKS, _EVENTS = ".txt", ".textgrid", ".eaf", ".json", ".jsonl"
SUFFIXES = ANNOTATION_SUFFIXES | {_TASKS, _EVENTS}
_FULLEST_FIRST = (_ELAN, _TEXTGRID, _AUDACITY)
_DEPTH = 64
_TRACK = re.compile(r"(.+?) - (.+)", re.DOTALL)


def scan_annotations(path: Path) -> CorpusScan:
    """The clips that one file of annotations tells of. Raises CorpusError when it is none."""
    path = path.resolve()
    suffix = path.suffix.lower()
    if suffix in (_TASKS, _EVENTS):
        read = read_tasks if suffix == _TASKS else read_event_log
        clips, findings, columns = read(path)
        return _scan(clips, path, [*findings], columns)
    return _scan_marked([path], path)


def scan_annotated_folder(files: Iterable[Path], root: Path) -> CorpusScan | None:
    """The clips of a folder's annotations; None where none of them is about labels. Of several
    formats, one is taken: they may well be exports of the same answers."""
    kinds = {suffix: [f for f in files if f.suffix.lower() == suffix] for suffix in _FULLEST_FIRST}
    kinds[_AUDACITY] = [file for file in kinds[_AUDACITY] if looks_like_labels(file)]
    for suffix, some in kinds.items():
        read, damaged = _read_all(some)
        if not any(map(is_marked, read)):
            continue
        others = sorted(f.name for kind, more in kinds.items() if kind != suffix for f in more)
        findings = []
        if others:
            message = f"Files of other formats, left alone: {enumerated(others)}."
            findings.append(Finding("other annotations", NOTE, message, tuple(others)))
        findings += damaged
        return _clips(read, root, findings)
    return None


def _scan_marked(paths: Sequence[Path], root: Path) -> CorpusScan:
    return _clips([_reader(path)(path) for path in paths], root, [])


def _reader(path: Path) -> Callable[[Path], MarkedFile]:
    return {_ELAN: read_elan, _TEXTGRID: _grid}.get(path.suffix.lower(), _labels)


def _grid(path: Path) -> MarkedFile:
    return MarkedFile(path, path.stem, read_textgrid(path))


def _labels(path: Path) -> MarkedFile:
    """A label track belongs to the recording that the file is called after; what follows ` - ` is
    the track."""
    parts = _TRACK.fullmatch(path.stem)
    stem, name = (parts[1], read_track_name(parts[2])) if parts else (path.stem, TrackName("label"))
    return MarkedFile(path, stem, (read_labels(path, name),))


def _read_all(paths: Sequence[Path]) -> tuple[list[MarkedFile], list[Finding]]:
    """What can be read; one damaged file among many is told and left out. Label tracks of one
    recording are put together."""
    read: dict[tuple[Path, str], MarkedFile] = {}
    damaged: list[tuple[str, str]] = []
    for path in sorted(paths):
        try:
            one = _reader(path)(path)
        except CorpusError as error:
            damaged.append((path.name, error.message))
            continue
        key = path.parent, one.stem if path.suffix.lower() == _AUDACITY else path.name
        before = read.get(key)
        read[key] = replace(before, tracks=before.tracks + one.tracks) if before else one
    if not damaged:
        return list(read.values()), []
    message = f"Files that cannot be read: {len(damaged)}. {damaged[0][1]}"
    names = tuple(name for name, _ in damaged)
    return list(read.values()), [Finding("files that cannot be read", NEEDS_YOU, message, names)]


def _clips(read: Sequence[MarkedFile], root: Path, findings: list[Finding]) -> CorpusScan:
    folder = (root if root.is_dir() else root.parent).resolve()
    shelf, met = Shelf.of(folder, _DEPTH), RowsMet()
    clips = []
    for marked in read:
        beside = marked.path.parent
        sound = shelf.sound_of(marked.stem, marked.sounds, marked.video_id, beside)
        below = beside.relative_to(folder).as_posix()  # two folders may have names alike
        named = replace(marked, stem=marked.stem if below == "." else f"{below}/{marked.stem}")
        clips += clips_of(named, sound, own_name(folder), met)
    heard = audio_findings(clips, shelf.headers)
    return _scan(clips, root, [*findings, *met.findings(RULES), *heard], ())


def _scan(
    clips: Sequence[CorpusClip], root: Path, findings: list[Finding], columns: Sequence[str]
) -> CorpusScan:
    met = RowsMet()
    once = _each_once(clips, met)
    if not once:
        told = " ".join(finding.message for finding in findings)
        raise CorpusError(f"No clip is marked in {root.name}.", told or "Choose another file.")
    folder = root if root.is_dir() else root.parent
    corpora = {clip.corpus for clip in once}
    corpus = corpora.pop() if len(corpora) == 1 else own_name(folder)
    findings += [*met.findings(SHARED_RULES), *discarded_labels(once)]
    made = any(clip.corpus == own_name(folder) for clip in once)
    return CorpusScan(corpus, str(root), tuple(once), tuple(findings), tuple(columns), made)


def _each_once(clips: Iterable[CorpusClip], met: RowsMet) -> list[CorpusClip]:
    """A clip that two files tell of alike is one; another of the same name gets a new one."""
    found: dict[tuple[str, str], CorpusClip] = {}
    for clip in clips:
        name, number = clip.name, 2
        while (before := found.get((clip.corpus, name))) and before != replace(clip, name=name):
            name, number = f"{clip.name} #{number}", number + 1
        if before:
            met.add("rows that stand twice", name)
            continue
        if name != clip.name:
            met.add("ids that stand twice", name)
        found[clip.corpus, name] = replace(clip, name=name)
    return list(found.values())
