"""Recordings opened ahead, so that the next clip is there when its turn comes.

Two threads; the ones asked for last come first, and the decoding of a long recording that nobody
wants any more is given up.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Condition, Thread

from stremo_studio.media.peaks import Peaks, open_peaks
from stremo_studio.media.sound import Sound, open_sound

_KEPT = 8  # recordings; long ones are mapped and weigh nothing


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """What a screen needs to show and play a file."""

    path: Path
    sound: Sound
    peaks: Peaks


Result = Recording | Exception
"""An AudioError is the file's fault and its sentence is shown; any other exception is a bug, and
whoever asked raises it."""


class _UnwantedError(Exception):
    """Ends the decoding of a recording that nobody waits for."""


class Prefetch:
    """`want` the files in the order of their turn; `get` what is ready; `ready` is told of each."""

    def __init__(
        self,
        cache: Path,
        ready: Callable[[Path, Result], None],
        progress: Callable[[Path, float], None] | None = None,
        threads: int = 2,
    ) -> None:
        """`ready` and `progress` are called from a thread of the prefetch, never from `want`."""
        self._cache = cache
        self._ready = ready
        self._progress = progress
        self._changed = Condition()
        self._wanted: list[Path] = []
        self._busy: set[Path] = set()
        self._results: OrderedDict[Path, Result] = OrderedDict()
        self._closed = False
        self._threads = [
            Thread(target=self._work, name=f"prefetch {n}", daemon=True) for n in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def want(self, paths: Sequence[Path]) -> None:
        """These files, the first one most; what was wanted before and is not listed is dropped."""
        with self._changed:
            self._wanted = list(dict.fromkeys(paths))
            for path in reversed(self._wanted):
                if path in self._results:
                    self._results.move_to_end(path)
            self._changed.notify_all()

    def get(self, path: Path) -> Result | None:
        """The recording, why it cannot be opened, or None while it is not ready."""
        with self._changed:
            return self._results.get(path)

    def forget(self, path: Path) -> None:
        """Open it again at the next turn: it was linked anew or fetched."""
        with self._changed:
            self._results.pop(path, None)
            self._changed.notify_all()

    def close(self) -> None:
        """Give up what is being decoded and end the threads."""
        with self._changed:
            self._closed = True
            self._wanted = []
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while (path := self._next()) is not None:
            result = self._open(path)
            with self._changed:
                self._busy.discard(path)
                if result is not None:
                    self._results[path] = result
                    while len(self._results) > max(_KEPT, len(self._wanted)):
                        self._results.popitem(last=False)
            if result is not None:
                self._ready(path, result)

    def _next(self) -> Path | None:
        with self._changed:
            while not self._closed:
                for path in self._wanted:
                    if path not in self._results and path not in self._busy:
                        self._busy.add(path)
                        return path
                self._changed.wait()
        return None

    def _open(self, path: Path) -> Result | None:
        def on_progress(done: float) -> None:
            if path not in self._wanted:
                raise _UnwantedError
            if self._progress is not None:
                self._progress(path, done)

        try:
            sound = open_sound(path, self._cache, on_progress)
            return Recording(path, sound, open_peaks(sound, self._cache))
        except _UnwantedError:
            return None
        except Exception as error:  # noqa: BLE001 - carried to whoever asked; the thread lives on
            return error
