"""How many cores this process may keep busy. Without torch: an exported network needs it, too."""

import os
from pathlib import Path

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
