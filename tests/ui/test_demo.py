"""The program plays itself, in a process of its own, as `make run` does without a display."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
def test_the_demo_plays_the_whole_loop_and_leaves_a_report_that_adds_up(tmp_path: Path) -> None:
    bare = {k: v for k, v in os.environ.items()
            if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}  # fmt: skip
    ended = subprocess.run(
        [sys.executable, "-m", "stremo_studio"],
        capture_output=True, text=True, cwd=tmp_path, env=bare, timeout=110,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr + ended.stdout
    assert ended.stdout.startswith("There is no display")
    out = tmp_path / "demo-out"
    pictures = sorted(file.name for file in out.glob("*.png"))
    assert [name[0] for name in pictures] == list("12345678")
    report = (out / "report.html").read_text(encoding="utf-8")
    runs = re.findall(r"(\d+) test clips of \d+ speakers; the matrix adds up to (\d+)", report)
    assert len(runs) == 2
    assert all(clips == total for clips, total in runs)


def test_a_demo_that_cannot_write_ends_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    ended = subprocess.run(
        [sys.executable, "-m", "stremo_studio", "--headless-demo", str(tmp_path / "file" / "x")],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert ended.returncode == 1
    assert ended.stderr.startswith("The demo failed: ")
    assert "Traceback" not in ended.stderr
