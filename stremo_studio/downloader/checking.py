"""Whether what arrived is sound from its beginning to its end.

Everything is decoded once, a minute at a time: a file that is cut short or damaged often opens
without complaint, and would fail in the middle of somebody's labelling.
"""

import struct
from pathlib import Path

from stremo_studio.domain import source_fault as kinds
from stremo_studio.downloader.faults import FetchError
from trainer.sound.decoding import AudioError, probe, stream_audio

_MAGIC = ((b"RIFF", "wav"), (b"RF64", "wav"), (b"fLaC", "flac"), (b"OggS", "ogg"), (b"ID3", "mp3"))
_WEBM, _MP4 = b"\x1a\x45\xdf\xa3", b"ftyp"
_TEXT = (b"<", b"{")
_SLACK = 0.02
"""Share by which a file may be shorter than announced: sites round, and codecs pad."""


def checked_duration(path: Path, announced: float | None) -> float:
    """Seconds of sound that can be decoded. Raises FetchError when it is no audio, or less of it
    than its own header or its site (`announced`) says."""
    try:
        info = probe(path)
        seconds = sum(len(piece) for piece in stream_audio(path)) / info.rate
    except AudioError as error:
        raise FetchError(kinds.NOT_AUDIO, _what_it_is(path, error)) from error
    promised = max(info.duration, _container_seconds(path), announced or 0.0)
    if seconds <= 0:
        raise FetchError(kinds.NOT_AUDIO, "The file holds no sound.")
    if seconds < promised * (1 - _SLACK) - 1:
        raise FetchError(kinds.BROKEN, f"Only {seconds:.0f} of {promised:.0f} s arrived.")
    return seconds


def suffix_of(path: Path) -> str:
    """The suffix that belongs to the content, whatever the address claimed; empty if unknown."""
    with path.open("rb") as file:
        head = file.read(64)
    for magic, suffix in _MAGIC:
        if head.startswith(magic):
            return suffix
    if head.startswith(_WEBM):
        return "webm"
    if head[4:8] == _MP4:
        return "m4a"
    return "mp3" if head[:1] == b"\xff" and len(head) > 1 and head[1] & 0xE0 == 0xE0 else ""


def _container_seconds(path: Path) -> float:
    """How long the container says it is, where our decoders would quietly take what there is."""
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"RIFF"):
        return _wav_seconds(head)
    return _webm_seconds(head) if head.startswith(_WEBM) else 0.0


def _wav_seconds(head: bytes) -> float:
    at, rate = 12, 0
    while at + 8 <= len(head):
        name, size = struct.unpack_from("<4sI", head, at)
        if name == b"fmt " and at + 20 <= len(head):
            rate = struct.unpack_from("<I", head, at + 16)[0]
        if name == b"data":  # streamed files leave the size open
            return size / rate if rate and 0 < size < 0x7FFFFFFF else 0.0
        at += 8 + size + size % 2
    return 0.0


def _webm_seconds(head: bytes) -> float:
    """Duration (0x4489) times TimestampScale (0x2AD7B1), both of the Info element."""
    found = head.find(b"\x44\x89")
    if found < 0 or found + 11 > len(head):
        return 0.0
    form = {0x84: ">f", 0x88: ">d"}.get(head[found + 2])
    if form is None:
        return 0.0
    scale_at = head.find(b"\x2a\xd7\xb1\x83")
    scale = int.from_bytes(head[scale_at + 4 : scale_at + 7], "big") if scale_at >= 0 else 1_000_000
    seconds = struct.unpack_from(form, head, found + 3)[0] * scale / 1e9
    return float(seconds) if 0 < seconds < 1e6 else 0.0


def _what_it_is(path: Path, error: Exception) -> str:
    with path.open("rb") as file:
        head = file.read(512).lstrip()
    if not head:
        return "The file is empty."
    if head.startswith(_TEXT):
        return "The address gave a web page instead of audio."
    return str(error)
