"""A file in its place is whole and known, whenever the process was killed on the way."""

from pathlib import Path

import pytest

from stremo_studio.domain.source import SourceFacts
from stremo_studio.downloader.shelf import Shelf, sha256_of

SOUND = b"sound" * 100


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "media")


def checked(shelf: Shelf, name: str) -> tuple[Path, SourceFacts]:
    """A file that was downloaded and checked."""
    part = shelf.parts(name) / "track-1"
    part.write_bytes(SOUND)
    return part, SourceFacts("A title", size=len(SOUND), sha256=sha256_of(part))


def test_a_placed_file_is_found_with_its_facts(shelf: Shelf) -> None:
    part, facts = checked(shelf, "a")
    assert shelf.find("a") is None
    path = shelf.place(part, "a", "webm", facts)
    assert path.name == "a.webm"
    assert shelf.find("a") == (path, facts)
    assert list((shelf.folder / ".parts").iterdir()) == []


def test_killed_between_the_facts_and_the_move_it_is_finished(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    part, facts = checked(shelf, "a")
    with monkeypatch.context() as killed:
        killed.setattr(Path, "replace", _die)
        with pytest.raises(KeyboardInterrupt):
            shelf.place(part, "a", "webm", facts)
    assert shelf.find("a") is None  # the facts were not moved in either

    def die_second(self: Path, target: Path) -> Path:
        if target.suffix == ".webm":
            raise KeyboardInterrupt
        return original(self, target)

    original = Path.replace
    with monkeypatch.context() as killed:
        killed.setattr(Path, "replace", die_second)
        with pytest.raises(KeyboardInterrupt):
            shelf.place(part, "a", "webm", facts)
    found = shelf.find("a")
    assert found == (shelf.folder / "a.webm", facts)
    assert found[0].read_bytes() == SOUND


@pytest.mark.parametrize("content", [b"", SOUND[:-1], b"x" * len(SOUND)])
def test_a_part_that_is_another_one_is_not_taken(shelf: Shelf, content: bytes) -> None:
    part, facts = checked(shelf, "a")
    path = shelf.place(part, "a", "webm", facts)
    path.unlink()
    (shelf.parts("a") / "track-1").write_bytes(content)
    assert shelf.find("a") is None


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"file": 3}', '{"file":"a","part":"b","facts":7}']
)
def test_facts_that_cannot_be_read_are_none(shelf: Shelf, text: str) -> None:
    shelf.folder.mkdir()
    (shelf.folder / "a.json").write_text(text)
    assert shelf.find("a") is None


def test_a_removed_file_is_fetched_again(shelf: Shelf) -> None:
    part, facts = checked(shelf, "a")
    shelf.place(part, "a", "webm", facts).unlink()
    assert shelf.find("a") is None


def _die(*_: object) -> None:
    raise KeyboardInterrupt
