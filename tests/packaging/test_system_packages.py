"""What is missing is named, installed where that is allowed, and otherwise one command away."""

import sys
from pathlib import Path

import pytest
import system_packages
from progress import SetupError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Debian packages are for Linux")

EXACT = "sudo apt-get update && sudo apt-get install -y libegl1 libportaudio2"


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty PATH but for what a test puts there; not root."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "env").symlink_to("/usr/bin/env")
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("CALLS", str(tmp_path / "calls"))
    monkeypatch.setattr(system_packages.os, "geteuid", lambda: 1000)
    return folder


def write_tool(folder: Path, name: str, script: str) -> None:
    tool = folder / name
    tool.write_text(f'#!/bin/sh\nprintf "%s\\n" "$*" >> "$CALLS"\n{script}\n')
    tool.chmod(0o755)


def test_a_library_that_loads_is_not_missing_and_one_that_does_not_is_named() -> None:
    libraries = {"libc.so.6": "libc6", "libnowhere.so.9": "libnowhere9"}
    assert system_packages.missing_libraries(libraries) == ["libnowhere9"]


def test_without_permission_the_one_exact_command_is_said(tools: Path) -> None:
    write_tool(tools, "apt-get", "exit 0")
    write_tool(tools, "sudo", "exit 1")
    with pytest.raises(SetupError) as refused:
        system_packages.provide(["libegl1"], ["libportaudio2"])
    assert EXACT in str(refused.value).splitlines()[2]


def test_a_wanted_package_never_stops_the_set_up(
    tools: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_tool(tools, "apt-get", "exit 0")
    system_packages.provide([], ["libportaudio2"])
    assert "sudo apt-get install -y libportaudio2" in capsys.readouterr().out


def test_a_system_without_apt_is_told_the_names(tools: Path) -> None:
    with pytest.raises(SetupError, match=r"what your system calls libegl1, libgl1"):
        system_packages.provide(["libegl1", "libgl1"], [])


def test_root_installs_without_fetching_package_lists(
    tools: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system_packages.os, "geteuid", lambda: 0)
    write_tool(tools, "apt-get", "exit 0")
    system_packages.provide(["libegl1"], [])
    (call,) = calls(tools)
    assert call == "-qq install -y --no-remove --no-install-recommends libegl1"


def test_package_lists_are_fetched_when_apt_does_not_know_a_package(tools: Path) -> None:
    write_tool(tools, "sudo", 'shift; [ "$1" = true ] || exec "$@"')
    write_tool(
        tools,
        "apt-get",
        'case "$*" in *update*) : > "$CALLS.updated";; *) [ -e "$CALLS.updated" ];; esac',
    )
    system_packages.provide(["libegl1"], [])
    tasks = [call.split()[1] for call in calls(tools) if call.startswith("-qq")]
    assert tasks == ["install", "update", "install"]


def test_apts_own_words_are_shown_when_it_fails(
    tools: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(system_packages.os, "geteuid", lambda: 0)
    write_tool(tools, "apt-get", "echo 'E: Could not get lock' >&2; exit 100")
    with pytest.raises(SetupError):
        system_packages.provide(["libegl1"], [])
    assert "E: Could not get lock" in capsys.readouterr().out


def calls(tools: Path) -> list[str]:
    return (tools.parent / "calls").read_text().splitlines()
