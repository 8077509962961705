"""Header facts of many audio files, kept in the user's cache folder so that a second scan opens
only what has changed (path, size, time of change)."""

import hashlib
import json
import os
import struct
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import platformdirs
import soundfile

from trainer.contract.files import write_text_atomically
from trainer.corpora.rows import NEEDS_YOU, NOTE, CorpusClip, Finding
from trainer.corpora.tree import AudioFile
from trainer.sound.decoding import AudioError, probe

_VERSION = 2
_BLOCK = 4096
_PCM, _FLOAT = 1, 3
_OPEN_ENDED = 0x7FFF_0000
"""Sizes from here on are placeholders of programs that wrote the header before the sound."""


class Header(NamedTuple):
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
    for file in files:
        entry = known.get(file.path)
        if entry is None or entry[0] != file.size or entry[1] != file.mtime_ns:
            entry = [file.size, file.mtime_ns, *read_header(file)]
        headers[file.path] = Header(*entry[2:])
        entries[file.path] = entry
    if entries != known:
        _save(cache, entries)
    return headers


def read_header(file: AudioFile) -> Header:
    """One file's header; a file that cannot be heard gets its reason, never an exception."""
    path = Path(file.path)
    try:
        with path.open("rb", buffering=0) as opened:
            head = opened.read(_BLOCK)
            opened.seek(file.size // 2)
            fingerprint = zlib.crc32(opened.read(_BLOCK))
        if plain := pcm_header(head, file.size):
            return plain._replace(fingerprint=fingerprint)
        info = probe(path)
    except AudioError as error:
        return Header(problem=error.message)
    except FileNotFoundError:
        return Header(problem=f"{path.name} is not there.")
    except OSError as error:
        return Header(problem=f"{path.name} cannot be read: {error.strerror or error}.")
    if _is_cut_short(path, head, file.size):
        return Header(problem=f"{path.name} is cut short: its end is missing.")
    return Header(info.duration, info.rate, info.channels, "", fingerprint)


def pcm_header(head: bytes, size: int) -> Header | None:
    """The header of a whole, plain PCM wav from its first bytes, five times faster than libsndfile
    opens it. None for everything else: that is for libsndfile to judge."""
    promised = int.from_bytes(head[4:8], "little") + 8
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE" or size + 1 < promised:
        return None
    place, layout = 12, (0, 0, 0, 0, 0, 0)
    while place + 8 <= len(head):
        kind, length = (
            head[place : place + 4],
            int.from_bytes(head[place + 4 : place + 8], "little"),
        )
        if kind == b"fmt " and 16 <= length <= len(head) - place - 8:
            layout = struct.unpack_from("<HHIIHH", head, place + 8)
        if kind == b"data":
            code, channels, rate, _, frame, bits = layout
            regular = code in (_PCM, _FLOAT) and rate > 0 and 0 < frame == channels * bits // 8
            if not regular or not frame <= length <= size - place - 8:
                return None
            return Header(length // frame / rate, rate, channels)
        place += 8 + length + length % 2
    return None


def audio_findings(clips: Iterable[CorpusClip], headers: Mapping[str, Header]) -> list[Finding]:
    """What is unusual about the files of these clips; rows are names of clips."""
    heard = [(clip, headers[clip.path]) for clip in clips if clip.path]
    rates = Counter(header.rate for _, header in heard if header.rate)
    usual = max(rates, key=lambda rate: rates[rate], default=0)
    bad = [clip for clip, header in heard if header.problem]
    stereo = [clip for clip, header in heard if header.channels > 1]
    odd = [clip for clip, header in heard if header.rate not in (0, usual)]
    first = headers[str(bad[0].path)].problem if bad else ""
    told = (
        ("unreadable audio", NEEDS_YOU, bad, f"cannot be heard, e.g. {first}"),
        ("several channels", NOTE, stereo, "have several channels: they are averaged to one."),
        ("several sample rates", NOTE, odd, f"are not at {usual} Hz like most: all are resampled."),
    )
    return [
        Finding(
            rule,
            severity,
            f"{len({clip.path for clip in met})} files {what}",
            tuple(clip.name for clip in met),
        )
        for rule, severity, met, what in told
        if met
    ]


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


def _is_cut_short(path: Path, head: bytes, size: int) -> bool:
    """libsndfile opens half a file without a word; only its end tells."""
    if head[:4] == b"RIFF":
        promised = int.from_bytes(head[4:8], "little") + 8
        return size + 1 < promised < _OPEN_ENDED  # some writers forget the padding byte
    if head[:4] == b"fLaC":
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
