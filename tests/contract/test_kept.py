"""What is kept is measured and cleared, and nothing else is touched."""

from pathlib import Path

import pytest

from trainer.blob_store import BlobStore
from trainer.contract.kept import AUDIO, FEATURES, StoreInUseError, clear, kept_in


def _fill(cache: Path) -> None:
    for name, size in ((AUDIO, 5000), (FEATURES, 300)):
        store = BlobStore(cache / name)
        with store.writing():
            store.put("a", bytes(size))


def _all(folder: Path) -> set[str]:
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}


def test_every_store_is_measured(tmp_path: Path) -> None:
    assert kept_in(tmp_path / "none") == []
    _fill(tmp_path)
    audio, features = kept_in(tmp_path)
    assert (audio.name, features.name) == (AUDIO, FEATURES)
    assert 5000 < audio.bytes < 5200
    assert 300 < features.bytes < 500
    on_disk = sum(p.stat().st_size for p in tmp_path.rglob("*") if p.is_file())
    assert audio.bytes + features.bytes == on_disk


def test_clearing_takes_only_what_a_store_wrote(tmp_path: Path) -> None:
    _fill(tmp_path)
    foreign = {"mine.txt", "audio/notes.txt", "audio/deadbeef.blobs.bak", "voices/0.wav"}
    foreign |= {"audio/sub/0123456789abcdef.blobs", "voices/0123456789abcdef.blobs"}
    for name in foreign:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("mine")
    free = clear(tmp_path)
    assert free > 5300
    assert _all(tmp_path) - foreign <= {"audio/lock", "features/lock"}
    assert foreign <= _all(tmp_path)
    assert kept_in(tmp_path) == []
    _fill(tmp_path)
    assert len(kept_in(tmp_path)) == 2


def test_a_store_that_is_being_filled_is_not_cleared(tmp_path: Path) -> None:
    _fill(tmp_path)
    before = _all(tmp_path)
    with BlobStore(tmp_path / AUDIO).writing(), pytest.raises(StoreInUseError):
        clear(tmp_path)
    assert before <= _all(tmp_path)
