"""Audio files in, float32 mono samples out; shared with the studio, so that the same samples are
drawn, heard and trained on. Torch-free.

libsndfile reads wav, flac, mp3, ogg and opus; what it does not know (m4a, webm) goes to FFmpeg's
LGPL decoders through codecpod. PyAV was refused: its wheels carry the GPL libraries x264 and x265.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import codecpod
import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from trainer.sound import ffmpeg

AUDIO_SUFFIXES = frozenset(
    {".wav", ".flac", ".mp3", ".m4a", ".mp4", ".aac", ".ogg", ".oga", ".opus", ".webm", ".aiff"}
)
_LFS = b"version https://git-lfs.github.com/spec/v1"

_PIECE_SECONDS = 10
_QUICKER_WHOLE = 4 << 20
"""Bytes of a compressed file of some minutes: below, pieces cost more than they spare."""

Samples = npt.NDArray[np.float32]
Pcm = npt.NDArray[np.int16]
Span = tuple[float, float | None]
"""Seconds; without an end, to the end of the file."""


class AudioError(Exception):
    """The file cannot be heard. `message` is one plain sentence, `hint` says what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True)
class AudioInfo:
    """Header facts: seconds, hertz, channels."""

    duration: float
    rate: int
    channels: int


def probe(path: Path) -> AudioInfo:
    """Read the header only. Raises AudioError for a file that is no audio."""
    require_file(path)
    try:
        with soundfile.SoundFile(str(path)) as file:  # a third of the time of soundfile.info
            frames, rate, channels = int(file.frames), int(file.samplerate), int(file.channels)
    except soundfile.LibsndfileError:
        return _probe_with_ffmpeg(path)
    if frames <= 0:
        raise AudioError(f"{path.name} holds no sound.", "Remove it or fetch it again.")
    return AudioInfo(frames / rate, rate, channels)


def read_audio(
    path: Path, start: float = 0.0, end: float | None = None, rate: int | None = None
) -> tuple[Samples, int]:
    """Samples of `start`..`end` seconds, shape (frames,), in -1..1, and their rate in hertz.

    Channels are averaged; `rate` None keeps the file's own. A span that reaches past the end of
    the file gives what there is. Raises AudioError when nothing can be read.
    """
    (found,) = read_spans(path, [(start, end)], rate)
    if isinstance(found, AudioError):
        raise found
    return found


def read_spans(
    path: Path, spans: Sequence[Span], rate: int | None = None
) -> Iterator[tuple[Samples, int] | AudioError]:
    """Each span as `read_audio` gives it, or why it cannot be had, all in one pass: a file that is
    only read from its beginning is read once. Raises AudioError when the file cannot be heard."""
    for (start, _), (samples, own_rate) in zip(spans, _read_spans(path, spans), strict=True):
        if rate is not None and rate != own_rate:
            samples, own_rate = soxr.resample(samples, own_rate, rate), rate
        if len(samples):
            yield np.ascontiguousarray(samples, dtype=np.float32), own_rate
        else:
            yield AudioError(
                f"{path.name} has no sound at {start:.2f} s.", "Check the clip's times or the file."
            )


def to_pcm(samples: Samples) -> Pcm:
    """Float samples in -1..1 as int16; 16-bit files come back to the bit, and what
    is no number is silence."""
    pcm: Pcm = np.clip(
        np.rint(np.nan_to_num(samples, posinf=1, neginf=-1) * 32768.0), -32768, 32767
    ).astype(np.int16)
    return pcm


def stream_audio(path: Path) -> Iterator[Samples]:
    """The whole recording in order, mono, at its own rate, in pieces of at most a minute.

    Two hours never sit in memory. Damage on the way ends it: what came before can be heard.
    Raises AudioError when nothing can be read.
    """
    require_file(path)
    begun = False
    try:
        with soundfile.SoundFile(str(path)) as file:
            size = _PIECE_SECONDS * file.samplerate
            while len(block := file.read(size, dtype="float32", always_2d=True)):
                begun = True
                yield block.mean(axis=1, dtype=np.float32)
    except soundfile.LibsndfileError:
        if not begun:
            yield from _stream_with_ffmpeg(path)


