"""The files of the project speak of the project only."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOME_PATH = re.compile(r"(?<![\w.$}/])/(?:home|Users|root|work|workspace)/\w+")
UNFINISHED = re.compile(r"coming soon|lorem ipsum|\bFIXM[E]\b|\bTOD[O]\b|\bXX[X]\b")


def tracked_texts() -> dict[str, str]:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    ).stdout.decode()
    texts = {}
    for name in filter(None, listed.split("\0")):
        content = (ROOT / name).read_bytes() if (ROOT / name).is_file() else b""
        if b"\0" not in content:
            texts[name] = content.decode("utf-8")
    return texts


def test_no_file_names_a_folder_of_someones_machine() -> None:
    found = {name: HOME_PATH.findall(text) for name, text in tracked_texts().items()}
    assert {name: paths for name, paths in found.items() if paths} == {}


def test_nothing_is_promised_for_later() -> None:
    ours = Path(__file__).relative_to(ROOT).as_posix()
    found = {n: UNFINISHED.findall(text) for n, text in tracked_texts().items() if n != ours}
    assert {name: words for name, words in found.items() if words} == {}
