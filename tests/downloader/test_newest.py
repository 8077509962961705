"""The newest yt-dlp is used, wherever the user keeps it, and an old one is told."""

import sys
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest

from stremo_studio.downloader import newest
from stremo_studio.downloader.newest import Ytdlp, age_hint, newest_ytdlp, version_at

FAR = "2999.01.02"


def folder_with(place: Path, version: str = FAR) -> Path:
    (place / "yt_dlp").mkdir(parents=True)
    text = f"# generated\n__version__ = '{version}'\nVARIANT = None\n"
    (place / "yt_dlp" / "version.py").write_text(text)
    return place


def zipapp(path: Path, version: str = FAR) -> Path:
    """As the file `yt-dlp` of its releases: a line for the shell, then an archive."""
    archive = path.with_suffix(".zip")
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("yt_dlp/version.py", f"__version__ = '{version}'\n")
    path.write_bytes(b"#!/usr/bin/env python3\n" + archive.read_bytes())
    path.chmod(0o755)
    return path


@pytest.fixture(autouse=True)
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with nothing on it."""
    place = tmp_path / "bin"
    place.mkdir()
    monkeypatch.setenv("PATH", str(place))
    return place


def test_ours_is_used_where_there_is_no_other() -> None:
    found = newest_ytdlp()
    assert found is not None
    assert found.place is None
    assert found.released is not None


def test_a_newer_one_that_is_named_is_used(tmp_path: Path) -> None:
    assert newest_ytdlp(str(folder_with(tmp_path / "f"))) == Ytdlp(FAR, tmp_path / "f")
    assert newest_ytdlp(str(zipapp(tmp_path / "z"))) == Ytdlp(FAR, tmp_path / "z")


def test_an_older_one_is_not(tmp_path: Path) -> None:
    found = newest_ytdlp(str(folder_with(tmp_path / "f", "2021.01.02")))
    assert found is not None
    assert found.place is None


@pytest.mark.skipif(sys.platform == "win32", reason="PATH works with suffixes there")
def test_a_newer_one_on_path_is_used(path: Path) -> None:
    assert newest_ytdlp() != Ytdlp(FAR, zipapp(path / "yt-dlp"))
    assert newest_ytdlp() == Ytdlp(FAR, path / "yt-dlp")


@pytest.mark.skipif(sys.platform == "win32", reason="environments lie elsewhere there")
def test_the_environment_of_a_script_on_path_is_used(path: Path, tmp_path: Path) -> None:
    packages = folder_with(tmp_path / "env" / "lib" / "python3.12" / "site-packages")
    script = path / "yt-dlp"
    script.write_text(f"#!{tmp_path}/env/bin/python\nimport sys\n")
    script.chmod(0o755)
    assert newest_ytdlp() == Ytdlp(FAR, packages)


@pytest.mark.parametrize("content", [b"", b"\x7fELF", b"#!", b"PK\x03\x04broken"])
def test_what_is_no_yt_dlp_is_left_alone(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    assert version_at(tmp_path / "x") is None
    found = newest_ytdlp(str(tmp_path / "x"))
    assert found is not None
    assert found.place is None
    assert newest_ytdlp(str(tmp_path / "missing")) == found


def test_without_any_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(newest, "find_spec", lambda _: None)
    assert newest_ytdlp() is None


@pytest.mark.parametrize(("days", "told"), [(0, False), (60, False), (61, True), (400, True)])
def test_one_older_than_two_months_is_told_with_the_command(days: int, told: bool) -> None:
    hint = age_hint(Ytdlp("2026.10.26"), date(2026, 10, 26) + timedelta(days=days))
    assert bool(hint) is told
    assert "\n" not in hint
    assert not told or f"{days} days old" in hint
    assert not told or "pip install --upgrade yt-dlp" in hint


def test_a_zipapp_updates_itself(tmp_path: Path) -> None:
    place = zipapp(tmp_path / "yt-dlp", "2020.01.01")
    assert age_hint(Ytdlp("2020.01.01", place), date(2026, 1, 1)).endswith(f'"{place}" -U')
