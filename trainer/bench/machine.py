"""What figures were measured with: a figure without its machine says little."""

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import torch

from trainer.run import LIBRARIES

_ROOT = Path(__file__).resolve().parents[2]


def describe_machine() -> dict[str, Any]:
    """Names and numbers for the head of a table, and for JSON."""
    card = torch.cuda.get_device_name() if torch.cuda.is_available() else None
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "card": card,
        "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        "version": _product(),
        "libraries": {"python": platform.python_version(), **_libraries()},
    }


def in_words(machine: dict[str, Any]) -> str:
    """What it is, what it measures with, and whether it had other things to do."""
    libraries = ", ".join(f"{name} {number}" for name, number in machine["libraries"].items())
    card = f", {machine['card']}" if machine["card"] else ""
    lines = [
        f"{machine['processor']}, {machine['cores']} cores{card}, {machine['system']}",
        f"stremo-trainer {machine['version']}, {libraries}",
    ]
    if (machine["load"] or 0) > machine["cores"] / 2:
        lines.append(f"The machine was busy with other things (load {machine['load']:g}): rough.")
    return "\n".join(lines)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())


def _product() -> str:
    """The commit where this is a checkout, otherwise the installed version."""
    if (_ROOT / ".git").exists():
        asked = ["git", "-C", str(_ROOT), "describe", "--always", "--dirty"]
        try:
            told = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=10)
            return told.stdout.strip()
        except (OSError, subprocess.SubprocessError):
            pass
    return _version("stremo-studio") or "unknown"


def _libraries() -> dict[str, str]:
    return {name: found for name in LIBRARIES if (found := _version(name))}


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
