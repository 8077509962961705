"""How long a run will take here, before it starts; and what it knows from the run before.

A guess: from the last run of the same recipe and model where there was one, else from rates taken
on two cores. Nothing is computed, no torch is asked, so the answer costs a file or two.
"""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from stremo_studio.domain.clip import Clip
from stremo_studio.domain.run import Run
from stremo_studio.domain.wording import counted
from stremo_studio.project.project import Project
from trainer.contract.config import TINY, RunConfig
from trainer.contract.errors import TrainerError
from trainer.contract.manifest import read_manifest
from trainer.contract.run_folder import FINISHED

_ACOUSTIC, _TINY, _BASE, _LARGE, _CARD = 0.01, 0.02, 0.12, 0.35, 0.005
"""Seconds that a second of sound takes to be heard once: by acoustic features, three sizes of
HuBERT on two cores, and a large one on a graphics card."""
_EPOCH, _TINY_EPOCH = 2.5, 0.25
"""What an epoch of fine-tuning takes of that, backwards too but without the convolutions, which
run once and are most of a tiny network."""
_LEAST_S = 5.0
_PATIENCE_S = 3600.0
"""Beyond this, fine-tuning without a graphics card is warned of."""


@dataclass(frozen=True, slots=True)
class Outlook:
    seconds: float
    sentence: str
    warning: str
    """What would be wiser; empty when nothing would."""


def outlook(project: Project, config: RunConfig, clips: Sequence[Clip]) -> Outlook:
    """How long a run over these clips will take."""
    before = _run_alike(project, config)
    heard = snapshot(project, before) if before else {}
    seconds = _seconds(config, clips, heard)
    if config.recipe == "finetune" and before and heard:
        result = project.run_folder(before).read_result() or {}
        seconds = float(result.get("seconds", seconds)) * len(clips) / len(heard)
    seconds = max(seconds, _LEAST_S)
    warning = ""
    if config.recipe == "finetune" and seconds > _PATIENCE_S and not has_graphics_card():
        probe = _duration(_sound(clips) * _rate(config.model))
        warning = (
            f"Without a graphics card fine-tuning takes {_duration(seconds)}. The probe of the "
            f"same model takes {probe} once, and seconds from then on."
        )
    known = sum(str(clip.id) in heard for clip in clips) if config.recipe != "finetune" else 0
    told = f", as {counted(known, 'clip')} were heard before" if known else ""
    return Outlook(seconds, f"Takes {_duration(seconds)} on this computer{told}.", warning)


def has_graphics_card() -> bool:
    """Whether the trainer is likely to find one: there is a driver, and torch is made for it."""
    try:
        made_for_cpu = version("torch").endswith("+cpu")
    except PackageNotFoundError:  # in another environment, or a frozen build
        made_for_cpu = False
    return not made_for_cpu and shutil.which("nvidia-smi") is not None


def snapshot(project: Project, run: Run) -> dict[str, str | None]:
    """The labels that a run learnt from, by clip id; empty when its folder is gone."""
    manifest = project.run_folder(run).manifest_file
    try:
        return _labels(manifest, manifest.stat().st_mtime_ns)
    except (TrainerError, OSError, ValueError):
        return {}


@lru_cache(maxsize=4)
def _labels(manifest: Path, _changed_ns: int) -> dict[str, str | None]:
    """A manifest is never rewritten, and the preflight asks after every key."""
    return {clip.clip_id: clip.label for clip in read_manifest(manifest)}


def _run_alike(project: Project, config: RunConfig) -> Run | None:
    """The newest finished run of the same recipe and model."""
    for run in project.runs():
        if run.recipe != config.recipe:
            continue
        folder = project.run_folder(run)
        try:
            if folder.status() == FINISHED and folder.read_config().model == config.model:
                return run
        except (TrainerError, OSError, ValueError):  # deleted, or of a newer version
            continue
    return None


def _seconds(config: RunConfig, clips: Sequence[Clip], heard: dict[str, str | None]) -> float:
    if config.recipe == "finetune":
        epoch = _TINY_EPOCH if config.model == TINY else _EPOCH
        return _sound(clips) * _rate(config.model) * (1 + epoch * config.finetune.epochs)
    new = _sound([clip for clip in clips if str(clip.id) not in heard])
    return new * (_ACOUSTIC if config.recipe == "acoustic" else _rate(config.model))


def _sound(clips: Sequence[Clip]) -> float:
    return sum(clip.duration for clip in clips)


def _rate(model: str) -> float:
    if model == TINY:
        return _TINY
    if has_graphics_card():
        return _CARD
    cores = min(os.cpu_count() or 2, 8)
    return (_BASE if "base" in model.lower() else _LARGE) * 2 / cores


def _duration(seconds: float) -> str:
    """`a few seconds`, `about 40 seconds`, `about 3 minutes`, `about 2 hours`."""
    if seconds < 15:
        return "a few seconds"
    if seconds < 90:
        return f"about {round(seconds, -1):.0f} seconds"
    if seconds < 5400:
        return f"about {seconds / 60:.0f} minutes"
    return f"about {seconds / 3600:.0f} hours"
