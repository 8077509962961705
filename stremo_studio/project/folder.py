"""A project's folder: what lies where, and who may write in it."""

from pathlib import Path

from filelock import FileLock, Timeout

from stremo_studio.errors import StudioError


class ProjectLockedError(StudioError):
    """The project cannot be had for writing: another studio holds it, or its folder is
    read-only. It can be opened read-only."""


def database_file(folder: Path) -> Path:
    return folder / "project.db"


def holds_project(folder: Path) -> bool:
    return database_file(folder).is_file()


def make(folder: Path) -> None:
    """Make the folder of a new project. Raises StudioError where that cannot be."""
    if holds_project(folder):
        raise StudioError(f"{folder} already holds a project.", "Open it, or name a new folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        hint = "Choose a folder that you may write in."
        raise StudioError(f"{folder} cannot be made: {reason}.", hint) from error


def lock(folder: Path) -> FileLock:
    """Hold the project until the lock is released or the process ends, however it ends.

    Raises ProjectLockedError while another studio holds it, and when its folder cannot be written.
    """
    held = FileLock(folder / "project.lock")
    try:
        held.acquire(timeout=0)
    except Timeout as error:
        raise ProjectLockedError(
            f"The project {folder.name} is open in another studio.",
            "Close it there, or open it read-only here.",
        ) from error
    except OSError as error:
        raise ProjectLockedError(
            f"{folder} cannot be written: {error.strerror or error}.",
            "Check its permissions, or open the project read-only.",
        ) from error
    return held
