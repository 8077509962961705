"""Small files, whole or not at all, and never in the place of something that is no file."""

import os
import stat
from pathlib import Path

import pytest

from trainer.contract.files import read_json_lines, write_json_lines, write_text_atomically


def test_a_pipe_or_a_device_is_never_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "out.csv")
    with pytest.raises(OSError, match="a folder or a device"):
        write_text_atomically(tmp_path / "out.csv", "text")
    assert stat.S_ISFIFO((tmp_path / "out.csv").stat().st_mode)
    assert len(list(tmp_path.iterdir())) == 1


def test_lines_are_read_back(tmp_path: Path) -> None:
    write_json_lines(tmp_path / "rows.jsonl", [{"a": "ä\n"}, [1]])
    assert list(read_json_lines(tmp_path / "rows.jsonl")) == [{"a": "ä\n"}, [1]]
