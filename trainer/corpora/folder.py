"""Any folder of audio: labels from sub-folder names, or from a table whose columns are known by
many names. Nothing is assumed about a speaker who is not named: each file is its own group."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from trainer.corpora.headers import Header, audio_findings, read_header, read_headers
from trainer.corpora.rows import (
    NOTE,
    SKIPPED,
    CorpusClip,
    CorpusError,
    CorpusScan,
    Finding,
    enumerated,
)
from trainer.corpora.rows import SpeakerFacts as Speaker
from trainer.corpora.table import has_paths, own_name, scan_table
from trainer.corpora.tally import discarded_labels, emotion_and_class
from trainer.corpora.tree import AudioFile, Tree, one_file
from trainer.sound.decoding import AUDIO_SUFFIXES

_AROUND_A_LABEL = re.compile(r"^[\d\W_]+|[\d\W_]+$")
_SPEAKER = re.compile(r"(?:speaker|spk|actor|subject|participant|person)[ _-]?(\w+)", re.I)


def scan_file(path: Path) -> CorpusScan:
    """One audio file as one unlabelled clip."""
    file = one_file(path)
    header = read_header(file)
    clip = _clip(file, header, own_name(path.resolve().parent), None)
    return CorpusScan(
        clip.corpus, str(path), (clip,), tuple(audio_findings([clip], {file.path: header}))
    )


def scan_folder(tree: Tree, tables: Sequence[Path] = ()) -> CorpusScan:
    """All audio below a folder. One table that names audio files, when there is exactly one,
    gives the labels. Raises CorpusError when there is no audio."""
    if not tree.files:
        raise CorpusError(
            f"No audio lies in {tree.root}.",
            f"Looked for {', '.join(sorted(AUDIO_SUFFIXES))} in it and below.",
        )
    naming = [table for table in tables if has_paths(table)]
    if len(naming) == 1:
        return scan_table(naming[0])
    corpus = own_name(tree.root)
    files = {file.relative.rpartition(".")[0]: file for file in reversed(tree.files)}
    kept = sorted(files.values(), key=lambda file: file.relative)
    headers = read_headers(kept, f"folder:{tree.root.resolve()}")
    depth = _label_depth(kept)
    clips = tuple(_clip(f, headers[f.path], corpus, _label(f, depth)) for f in kept)
    findings = [*tree.findings, *audio_findings(clips, headers), *discarded_labels(clips)]
    if len(kept) < len(tree.files):
        second = tuple(f.relative for f in tree.files if f not in set(kept))
        message = f"{len(second)} files left out: the same name with another suffix."
        findings.append(Finding("second copies", SKIPPED, message, second))
    if naming:
        listed = ", ".join(table.name for table in naming)
        message = f"Several tables name audio files, none was used: {listed}. Choose one of them."
        findings.append(Finding("tables not used", NOTE, message))
    if silent := [table.name for table in tables if table not in naming]:
        message = f"{len(silent)} tables name no audio files, left alone: {enumerated(silent)}."
        findings.append(Finding("tables that name no audio", NOTE, message, tuple(silent)))
    findings += _unknown(clips)
    return CorpusScan(corpus, str(tree.root), clips, tuple(findings))


def _label_depth(files: Sequence[AudioFile]) -> int | None:
    """The folder level whose names are emotions for most files; None when no level's are."""
    known: Counter[int] = Counter()
    for file in files:
        for depth, part in enumerate(file.relative.split("/")[:-1]):
            known[depth] += _is_known(_bare(part))
    best = max(known, key=lambda depth: known[depth], default=None)
    return best if best is not None and known[best] else None


def _label(file: AudioFile, depth: int | None) -> str | None:
    parts = file.relative.split("/")[:-1]
    return _bare(parts[depth]) if depth is not None and depth < len(parts) else None


def _bare(part: str) -> str:
    return _AROUND_A_LABEL.sub("", part)


def _is_known(label: str) -> bool:
    return emotion_and_class(label) != (None, None)


def _clip(file: AudioFile, header: Header, corpus: str, label: str | None) -> CorpusClip:
    emotion, class_id = emotion_and_class(label) if label else (None, None)
    name = file.relative.rpartition(".")[0]
    parts = (_SPEAKER.fullmatch(part) for part in file.relative.split("/")[:-1])
    speaker = next((match[1] for match in parts if match), None)
    return CorpusClip(
        corpus=corpus,
        name=name,
        source_label=label or None,
        emotion=emotion,
        label=class_id,
        group=f"{corpus}:{speaker or name}",
        speaker=Speaker(speaker) if speaker else None,
        path=file.path,
        end=header.duration or None,
        problem=header.problem,
    )


def _unknown(clips: Sequence[CorpusClip]) -> list[Finding]:
    findings = []
    unlabelled = tuple(clip.name for clip in clips if not clip.source_label)
    if unlabelled:
        message = f"{len(unlabelled)} clips lie in no folder named after an emotion: no label."
        findings.append(Finding("clips without a label", NOTE, message, unlabelled))
    alone = tuple(clip.name for clip in clips if clip.speaker is None)
    if alone:
        message = f"The speakers of {len(alone)} clips are unknown: each counts as its own group."
        findings.append(Finding("speakers unknown", NOTE, message, alone))
    return findings