def glimpse(path: Path, start: float, end: float) -> tuple[Samples, int]:
    """As `read_audio`, at once for every format: of m4a and webm off by up to a packet (20 ms)."""
    require_file(path)
    try:
        with soundfile.SoundFile(str(path)):
            pass
    except soundfile.LibsndfileError:
        try:
            return ffmpeg.around(path, start, end)
        except (codecpod.CodecpodError, OSError) as error:
            raise AudioError(*_reason(path)) from error
    return read_audio(path, start, end)


def _read_spans(path: Path, spans: Sequence[Span]) -> Iterator[tuple[Samples, int]]:
    require_file(path)
    done = 0
    try:
        with soundfile.SoundFile(str(path)) as file:
            for span in spans:
                yield _read_span(file, *span), int(file.samplerate)
                done += 1
    except soundfile.LibsndfileError:
        yield from _spans_with_ffmpeg(path, spans[done:])


def _read_span(file: soundfile.SoundFile, start: float, end: float | None) -> Samples:
    rate = int(file.samplerate)
    first = min(round(max(0.0, start) * rate), file.frames)
    last = file.frames if end is None else min(round(end * rate), file.frames)
    file.seek(first)
    block = file.read(max(0, last - first), dtype="float32", always_2d=True)
    mono: Samples = block.mean(axis=1, dtype=np.float32)
    return mono


def require_file(path: Path) -> None:
    """Opening a pipe would wait for ever. Raises AudioError."""
    if path.exists() and not path.is_file():
        raise AudioError(f"{path.name} is no file but a folder, pipe or device.", "Replace it.")


def _probe_with_ffmpeg(path: Path) -> AudioInfo:
    try:
        return AudioInfo(*ffmpeg.facts(path))
    except (codecpod.CodecpodError, OSError) as error:
        raise AudioError(*_reason(path)) from error


def _read_with_ffmpeg(path: Path) -> tuple[Samples, int]:
    try:
        return ffmpeg.whole(path)
    except (codecpod.CodecpodError, OSError) as error:
        raise AudioError(*_reason(path)) from error


def _spans_with_ffmpeg(path: Path, spans: Sequence[Span]) -> Iterator[tuple[Samples, int]]:
    """All in one pass, which ends with the last of them and never holds a long track whole."""
    if path.exists() and path.stat().st_size < _QUICKER_WHOLE:
        samples, rate = _read_with_ffmpeg(path)
        for start, end in spans:
            last = None if end is None else round(end * rate)
            yield samples[round(max(0.0, start) * rate) : last], rate
        return
    try:
        rate = ffmpeg.rate(path)
    except (codecpod.CodecpodError, OSError) as error:
        raise AudioError(*_reason(path)) from error
    frames = [
        (round(max(0.0, start) * rate), None if end is None else round(max(0.0, end) * rate))
        for start, end in spans
    ]
    found: list[list[Samples]] = [[] for _ in spans]
    done = 0
    for piece in _stream_with_ffmpeg(path):
        for parts, (first, last) in zip(found, frames, strict=True):
            until = None if last is None else max(0, last - done)
            parts.append(piece[max(0, first - done) : until])
        done += len(piece)
        if all(last is not None and last <= done for _, last in frames):
            break
    for parts in found:
        yield np.concatenate([np.zeros(0, np.float32), *parts]), rate


def _stream_with_ffmpeg(path: Path) -> Iterator[Samples]:
    done = 0
    try:
        for piece in ffmpeg.pieces(path):
            yield piece
            done += len(piece)
    except ffmpeg.UnplacedError:
        yield _read_with_ffmpeg(path)[0][done:]
    except (codecpod.CodecpodError, OSError) as error:
        if not done:
            raise AudioError(*_reason(path)) from error


def _reason(path: Path) -> tuple[str, str]:
    """Why no decoder takes this file, and what to do."""
    if not path.exists():
        return f"{path.name} is not there.", "Link the file again."
    try:
        with path.open("rb") as file:
            head = file.read(256)
    except OSError as error:
        return f"{path.name} cannot be read: {error.strerror}.", "Check its permissions."
    if not head:
        return f"{path.name} is empty.", "Fetch it again."
    if head.startswith(_LFS):
        return (
            f"{path.name} is a Git-LFS pointer, not audio.",
            "Run `git lfs pull` in the folder it came from.",
        )
    if all(byte in b"\t\n\r" or byte >= 32 for byte in head) and b"\x00" not in head:
        return f"{path.name} is a text file, not audio.", "Replace it with the recording."
    return f"{path.name} is damaged or no audio file.", "Fetch it again or convert it to wav."
