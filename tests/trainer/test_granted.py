"""No more cores and memory than we are granted."""

import os
from pathlib import Path

from trainer.granted import free_memory, granted_by, usable_cores


def test_a_quota_grants_whole_cores(tmp_path: Path) -> None:
    period = tmp_path / "cpu.cfs_period_us"
    period.write_text("100000\n")
    assert granted_by("max 100000\n", period) is None
    assert granted_by("-1\n", period) is None
    assert granted_by("250000 100000\n", period) == 3
    assert granted_by("50000\n", period) == 1


def test_no_more_cores_are_used_than_there_are() -> None:
    assert 1 <= usable_cores() <= (os.cpu_count() or 1)


def test_free_memory_is_what_the_system_says(tmp_path: Path) -> None:
    said = tmp_path / "meminfo"
    said.write_text("MemTotal:  24000000 kB\nMemFree: 10 kB\nMemAvailable:   2048 kB\n")
    assert free_memory(said) == 2 << 20
    assert free_memory(tmp_path / "none") == free_memory(tmp_path) == 8 << 30
    said.write_text("rubbish")
    assert free_memory(said) == 8 << 30
