"""How many cores and how much memory this process may use. Without torch: exports need it, too."""

import os
import re
from contextlib import suppress
from pathlib import Path

_UNKNOWN = 8 << 30
_QUOTAS = ("/sys/fs/cgroup/cpu.max", "/sys/fs/cgroup/cpu/cpu.cfs_quota_us")


def usable_cores() -> int:
    """As granted: a container may have two of sixty-four."""
    granted = (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    for file in map(Path, _QUOTAS):
        try:
            quota = granted_by(file.read_text(), file.with_name("cpu.cfs_period_us"))
        except (OSError, ValueError):
            continue
        granted = min(granted, quota or granted)
    return max(1, granted)


def granted_by(quota: str, period_file: Path) -> int | None:
    """Cores, rounded up, of a control group's quota (`200000 100000`, or its first number with
    the period in a file of its own); None when it sets no limit."""
    time, _, period = quota.strip().partition(" ")
    if time in ("max", "-1"):
        return None
    return -(-int(time) // int(period or period_file.read_text()))


def free_memory(facts: Path = Path("/proc/meminfo")) -> int:
    """Bytes of main memory that programs can have without swapping; 8 GB where nothing says it."""
    with suppress(OSError):
        found = re.search(r"^MemAvailable:\s+(\d+) kB", facts.read_text(), re.MULTILINE)
        if found:
            return int(found[1]) * 1024
    return _UNKNOWN
