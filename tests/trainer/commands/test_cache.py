"""`stremo-trainer cache`: sizes, clearing, and what is not ours."""

import json
from pathlib import Path
from typing import Any

import pytest

from trainer.__main__ import main
from trainer.commands import cache as cache_command
from trainer.contract.kept import AUDIO, FEATURES
from trainer.sound.blob_store import BlobStore


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This user's cache and hub, for the test only."""
    folder = tmp_path / "own"
    monkeypatch.setattr(cache_command, "_own_folder", lambda: folder)
    monkeypatch.setattr(cache_command.constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, size in ((AUDIO, 3_000_000), (FEATURES, 20_000)):
        store = BlobStore(tmp_path / "project" / "cache" / "trainer" / name)
        with store.writing():
            store.put("a", bytes(size))
    return tmp_path / "project"


def _json(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main(["cache", "--json", *words]) == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def test_the_stores_of_a_project_are_shown(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cache", "--cache", str(project)]) == 0
    audio, features = capsys.readouterr().out.splitlines()
    assert audio.split()[:4] == ["decoded", "audio", "3.0", "MB"]
    assert features.split()[:4] == ["acoustic", "features", "20", "kB"]


@pytest.mark.parametrize("within", ["", "cache", "cache/trainer"])
def test_a_project_and_its_cache_are_cleared_alike(
    within: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = _json(capsys, "--clear", "--cache", str(project / within))
    assert answer["freed"] > 3_020_000
    assert answer["kept"] == []
    assert main(["cache", "--clear", "--cache", str(project / within)]) == 0
    assert capsys.readouterr().out == "Cleared 0 bytes.\nNothing is kept here.\n"


def test_what_is_kept_for_the_user_is_cleared_and_models_of_the_hub_are_not(
    own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ours = [
        own / "transcripts" / "whisper-small-0123abcd.jsonl",
        own / "headers" / f"{'a' * 24}.json",
    ]
    theirs = [own / "transcripts" / "notes.txt", tmp_path / "hub" / "models--x" / "blobs" / "f00"]
    for file in (*ours, *theirs):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(bytes(1000))
    kept = {row["name"]: (row["bytes"], row["ours"]) for row in _json(capsys)["kept"]}
    assert kept == {
        "transcripts": (1000, True),
        "facts of corpora": (1000, True),
        "hub models": (1000, False),
    }
    answer = _json(capsys, "--clear")
    assert answer["freed"] == 2000
    assert [row["name"] for row in answer["kept"]] == ["hub models"]
    assert not any(file.exists() for file in ours)
    assert all(file.exists() for file in theirs)


def test_a_cache_in_use_is_left_alone(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with BlobStore(project / "cache" / "trainer" / AUDIO).writing():
        assert main(["cache", "--clear", "--cache", str(project)]) == 2
    assert "A trainer is at work" in capsys.readouterr().err
    assert len(_json(capsys, "--cache", str(project))["kept"]) == 2


def test_a_folder_that_is_none_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cache", "--cache", str(tmp_path / "none")]) == 2
    assert "There is no folder" in capsys.readouterr().err
