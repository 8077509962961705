"""How a run ended, in words.

The folder is believed first, then the trainer's last event, then the exit code: a process can
die after its result is safe, and one that was killed can no longer say anything.
"""

import signal
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from trainer.contract.protocol import RunFailed, RunFinished
from trainer.contract.run_folder import (
    CANCELLED,
    FAILED,
    FINISHED,
    INTERRUPTED,
    STOPPED,
    RunFolder,
)

LOG_LINES = 30

_SENTENCES = {
    FINISHED: "The run is finished.",
    STOPPED: "The run was stopped and its best model kept.",
    CANCELLED: "The run was cancelled. Nothing was kept, nothing else has changed.",
    INTERRUPTED: "The run was interrupted before it was over.",
}


@dataclass(frozen=True, slots=True)
class RunEnding:
    """`status` as in `trainer.contract.run_folder`; `log` are the last lines of the log, given
    where something went wrong."""

    status: str
    sentence: str
    hint: str = ""
    log: tuple[str, ...] = ()
    resumable: bool = False
    """Run again, it goes on where it was."""

    @property
    def has_scores(self) -> bool:
        return self.status in (FINISHED, STOPPED)


@dataclass(frozen=True, slots=True)
class ProcessEnd:
    """What the operating system and the user know of the end of a trainer process."""

    exit_code: int
    crashed: bool
    """Ended by a signal (POSIX: `exit_code` is its number) or by an unhandled exception."""
    forced: bool = False
    """The user had it ended by force."""
    last_event: RunFinished | RunFailed | None = None


def ending_of_folder(folder: RunFolder) -> RunEnding | None:
    """The ending that `result.json` records; None while there is none that can be read."""
    try:
        result = folder.read_result()
    except (OSError, ValueError):
        return None
    if result is None:
        return None
    status = str(result.get("status", FAILED))
    if status in _SENTENCES:
        return RunEnding(status, _SENTENCES[status])
    error: dict[str, Any] = result.get("error") or {}
    return RunEnding(
        FAILED,
        str(error.get("message") or "The run failed."),
        str(error.get("hint") or "Run again."),
        last_lines(folder),
    )


def ending_of_process(folder: RunFolder, end: ProcessEnd, spoken: Sequence[str] = ()) -> RunEnding:
    """The ending of a run whose process is gone; `spoken` are lines that it left on its pipes."""
    recorded = ending_of_folder(folder)
    if recorded is not None:
        return recorded
    log = last_lines(folder, spoken)
    if isinstance(end.last_event, RunFailed):
        return RunEnding(FAILED, end.last_event.message, end.last_event.hint or "Run again.", log)
    return _interrupted(folder, _why(end), log)


def interrupted(folder: RunFolder) -> RunEnding:
    """The ending of a run that nobody watched end: no result, and no trainer at work on it."""
    sentence = "The run ended without a result: its trainer was killed or the machine went down."
    return _interrupted(folder, sentence, last_lines(folder))


def _interrupted(folder: RunFolder, sentence: str, log: tuple[str, ...]) -> RunEnding:
    resumable = bool(folder.resume_points())
    onward = "Resume goes on where it was." if resumable else "Run again starts it anew."
    return RunEnding(INTERRUPTED, sentence, f"Labels are untouched. {onward}", log, resumable)


def last_lines(folder: RunFolder, spoken: Sequence[str] = ()) -> tuple[str, ...]:
    """The end of `run.log`, then what came over the pipes; at most `LOG_LINES`."""
    try:
        with folder.log_file.open("rb") as file:
            file.seek(max(0, folder.log_file.stat().st_size - 32_768))
            lines = file.read().decode("utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    return tuple([*lines, *spoken][-LOG_LINES:])


def _why(end: ProcessEnd) -> str:
    if end.forced:
        return "The run was ended by force, as asked, and left no result."
    if not end.crashed:
        return f"The trainer ended with exit code {end.exit_code} and left no result."
    if end.exit_code == getattr(signal, "SIGKILL", 9):
        return "The trainer was killed (signal 9), probably because memory ran out."
    return f"The trainer crashed (signal {end.exit_code})."
