"""Audio files in, float32 mono samples out; shared with the studio, so that the same samples are
drawn, heard and trained on. Torch-free.

libsndfile reads wav, flac, mp3, ogg and opus; what it does not know (m4a, webm) goes to FFmpeg's
LGPL decoders through codecpod. PyAV was refused: its wheels carry the GPL libraries x264 and x265.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import codecpod
import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from trainer import ffmpeg

AUDIO_SUFFIXES = frozenset(
    {".wav", ".flac", ".mp3", ".m4a", ".mp4", ".aac", ".ogg", ".oga", ".opus", ".webm", ".aiff"}
)
_LFS = b"version https://git-lfs.github.com/spec/v1"

_PIECE_SECONDS = 10

Samples = npt.NDArray[np.float32]


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
    _require_no_pipe(path)
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
    samples, own_rate = _read_span(path, max(0.0, start), end)
    if not len(samples):
        raise AudioError(
            f"{path.name} has no sound at {start:.2f} s.", "Check the clip's times or the file."
        )
    if rate is not None and rate != own_rate:
        samples = soxr.resample(samples, own_rate, rate)
        own_rate = rate
    return np.ascontiguousarray(samples, dtype=np.float32), own_rate


def stream_audio(path: Path) -> Iterator[Samples]:
    """The whole recording in order, mono, at its own rate, in pieces of at most a minute.

    Two hours never sit in memory. Damage on the way ends it: what came before can be heard.
    Raises AudioError when nothing can be read.
    """
    _require_no_pipe(path)
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
    _require_no_pipe(path)
    try:
        with soundfile.SoundFile(str(path)):
            pass
    except soundfile.LibsndfileError:
        try:
            return ffmpeg.around(path, start, end)
        except (codecpod.CodecpodError, OSError) as error:
            raise AudioError(*_reason(path)) from error
    return read_audio(path, start, end)


def _read_span(path: Path, start: float, end: float | None) -> tuple[Samples, int]:
    _require_no_pipe(path)
    try:
        with soundfile.SoundFile(str(path)) as file:
            rate = int(file.samplerate)
            first = min(round(start * rate), file.frames)
            last = file.frames if end is None else min(round(end * rate), file.frames)
            file.seek(first)
            block = file.read(max(0, last - first), dtype="float32", always_2d=True)
        return block.mean(axis=1, dtype=np.float32), rate
    except soundfile.LibsndfileError:
        samples, rate = _read_with_ffmpeg(path)
        return samples[round(start * rate) : None if end is None else round(end * rate)], rate


def _require_no_pipe(path: Path) -> None:
    """Opening a pipe would wait for ever."""
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
