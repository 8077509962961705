"""Header facts of many audio files, kept in the user's cache folder so that a second scan opens
only what has changed (path, size, time of change)."""

import hashlib
import json
import os
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import platformdirs
import soundfile

from trainer.contract.files import write_text_atomically
from trainer.corpora.rows import NEEDS_YOU, NOTE, Finding
from trainer.corpora.tree import AudioFile
from trainer.decoding import AudioError, probe

_VERSION = 2
_OPEN_ENDED = 0x7FFF_0000
"""Sizes from here on are placeholders of programs that wrote the header before the sound."""


@dataclass(frozen=True, slots=True)
class Header:
    """`duration` in seconds and `rate` in hertz; `problem` says why there are none."""

    duration: float = 0.0
    rate: int = 0
    channels: int = 0
    problem: str = ""
    fingerprint: int = 0
    """Checksum of 4 KiB from the file's middle: equal files have equal ones."""


def read_headers(files: Iterable[AudioFile], name: str) -> dict[str, Header]:
    """Headers by path. `name` names the cache: one small file for each place that was scanned."""
    cache = _cache_file(name)
    known = _load(cache)
    headers: dict[str, Header] = {}
    entries: dict[str, list[Any]] = {}
    fresh = False
    for file in files:
        entry = known.get(file.path)
        if entry and entry[0] == file.size and entry[1] == file.mtime_ns:
            header = Header(*entry[2:])
        else:
            header, fresh = read_header(file), True
        headers[file.path] = header
        entries[file.path] = [file.size, file.mtime_ns, *astuple(header)]
    if fresh or len(entries) != len(known):
        _save(cache, entries)
    return headers


def read_header(file: AudioFile) -> Header:
    """One file's header; a file that cannot be heard gets its reason, never an exception."""
    path = Path(file.path)
    try:
        info = probe(path)
    except AudioError as error:
        return Header(problem=error.message)
    if _is_cut_short(path, file.size):
        return Header(problem=f"{path.name} is cut short: its end is missing.")
    return Header(info.duration, info.rate, info.channels, "", _fingerprint(path, file.size))


def audio_findings(files: Iterable[AudioFile], headers: Mapping[str, Header]) -> list[Finding]:
    """What is unusual about the sound files of one corpus."""
    listed = [(file.relative, headers[file.path]) for file in files]
    findings = []
    bad = [(name, h.problem) for name, h in listed if h.problem]
    if bad:
        message = f"{len(bad)} files cannot be heard, e.g. {bad[0][1]}"
        findings.append(
            Finding("unreadable audio", NEEDS_YOU, message, tuple(name for name, _ in bad))
        )
    stereo = tuple(name for name, h in listed if h.channels > 1)
    if stereo:
        message = f"{len(stereo)} files have several channels: they are averaged to one."
        findings.append(Finding("several channels", NOTE, message, stereo))
    rates = [h.rate for _, h in listed if h.rate]
    usual = max(set(rates), key=rates.count, default=0)
    odd = tuple(name for name, h in listed if h.rate and h.rate != usual)
    if odd:
        message = f"{len(odd)} files are not at {usual} Hz like the rest: all are resampled."
        findings.append(Finding("several sample rates", NOTE, message, odd))
    return findings


def identical_files(
    files: Iterable[AudioFile], headers: Mapping[str, Header]
) -> list[list[AudioFile]]:
    """Groups of files that are equal byte for byte."""
    alike: defaultdict[tuple[int, int], list[AudioFile]] = defaultdict(list)
    for file in files:
        if not headers[file.path].problem:
            alike[file.size, headers[file.path].fingerprint].append(file)
    groups: defaultdict[bytes, list[AudioFile]] = defaultdict(list)
    for same in alike.values():
        for file in same if len(same) > 1 else ():
            groups[hashlib.sha256(Path(file.path).read_bytes()).digest()].append(file)
    return [group for group in groups.values() if len(group) > 1]


def _fingerprint(path: Path, size: int) -> int:
    with path.open("rb") as file:
        file.seek(size // 2)
        return zlib.crc32(file.read(4096))


def _is_cut_short(path: Path, size: int) -> bool:
    """libsndfile opens half a file without a word; only its end tells."""
    suffix = path.suffix.lower()
    if suffix == ".wav":
        with path.open("rb") as file:
            head = file.read(8)
        promised = int.from_bytes(head[4:8], "little") if head[:4] == b"RIFF" else 0
        return size + 1 < promised + 8 < _OPEN_ENDED  # some writers forget the padding byte
    if suffix == ".flac":
        try:
            with soundfile.SoundFile(str(path)) as file:
                file.seek(file.frames - 1)
                return len(file.read(1)) == 0
        except soundfile.LibsndfileError:
            return True
    return False


def _cache_file(name: str) -> Path:
    folder = Path(platformdirs.user_cache_dir("stremo-studio", appauthor=False))
    return folder / "headers" / f"{hashlib.sha256(name.encode()).hexdigest()[:24]}.json"


def _load(cache: Path) -> dict[str, list[Any]]:
    try:
        raw = json.loads(cache.read_text(encoding="utf-8"))
        return dict(raw["files"]) if raw["version"] == _VERSION else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}  # no cache, or one that a crash or another version left: read again


def _save(cache: Path, entries: Mapping[str, object]) -> None:
    try:
        text = json.dumps({"version": _VERSION, "files": entries}, separators=(",", ":"))
        write_text_atomically(cache, text + os.linesep)
    except OSError:
        return  # a full or read-only disk costs only time at the next scan
