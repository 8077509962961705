"""The store under the caches: appended whole or not at all, by one writer at a time."""

import errno
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.contract.kept import INDEX
from trainer.sound import blob_store as module
from trainer.sound.blob_store import BlobStore


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


def _filled(folder: Path, **blobs: bytes) -> BlobStore:
    store = BlobStore(folder)
    with store.writing() as ours:
        assert ours
        for key, blob in blobs.items():
            store.put(key, blob, len(blob))
    return store


def _content(store: BlobStore, key: str) -> bytes | None:
    found = store.get(key)
    return None if found is None else found.tobytes()


def test_what_was_put_is_got_also_by_others(folder: Path) -> None:
    written = _filled(folder, a=b"one", b=b"", c=b"three" * 1000)
    for store in (written, BlobStore(folder)):
        assert [_content(store, key) for key in "abcd"] == [b"one", b"", b"three" * 1000, None]
        assert [store.facts(key) for key in "abcd"] == [3, 0, 5000, None]
        assert len(store) == 3


def test_nothing_is_made_by_looking(folder: Path) -> None:
    store = BlobStore(folder)
    assert store.get("a") is None
    assert not folder.exists()


def test_what_is_read_cannot_be_written(folder: Path) -> None:
    blob = _filled(folder, a=b"one").get("a")
    assert blob is not None
    assert not blob.flags.writeable


def test_the_later_of_two_counts(folder: Path) -> None:
    store = _filled(folder, a=b"old")
    with store.writing():
        store.put("a", b"newer")
    assert _content(store, "a") == _content(BlobStore(folder), "a") == b"newer"


def test_a_reader_sees_what_others_add_once_it_asks(folder: Path) -> None:
    reader = _filled(folder, a=b"one")
    _filled(folder, b=b"two")
    assert reader.get("b") is None
    reader.refresh()
    assert _content(reader, "b") == b"two"
    assert len(list(folder.glob("*.blobs"))) == 1


def test_a_full_segment_is_followed_by_another(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SEGMENT_BYTES", 100)
    blobs = {str(i): bytes([i]) * 60 for i in range(5)}
    _filled(folder, **blobs)
    assert len(list(folder.glob("*.blobs"))) == 3
    store = BlobStore(folder)
    assert {key: _content(store, key) for key in blobs} == blobs


def test_only_one_writes_at_a_time(folder: Path) -> None:
    one, other = BlobStore(folder), BlobStore(folder)
    with one.writing() as first, other.writing() as second:
        assert (first, second) == (True, False)
    waited: list[int] = []
    holding = one.writing()
    holding.__enter__()

    def waiting() -> None:
        waited.append(1)
        if len(waited) == 2:
            holding.__exit__(None, None, None)

    with other.writing(waiting) as ours:
        assert ours
    assert len(waited) == 2


@pytest.mark.parametrize("room", [0, 3, 20, 64, 70, 90, 110])
def test_a_full_disk_leaves_the_store_as_it_was(
    folder: Path, room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`room` bytes are free when an entry of 64 bytes and its line are to be written."""
    store = _filled(folder, a=b"one", b=b"two")
    write, left = os.write, room

    def full(descriptor: int, body: memoryview) -> int:
        nonlocal left
        if not left:
            raise OSError(errno.ENOSPC, "No space left on device")
        count = write(descriptor, body[:left])
        left -= count
        return count

    with store.writing():
        monkeypatch.setattr(os, "write", full)
        with pytest.raises(OSError, match="No space"):
            store.put("c", bytes(range(64)))
        monkeypatch.undo()
        assert store.get("c") is None
        assert len(BlobStore(folder)) == 2
        store.put("d", b"four")
    for some in (store, BlobStore(folder)):
        assert [_content(some, key) for key in "abcd"] == [b"one", b"two", None, b"four"]
        assert some.damaged == 0


@settings(max_examples=40)
@given(cut=st.integers(0, 400), tail=st.binary(max_size=20))
def test_an_index_cut_anywhere_names_only_what_is_right(
    tmp_path_factory: pytest.TempPathFactory, cut: int, tail: bytes
) -> None:
    folder = tmp_path_factory.mktemp("store")
    blobs = {str(i): bytes([i]) * (i * 9 + 1) for i in range(6)}
    _filled(folder, **blobs)
    index = folder / INDEX
    index.write_bytes(index.read_bytes()[:cut] + tail)
    store = BlobStore(folder)
    for key, blob in blobs.items():
        assert _content(store, key) in (None, blob)
    with store.writing():
        for key, blob in blobs.items():
            if store.get(key) is None:
                store.put(key, blob)
    mended = BlobStore(folder)
    assert {key: _content(mended, key) for key in blobs} == blobs
    assert mended.damaged == 0


def test_bytes_that_changed_on_the_disk_count_as_none(folder: Path) -> None:
    store = _filled(folder, a=b"one", b=b"two")
    (segment,) = folder.glob("*.blobs")
    content = segment.read_bytes()
    segment.write_bytes(content.replace(b"one", b"eno"))
    store = BlobStore(folder)
    assert store.is_whole("a")
    assert _content(store, "a") is None
    assert not store.is_whole("a")
    assert _content(store, "b") == b"two"
    assert store.damaged == 1


def test_numbers_come_back_as_they_were(folder: Path) -> None:
    numbers = np.arange(999, dtype="<i2")
    store = BlobStore(folder)
    with store.writing():
        store.put("odd", b"x")
        store.put("a", numbers.view(np.uint8))
    blob = BlobStore(folder).get("a")
    assert blob is not None
    np.testing.assert_array_equal(blob.view("<i2"), numbers)
    assert blob.ctypes.data % 16 == 0
