"""The entry file: what it says on a Python that is too old, and what it does when misused."""

import ast
import subprocess
import sys
from pathlib import Path

import bootstrap
import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "packaging" / "bootstrap.py"


def test_the_entry_file_parses_on_pythons_that_are_too_old() -> None:
    ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 6))


def test_a_python_that_is_too_old_gets_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 8, 10))
    monkeypatch.setattr(bootstrap, "NEWER", ("python-that-is-not-there",))
    assert bootstrap.main(["run"]) == 1
    said = capsys.readouterr().err.strip()
    assert said.startswith("StrEmo Studio needs Python 3.11 or newer, and this is Python 3.8:")
    assert "\n" not in said


def test_an_old_python_hands_over_to_a_newer_one(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 8, 10))
    monkeypatch.setattr(bootstrap, "NEWER", ("python-that-is-not-there", sys.executable))
    assert bootstrap.main(["--help"]) == 0
    assert "usage:" in capfd.readouterr().out


@pytest.mark.parametrize("words", [[], ["fly"]])
def test_an_unknown_task_prints_the_usage_and_exits_2(words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr.startswith("usage: python3 packaging/bootstrap.py TASK")
