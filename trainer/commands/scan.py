"""`stremo-trainer scan`: an audit of the corpora on disk, for people or as JSON, and the manifest
of what can be trained on."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from trainer.contract.errors import TrainerError
from trainer.contract.manifest import ManifestClip, write_manifest
from trainer.corpora.manifest_clip import manifest_clip
from trainer.corpora.rows import CorpusScan
from trainer.corpora.scan import FOLDER, FULL, TITLES, find_corpora, scan
from trainer.corpora.tally import Tally, tally
from trainer.procedure.mosei import Cleaning, cleaned

_COLUMNS = ("files", "positive", "neutral", "negative", "discarded", "unlabelled")
_STRANGERS_SHOWN = 5


def scan_corpora(
    root: Path, corpus: str | None, as_json: bool, out: Path | None, mosei: Cleaning
) -> int:
    """Print what lies under `root` and write the manifest when asked. Returns the exit code."""
    scans, strangers, refused = _found(root, corpus, mosei.mode)
    if mosei.mode or mosei.transcripts:
        scans = cleaned(scans, mosei)
    written = _write(out, scans) if out else None
    if as_json:
        answer = {
            "root": str(root),
            "corpora": [_record(found) for found in scans],
            "other_audio": list(strangers),
            "refused": [error.message for error in refused],
            "manifest": written,
        }
        print(json.dumps(answer, ensure_ascii=False))
        return 0
    print(_table(scans))
    for found in scans:
        print(_details(found))
    for error in refused:
        print(f"\n{error.message} {error.hint}")
    if strangers:
        shown = ", ".join(strangers[:_STRANGERS_SHOWN])
        more = ", ..." if len(strangers) > _STRANGERS_SHOWN else ""
        print(f"\n{len(strangers)} audio files belong to no corpus: {shown}{more}")
    if written:
        left = ", ".join(f"{n} {why}" for why, n in written["left_out"].items() if n)
        print(
            f"\nWrote {written['clips']} clips to {out}" + (f"; left out: {left}." if left else ".")
        )
    return 0


def _found(
    root: Path, corpus: str | None, mosei: str | None
) -> tuple[list[CorpusScan], Sequence[str], Sequence[TrainerError]]:
    """The scans, the audio files that belong to none of them, and what could not be used."""
    if corpus or not root.is_dir():
        return [scan(root, corpus, mosei)], (), ()
    shelf = find_corpora(root, mosei)
    if not shelf.scans:
        return [scan(root, FOLDER)], (), ()
    return shelf.scans, [file.relative for file in shelf.strangers], shelf.refused


def _table(scans: Sequence[CorpusScan]) -> str:
    """One line a corpus: found, and of how many when the corpus is a known one."""
    titles = [TITLES.get(found.corpus, found.corpus) for found in scans]
    cells = [[_cell(found, column) for column in _COLUMNS] for found in scans]
    width = max(len("corpus"), *map(len, titles))
    widths = [max(map(len, column)) for column in zip(_COLUMNS, *cells, strict=True)]
    lines = [("corpus", list(_COLUMNS)), *zip(titles, cells, strict=True)]
    return "\n".join(
        f"{title:<{width}}  " + "  ".join(f"{c:>{w}}" for c, w in zip(row, widths, strict=True))
        for title, row in lines
    )


def _cell(found: CorpusScan, column: str) -> str:
    number = asdict(tally(found.clips))[column]
    full = FULL.get(found.corpus)
    if full is None or column == "unlabelled":
        return str(number)
    return f"{number} of {asdict(full)[column]}"


def _details(found: CorpusScan) -> str:
    groups = len({clip.group for clip in found.clips})
    audio = sum(clip.path is not None and not clip.problem for clip in found.clips)
    lines = [
        f"\n{TITLES.get(found.corpus, found.corpus)}  {found.root}",
        f"  {len(found.clips)} clips, {audio} with sound, {groups} groups that no split may part",
        *(f"  {f'{finding.severity}:':<10} {finding.message}" for finding in found.findings),
    ]
    if (full := FULL.get(found.corpus)) and tally(found.clips) == full:
        lines.append("  complete:  every count is the published one")
    return "\n".join(lines)


def _record(found: CorpusScan) -> dict[str, Any]:
    full: Tally | None = FULL.get(found.corpus)
    return {
        "corpus": found.corpus,
        "root": found.root,
        "counts": asdict(tally(found.clips)),
        "expected": asdict(full) if full else None,
        "groups": len({clip.group for clip in found.clips}),
        "with_sound": sum(clip.path is not None and not clip.problem for clip in found.clips),
        "findings": [asdict(finding) for finding in found.findings],
    }


def _write(out: Path, scans: Iterable[CorpusScan]) -> dict[str, Any]:
    """Write the clips that can be used; returns how many, and how many were left out and why."""
    left = {"without audio": 0, "unreadable": 0, "outside the classes": 0}
    clips: list[ManifestClip] = []
    for clip in (clip for found in scans for clip in found.clips):
        if clip.path is None:
            left["without audio"] += 1
        elif clip.problem:
            left["unreadable"] += 1
        elif clip.source_label and clip.label is None:
            left["outside the classes"] += 1
        else:
            clips.append(manifest_clip(clip))
    try:
        write_manifest(out, clips)
    except OSError as error:
        raise TrainerError(
            f"{out} cannot be written: {error.strerror or error}.", "Choose another place."
        ) from error
    return {"path": str(out), "clips": len(clips), "left_out": left}
