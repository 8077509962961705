"""`torchaudio`, also where its compiled part cannot be loaded: import it from here.

PyPI's torchaudio (seen with 2.11) is linked to CUDA and fails to import beside a CPU-only torch;
transformers imports torchaudio when it is installed and fails with it, so import this before
transformers. Its features, filters and resampling are pure torch and do not need that part.
"""

import importlib
import sys
import traceback
from types import ModuleType

_LOADERS = ("_load_lib", "_check_cuda_version")
"""Functions of `torchaudio/_extension/utils.py` that load the compiled part or refuse it."""


def load_torchaudio() -> ModuleType:
    """Import torchaudio; when, and only when, its compiled part cannot load, do without that part.

    The way round is torchaudio's own: where `_load_lib` finds no library and returns False, the
    package works without one. Any other error is passed on.
    """
    try:
        return importlib.import_module("torchaudio")
    except (OSError, RuntimeError) as error:
        frames = {frame.name for frame in traceback.extract_tb(error.__traceback__)}
        extension = sys.modules.get("torchaudio._extension.utils")
        if extension is None or frames.isdisjoint(_LOADERS):
            raise
        extension._load_lib = _find_no_library  # type: ignore[attr-defined]
    return importlib.import_module("torchaudio")


def _find_no_library(_lib: str) -> bool:
    return False


torchaudio = load_torchaudio()
