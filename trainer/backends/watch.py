"""Wait for many runs, wherever they are carried out: their folders say how far they are."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from trainer.backends.backend import Backend, Lost, Say
from trainer.contract import protocol
from trainer.contract.errors import TrainerError
from trainer.contract.run_folder import FAILED, FINISHED, RunFolder


class Watched:
    """A run under way, and how much of its record was told."""

    def __init__(self, name: str, folder: RunFolder) -> None:
        self.name, self.folder = name, folder
        self._read = self._size()

    def news(self) -> list[str]:
        """Sentences about what was recorded since the last look."""
        if self._size() < self._read:  # resumed: the record was cut back to what was not lost
            self._read = self._size()
        try:
            with self.folder.metrics_file.open("rb") as file:
                file.seek(self._read)
                whole, newline, _ = file.read().rpartition(b"\n")
        except OSError:
            return []
        self._read += len(whole) + len(newline)
        events = (protocol.decode(x) for x in whole.decode("utf-8", "replace").splitlines())
        return [f"{self.name}: {told}" for event in events if (told := _told(event))]

    def fault(self, lost: Lost | None) -> TrainerError | None:
        """What to raise for a run that is over without success; None for a finished one."""
        result = self.folder.read_result()
        if result is not None and result["status"] == FINISHED:
            return None
        error = (result or {}).get("error") or {}
        why = lost.why if lost and not result else "the trainer ended without a result"
        hint = lost.hint if lost and not result else f"See {self.folder.log_file}."
        return TrainerError(
            f"{self.name}: {error.get('message', f'{why}.')}",
            error.get("hint") or hint,
            error.get("code", FAILED),
        )

    def _size(self) -> int:
        try:
            return self.folder.metrics_file.stat().st_size
        except OSError:
            return 0


def finish(runs: Mapping[Path, str], backend: Backend, say: Say) -> None:
    """Have runs carried out, by folder and the name that people know, and wait for all of them.

    A run that fails is told at once and the others go on. Raises TrainerError in the end for the
    first that failed. When the waiting is broken off (Ctrl+C), what was started is cancelled.
    """
    watched = [Watched(name, RunFolder(path)) for path, name in runs.items()]
    if not watched:
        return
    try:
        backend.start([run.folder for run in watched if not run.folder.result_file.exists()])
        faults = _wait(watched, backend, say)
    except BaseException:
        backend.cancel()
        raise
    backend.close()
    if len(faults) > 1:
        say(f"{len(faults)} of {len(runs)} failed; the first:")
    if faults:
        raise faults[0]


def _wait(watched: Sequence[Watched], backend: Backend, say: Say) -> list[TrainerError]:
    began, waiting = time.monotonic(), list(watched)
    faults: list[TrainerError] = []
    while True:
        lost = backend.lost([run.folder for run in waiting])
        for run in list(waiting):
            gone = lost.get(run.folder.path)
            over = gone is not None or run.folder.result_file.exists()  # asked before the news:
            for line in run.news():  # nothing is recorded after the result
                say(line)
            if not over:
                continue
            waiting.remove(run)
            fault = run.fault(gone)
            if fault:
                faults.append(fault)
            if fault and waiting:
                say(f"{fault.message} {fault.hint}".strip())
            done = len(watched) - len(waiting)
            say(f"{done} of {len(watched)} done{_left(time.monotonic() - began, done, watched)}")
        if not waiting:
            return faults
        time.sleep(backend.pause)


def _told(event: protocol.Message | None) -> str:
    if isinstance(event, protocol.EpochFinished):
        return f"epoch {event.epoch}/{event.epochs}, dev macro F1 {event.dev_macro_f1:.3f}"
    return event.message if isinstance(event, protocol.Warned) else ""


def _left(spent: float, done: int, all_of_them: Sequence[object]) -> str:
    """For example `, about 40 min left`: as if the rest took as long as what is done."""
    minutes = round(spent / done * (len(all_of_them) - done) / 60)
    return f", about {minutes} min left" if minutes else ""
