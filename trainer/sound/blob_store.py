"""Bytes by key, kept in a few large files: what costs time to make and is read often.

Segments of bytes, memory-mapped, and one index with a line for each entry, both only ever appended
to; bytes are written before the line that names them. So whoever is killed leaves nothing that is
wrong, and readers need no lock. One process at a time writes. A checksum is compared when an entry
is first read: what the disk or a power cut spoiled counts as not there.
"""

import json
import os
import secrets
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from filelock import FileLock, Timeout

from trainer.contract.files import written_aside
from trainer.contract.kept import INDEX, LOCK, SEGMENT

Bytes = npt.NDArray[np.uint8]
SEGMENT_BYTES = 256 << 20
"""From here on a new segment begins: small enough to map and to copy, large enough to be few."""
_ALIGNED = 16
_ASK_AGAIN_S = 0.2


class _Entry(NamedTuple):
    """A line of the index, but for its key."""

    facts: Any
    segment: str
    offset: int
    size: int
    check: int


class BlobStore:
    """The store in `folder`, which may not exist yet. Threads may share it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.damaged = 0
        """Entries met that were no longer what had been written."""
        self._entries: dict[str, _Entry] = {}
        self._maps: dict[str, Bytes] = {}
        self._checked: set[str] = set()
        self._index = (0, 0)
        """Which file was read (its inode), and how far."""
        self._segment = ""
        self._spoiled = False
        self._mutex = threading.RLock()
        self._pen = threading.Lock()
        self._lock = FileLock(folder / LOCK, thread_local=False)
        self.refresh()

    def __len__(self) -> int:
        return len(self._entries)

    def facts(self, key: str) -> Any:
        """What was said of an entry, without a look at its bytes; None for none."""
        found = self._entries.get(key)
        return None if found is None else found.facts

    def get(self, key: str) -> Bytes | None:
        """The bytes, read-only and not copied; None for none and for damaged ones."""
        with self._mutex:
            found = self._entries.get(key)
            if found is None:
                return None
            blob = self._mapped(found.segment, found.offset + found.size)
            if blob is not None:
                blob = blob[found.offset : found.offset + found.size]
                if key in self._checked or zlib.crc32(blob.data) == found.check:
                    self._checked.add(key)
                    return blob
            self.damaged += 1
            del self._entries[key]
            return None

    def is_whole(self, key: str) -> bool:
        """Whether the entry is there with as many bytes as it says: cheap, no checksum."""
        with self._mutex:
            found = self._entries.get(key)
            if found is None:
                return False
            if self._mapped(found.segment, found.offset + found.size) is not None:
                return True
            self.damaged += 1
            del self._entries[key]
            return False

    @contextmanager
    def writing(self, waiting: Callable[[], object] | None = None) -> Iterator[bool]:
        """Hold the pen, having read what others wrote before; True when it is ours.

        While another process or thread holds it, `waiting` is called again and again, and may
        raise; without it, the answer is False at once. A dead process holds nothing.
        """
        while not (held := self._take_pen(0 if waiting is None else _ASK_AGAIN_S)):
            if waiting is None:
                break
            waiting()
        try:
            if held:
                self._begin()
            yield held
        finally:
            if held:
                self._lock.release()
                self._pen.release()

    def put(self, key: str, blob: bytes | Bytes, facts: Any = None) -> None:
        """Add or replace an entry; only while `writing`. Raises OSError, and then adds nothing."""
        body = memoryview(blob if isinstance(blob, bytes) else blob.data)
        segment, offset = self._append(body)
        entry = _Entry(facts, segment, offset, len(body), zlib.crc32(body))
        line = _line(key, entry)
        index = self.folder / INDEX
        with index.open("ab", buffering=0) as file:
            end = file.tell()
            try:
                _write_all(file.fileno(), line)
            except OSError:
                file.truncate(end)
                raise
            self._index = os.fstat(file.fileno()).st_ino, end + len(line)
        with self._mutex:
            self._entries[key] = entry
            self._checked.discard(key)

    def refresh(self) -> None:
        """Read what the index has gained; all of it when it is another one."""
        with self._mutex:
            try:
                with (self.folder / INDEX).open("rb") as file:
                    inode, size = _facts(file.fileno())
                    if self._index[0] != inode or size < self._index[1]:
                        self._entries.clear()
                        self._maps.clear()
                        self._checked.clear()
                        self._index, self._segment = (inode, 0), ""
                    file.seek(self._index[1])
                    self._read(file.read(size - self._index[1]))
            except FileNotFoundError:
                self._entries.clear()
                self._index, self._segment = (0, 0), ""

    def _read(self, lines: bytes) -> None:
        whole = lines.rfind(b"\n") + 1
        self._index = self._index[0], self._index[1] + whole
        for line in lines[:whole].splitlines():
            try:
                if int(line[:8], 16) != zlib.crc32(line[9:]):
                    raise ValueError(line)
                key, *entry = json.loads(line[9:])
                self._entries[key] = found = _Entry(*entry)
            except (ValueError, TypeError):
                self.damaged += 1
                self._spoiled = True
                continue
            self._checked.discard(key)
            self._segment = found.segment or self._segment

    def _take_pen(self, seconds: float) -> bool:
        if not self._pen.acquire(timeout=seconds or -1, blocking=bool(seconds)):
            return False
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=seconds)
        except Timeout:
            self._pen.release()
            return False
        except BaseException:
            self._pen.release()
            raise
        return True

    def _begin(self) -> None:
        """Cut off the line that a killed writer left unfinished, and mend a damaged index."""
        self.refresh()
        index = self.folder / INDEX
        if self._spoiled:
            with written_aside(index, durable=False) as file:
                file.writelines(_line(key, entry) for key, entry in self._entries.items())
            self._spoiled = False
            self.refresh()
            return
        with suppress(FileNotFoundError), index.open("r+b") as file:
            file.truncate(self._index[1])

    def _append(self, body: memoryview) -> tuple[str, int]:
        """Behind all that stands in the newest segment, whoever wrote it."""
        if not body:
            return "", 0
        path = self.folder / self._segment
        if not self._segment or not path.exists() or path.stat().st_size >= SEGMENT_BYTES:
            self._segment = f"{secrets.token_hex(8)}{SEGMENT}"  # never the name of one cleared
            path = self.folder / self._segment
        with path.open("ab", buffering=0) as file:
            end = file.tell()
            try:
                _write_all(file.fileno(), bytes(-end % _ALIGNED))
                _write_all(file.fileno(), body)
            except OSError:
                with suppress(OSError):  # Windows keeps the length of a mapped file
                    file.truncate(end)
                raise
        return self._segment, end + -end % _ALIGNED

    def _mapped(self, segment: str, end: int) -> Bytes | None:
        """A map of the segment that reaches to `end`; None when the file does not."""
        if not segment:
            return np.empty(0, np.uint8)
        known = self._maps.get(segment)
        if known is None or len(known) < end:
            try:
                self._maps[segment] = known = np.asarray(
                    np.memmap(self.folder / segment, np.uint8, "r")
                )
            except (OSError, ValueError):  # gone, or empty
                return None
        return known if len(known) >= end else None


def _line(key: str, entry: _Entry) -> bytes:
    row = json.dumps([key, *entry], separators=(",", ":")).encode()
    return b"%08x %b\n" % (zlib.crc32(row), row)


def _facts(descriptor: int) -> tuple[int, int]:
    found = os.fstat(descriptor)
    return found.st_ino, found.st_size


def _write_all(descriptor: int, body: bytes | memoryview) -> None:
    """`os.write` may take less than it is given, which is how a disk tells that it is full."""
    rest = memoryview(body)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
