"""What the program remembers between two starts."""

from pathlib import Path

from stremo_studio.ui.application import Memory, load_memory


def test_memory_comes_back(tmp_path: Path) -> None:
    memory = Memory(theme="dark")
    memory.remember(tmp_path / "one")
    memory.save()
    assert load_memory() == memory


def test_the_last_project_comes_first_and_once() -> None:
    memory = Memory()
    for name in ("a", "b", "a"):
        memory.remember(Path(name))
    assert memory.recent == ["a", "b"]


def test_projects_that_are_gone_are_not_offered(tmp_path: Path) -> None:
    memory = Memory()
    here = tmp_path / "here"
    here.mkdir()
    (here / "project.db").touch()
    memory.remember(tmp_path / "gone")
    memory.remember(here)
    assert memory.recent_projects() == [here]


def test_a_damaged_memory_is_a_fresh_one(home: Path) -> None:
    Memory().save()
    file = next(home.rglob("memory.json"))
    file.write_text("{broken")
    assert load_memory() == Memory()
