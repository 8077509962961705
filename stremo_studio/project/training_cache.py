"""What training keeps in the project so that the next run need not decode and compute it again.

Functions of a folder, not of the project: they run beside the window.
"""

from pathlib import Path

from stremo_studio.errors import StudioError
from stremo_studio.project.project import Project
from trainer.contract.kept import StoreInUseError, clear, kept_in


def training_cache(project: Project) -> Path:
    """Decoded clips and features, shared by all runs of the project."""
    return project.cache / "trainer"


def cached_bytes(cache: Path) -> int:
    return sum(kept.bytes for kept in kept_in(cache))


def clear_cached(cache: Path) -> int:
    """Remove it; returns the bytes that became free. Raises StudioError while a trainer fills it,
    or when a file cannot be removed."""
    try:
        return clear(cache)
    except StoreInUseError as error:
        raise StudioError(
            "The cache is being filled by a run.", "Clear it when the run is over."
        ) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise StudioError(
            f"The cache cannot be cleared: {reason}.", "Close what uses it and clear it again."
        ) from error
