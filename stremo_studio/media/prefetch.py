"""Recordings opened ahead, so that the next clip is there when its turn comes.

Two threads; the ones asked for last come first. A long recording is shown while it is decoded, the
wanted spans first; one that nobody wants any more is given up.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Condition, Thread
from time import monotonic

from stremo_studio.media.peaks import Peaks, open_peaks
from stremo_studio.media.sound import Sound, open_at_once
from stremo_studio.media.unpacking import Unpacking, sweep

_KEPT = 8  # recordings; long ones are mapped and weigh nothing
_AROUND = 2.5
"""Seconds on either side of a clip that are brought forward with it: the grey context."""
_AT_ONCE = 20.0
"""Seconds of a clip that are brought forward; decoding overtakes the ear long before."""

_TOLD_EVERY = 0.15
"""Seconds between two pictures of a recording that grows."""


@dataclass(frozen=True, slots=True)
class Want:
    """A recording and the span of it that is looked at, in seconds."""

    path: Path
    start: float = 0.0
    end: float = _AT_ONCE

    @property
    def span(self) -> tuple[float, float]:
        """What must be decoded before it is shown."""
        return max(0.0, self.start - _AROUND), min(self.end, self.start + _AT_ONCE) + _AROUND


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """What a screen needs to show and play a file; `peaks.decoded` tells what is there yet."""

    path: Path
    sound: Sound
    peaks: Peaks

    def has(self, want: Want) -> bool:
        """Whether the wanted span can be seen and heard."""
        start, end = want.span
        return self.peaks.has_all(start * self.sound.rate, end * self.sound.rate)


Result = Recording | Exception
"""An AudioError is the file's fault and its sentence is shown; any other exception is a bug, and
whoever asked raises it."""


class _UnwantedError(Exception):
    """Ends the decoding of a recording that nobody waits for."""


class Prefetch:
    """`want` the files in the order of their turn; `get` what is ready; `ready` is told of each,
    again when another wanted span of it is there, and `grew` while a long one is decoded."""

    def __init__(
        self,
        cache: Path,
        ready: Callable[[Path, Result], None],
        grew: Callable[[Path, float], None] | None = None,
        threads: int = 2,
    ) -> None:
        """`ready` and `grew` (share done, 0..1) are called from a thread, never from `want`."""
        self._cache = cache
        self._ready = ready
        self._grew = grew
        self._changed = Condition()
        self._wanted: list[Want] = []
        self._busy: set[Path] = set()
        self._results: OrderedDict[Path, Result] = OrderedDict()
        self._closed = False
        sweep(cache)
        self._threads = [
            Thread(target=self._work, name=f"prefetch {n}", daemon=True) for n in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def want(self, wants: Sequence[Want]) -> None:
        """These spans, the first one most; what was wanted before and is not listed is dropped."""
        with self._changed:
            self._wanted = list(dict.fromkeys(wants))
            for want in reversed(self._wanted):
                if want.path in self._results:
                    self._results.move_to_end(want.path)
            self._changed.notify_all()

    def get(self, want: Want) -> Result | None:
        """The recording, why it cannot be opened, or None while the span is not ready."""
        with self._changed:
            found = self._results.get(want.path)
        return None if isinstance(found, Recording) and not found.has(want) else found

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
            try:
                self._keep(path, self._open(path))
            except _UnwantedError:
                with self._changed:
                    self._results.pop(path, None)
            except Exception as error:  # noqa: BLE001 - carried to whoever asked; the thread lives on
                self._keep(path, error)
            finally:
                with self._changed:
                    self._busy.discard(path)
                    self._changed.notify_all()

    def _next(self) -> Path | None:
        with self._changed:
            while not self._closed:
                for want in self._wanted:
                    if want.path not in self._results and want.path not in self._busy:
                        self._busy.add(want.path)
                        return want.path
                self._changed.wait()
        return None

    def _keep(self, path: Path, result: Result) -> None:
        with self._changed:
            self._results[path] = result
            while len(self._results) > max(_KEPT, len(self._wanted)):
                self._results.popitem(last=False)
        self._ready(path, result)

    def _open(self, path: Path) -> Recording:
        sound = open_at_once(path, self._cache) or self._unpack(path)
        return Recording(path, sound, open_peaks(sound, self._cache))

    def _unpack(self, path: Path) -> Sound:
        """Decode a long recording, what is looked at first; it can be shown meanwhile."""
        with Unpacking(path, self._cache) as unpacking:
            begun = Recording(path, unpacking.sound, unpacking.peaks)
            self._bring_forward(begun, unpacking)
            told = monotonic()
            for done in unpacking.pieces():
                self._bring_forward(begun, unpacking)
                if self._grew is not None and (done == 1 or monotonic() - told > _TOLD_EVERY):
                    told = monotonic()
                    self._grew(path, done)
            return unpacking.finish()

    def _bring_forward(self, begun: Recording, unpacking: Unpacking) -> None:
        """Decode the wanted spans out of turn, unless others wait for this thread more."""
        with self._changed:
            wanted = [want for want in self._wanted if want.path == begun.path]
            first = self._wanted[0].path if self._wanted else begun.path
            waits = first not in self._results and first not in self._busy
        if not wanted or (waits and first != begun.path):
            raise _UnwantedError
        for want in wanted:
            is_new = not begun.has(want)
            unpacking.show(*want.span)
            if is_new or begun.path not in self._results:
                self._keep(begun.path, begun)
