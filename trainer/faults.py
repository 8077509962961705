"""Which exceptions are the world's fault, and how to say so."""

import errno
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from safetensors import SafetensorError

from trainer.contract.errors import TrainerError
from trainer.sound.decoding import AudioError

_FULL = (errno.ENOSPC, errno.EDQUOT)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
_FULL_ON_WINDOWS = 112


def worlds_fault(error: BaseException, folder: Path) -> TrainerError | None:
    """The sentence for a fault outside the program; None for a bug of ours."""
    if isinstance(error, TrainerError):
        return error
    if isinstance(error, AudioError):
        return TrainerError(error.message, error.hint, "audio")
    if isinstance(error, MemoryError):
        return TrainerError(
            "The machine ran out of memory.",
            "Close other programs or choose fewer clips.",
            "memory",
        )
    if not folder.exists():
        return TrainerError(
            f"The run folder {folder.name} is gone.", "Start a new run.", "folder gone"
        )
    if is_full(error):
        return TrainerError("The disk is full.", _how_full(folder), "disk")
    if isinstance(error, OSError) and error.errno in _FORBIDDEN:
        return TrainerError(
            f"{error.filename or folder} cannot be written.", "Check its permissions.", "forbidden"
        )
    return None


def is_full(error: BaseException) -> bool:
    """Whether a disk or a quota was too small."""
    return isinstance(error, OSError) and error.errno in _FULL


@contextmanager
def system_errors() -> Iterator[None]:
    """Turn what safetensors says while writing back into the OSError that it hides in a text."""
    try:
        yield
    except SafetensorError as error:
        number = int(found[1]) if (found := re.search(r"os error (\d+)", str(error))) else errno.EIO
        number = errno.ENOSPC if number == _FULL_ON_WINDOWS else number
        raise OSError(number, os.strerror(number)) from error


def _how_full(folder: Path) -> str:
    free = shutil.disk_usage(folder).free // 1_000_000
    return f"{free} MB are free where {folder} lies; free more and run again."
