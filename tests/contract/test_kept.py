"""What is kept is measured and cleared, and nothing else is touched."""

from pathlib import Path

import pytest

from trainer.contract.kept import AUDIO, FEATURES, StoreInUseError, clear, kept_in, size_words
from trainer.sound.blob_store import BlobStore


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


@pytest.mark.parametrize("filled", [AUDIO, FEATURES])
def test_nothing_is_cleared_while_one_is_being_filled(filled: str, tmp_path: Path) -> None:
    _fill(tmp_path)
    before = _all(tmp_path)
    with BlobStore(tmp_path / filled).writing(), pytest.raises(StoreInUseError):
        clear(tmp_path)
    assert before <= _all(tmp_path)


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (12_345, "12 kB"),
        (999_999, "1.0 MB"),
        (85_300_000, "85.3 MB"),
        (123_400_000, "123 MB"),
        (1_234_000_000, "1.2 GB"),
        (9_900_000_000_000_000, "9900 TB"),
    ],
)
def test_sizes_are_said_as_disks_are_sold(size: int, words: str) -> None:
    assert size_words(size) == words
