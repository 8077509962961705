"""The life of a run, from a folder that says what to do to a folder that says what came of it.

    config.json, manifest.jsonl -> prepare -> split -> fit -> evaluate -> predictions, result.json

`result.json` is written last: a folder without one was interrupted and may be run again. A training
that left a state to go on from is resumed then, any other starts over.
"""

import faulthandler
import os
import platform
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from shutil import rmtree
from typing import Any, BinaryIO

from filelock import Timeout

from trainer.contract import protocol
from trainer.contract.errors import TrainerError
from trainer.contract.labels import CLASSES
from trainer.contract.manifest import manifest_hash
from trainer.contract.run_folder import (
    CANCELLED,
    FAILED,
    FINISHED,
    INTERRUPTED,
    STOPPED,
    RunFolder,
)
from trainer.faults import worlds_fault
from trainer.prediction.predictions import assess
from trainer.recipes.recipe import RunContext
from trainer.recipes.registry import make_recipe
from trainer.reporter import Reporter, keep_stdout
from trainer.sampling import split_clips
from trainer.training.follower import follow
from trainer.training.ranks import ALONE, Ranks, joined
from trainer.training.wishes import RunEnded, Wishes, stdin_bytes

EXIT_CODES = {FINISHED: 0, STOPPED: 0, FAILED: 2, CANCELLED: 3, INTERRUPTED: 4}
BUG = "bug"
TAKEN = "taken"
"""Code of the error for a run that is over or that another trainer is at work on."""
LIBRARIES = ("numpy", "torch", "torchaudio", "transformers", "scikit-learn")
_REASONS_SHOWN = 3


def run_folder(path: Path, studio: bool = False) -> int:
    """Carry out the run in `path`; returns the exit code.

    Raises TrainerError, leaving the folder as it is, when there is no run to begin: no such
    folder, another trainer at work in it, or a result already there.
    """
    folder = RunFolder(path)
    stream = keep_stdout()
    ranks = joined()
    try:
        if ranks.index:
            return EXIT_CODES[follow(folder, ranks)]
        with begun(folder):
            return _report(folder, stream, studio, ranks)
    except Exception as error:
        fault = worlds_fault(error, folder.path)
        if fault is None:
            raise
        if studio:
            failed = protocol.RunFailed(fault.code, fault.message, fault.hint)
            stream.write((protocol.encode(failed) + "\n").encode())
            stream.flush()
        raise fault from error


@contextmanager
def begun(folder: RunFolder) -> Iterator[None]:
    """Hold the folder, and clear away what an interrupted attempt left, unless it can be resumed:
    then its metrics and checkpoints stay."""
    if not folder.config_file.is_file():
        raise TrainerError(
            f"{folder.path} is no run folder.", "Name a folder that holds config.json."
        )
    try:
        lock = folder.lock().acquire(timeout=0)
    except Timeout as error:
        raise TrainerError(
            f"Another trainer is at work in {folder.path}.", "Wait for it or end it.", TAKEN
        ) from error
    with lock:
        if folder.read_result() is not None:
            raise TrainerError(
                f"The run in {folder.path} is over: {folder.status()}.", "Start a new run.", TAKEN
            )
        folder.predictions_file.unlink(missing_ok=True)
        folder.embeddings_file.unlink(missing_ok=True)
        if not folder.resume_points():
            folder.metrics_file.unlink(missing_ok=True)
            rmtree(folder.checkpoints, ignore_errors=True)
        yield


def _report(folder: RunFolder, stream: BinaryIO, studio: bool, ranks: Ranks) -> int:
    """Run with everything connected that hears or speaks."""
    wishes = Wishes()
    wishes.listen(stdin_bytes(), studio)
    heard = studio or not stream.isatty()
    with Reporter(
        folder, stream if heard else None, None if studio else sys.stderr, wishes.leave
    ) as reporter:
        if studio:
            os.dup2(reporter.log_descriptor, 2)
            os.dup2(2, 1)
            faulthandler.enable()
        return carry_out(folder, reporter, wishes, ranks)


def carry_out(folder: RunFolder, reporter: Reporter, wishes: Wishes, ranks: Ranks = ALONE) -> int:
    """Do it, and write down how it ended, whatever happens on the way; returns the exit code."""
    began = time.monotonic()
    result: dict[str, Any] = {
        "status": FAILED,
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": _versions(),
        "processes": ranks.count,
        "error": None,
    }
    code = 0
    try:
        result["status"] = _train(folder, reporter, wishes, result, ranks)
        code = EXIT_CODES[result["status"]]
    except RunEnded as ended:
        result["status"] = ended.status
        code = EXIT_CODES[ended.status]
    except Exception as error:  # noqa: BLE001 - the top of the process: nothing may be lost
        fault = worlds_fault(error, folder.path)
        if fault is None:
            reporter.log(traceback.format_exc())
            fault = TrainerError(
                f"The trainer met a bug: {type(error).__name__}: {error}.",
                f"{folder.log_file} has the details for a report.",
                BUG,
            )
        code = 1 if fault.code == BUG else 2
        result["error"] = {"code": fault.code, "message": fault.message, "hint": fault.hint}
    result["seconds"] = round(time.monotonic() - began, 3)
    _end(folder, reporter, result)
    return code


def _end(folder: RunFolder, reporter: Reporter, result: dict[str, Any]) -> None:
    """The record first, then the event: whoever hears of the end finds it in the folder."""
    if result["status"] == INTERRUPTED:
        if folder.config_file.exists():
            onward = "go on where it was" if folder.resume_points() else "start over"
            reporter.warn("The run was interrupted.", f"Run the folder again to {onward}.")
        return
    try:
        folder.write_result(result)
    except OSError as error:
        reporter.log(f"result.json could not be written: {error}")
    else:
        rmtree(folder.resume_folder, ignore_errors=True)
    if result["error"]:
        reporter.send(protocol.RunFailed(**result["error"]))
    else:
        reporter.send(protocol.RunFinished(result["status"]))


def _train(
    folder: RunFolder, reporter: Reporter, wishes: Wishes, result: dict[str, Any], ranks: Ranks
) -> str:
    """The run proper. Fills `result`; returns the status it ends with."""
    reporter.send(protocol.Hello(protocol.PROTOCOL, result["versions"], _machine()))
    reporter.send(protocol.StageProgressed("Start", 0, 0, ""))
    config, manifest = folder.read_config(), folder.read_manifest()
    result.update(recipe=config.recipe, manifest_hash=manifest_hash(manifest))
    cache = Path(config.cache) if config.cache else folder.path / "cache"
    run = RunContext(folder, config, cache, reporter, wishes, ranks)
    recipe = make_recipe(config)
    result.update(model=recipe.model, note=recipe.note, device=recipe.device)

    labelled = [clip for clip in manifest if clip.label in CLASSES]
    only_to_predict = [clip for clip in manifest if clip.label is None]
    unusable = {
        clip.clip_id: f"{clip.label!r} is no class"
        for clip in manifest
        if clip.label is not None and clip.label not in CLASSES
    }
    unusable |= recipe.prepare([*labelled, *only_to_predict], run)
    result.update(left_out=ranks.told(unusable), device=recipe.device)
    _warn_of(unusable, len(manifest), reporter)

    data = split_clips(
        [c for c in labelled if c.clip_id not in unusable], config.split, config.seed
    )
    counts = {split: dict(Counter(str(c.label) for c in clips)) for split, clips in data.items()}
    result["counts"] = counts
    result["splits"] = {name: sorted({c.group for c in clips}) for name, clips in data.items()}
    reporter.send(
        protocol.RunStarted(config.recipe, recipe.model, counts, recipe.note, recipe.device)
    )
    recipe.fit(data.train, data.dev, run)
    result.update(run.facts)
    result.update(starting_weights=recipe.starting_weights, layer_weights=[*recipe.layer_weights])
    stopped = wishes.stop_wished
    unlabelled = [c for c in only_to_predict if c.clip_id not in unusable]
    result.update(assess(data, unlabelled, recipe, run))
    result["checkpoint"] = folder.hash_checkpoint()
    return STOPPED if stopped else FINISHED


def _warn_of(unusable: Mapping[str, str], total: int, reporter: Reporter) -> None:
    """Say how many clips were left out and why; the whole list goes to the log."""
    if not unusable:
        return
    for clip_id, reason in unusable.items():
        reporter.log(f"Left out clip {clip_id}: {reason}")
    reasons = Counter(unusable.values()).most_common()
    shown = [f"{reason.rstrip('.')} ({count})" for reason, count in reasons[:_REASONS_SHOWN]]
    if len(reasons) > _REASONS_SHOWN:
        shown.append(f"and {len(reasons) - _REASONS_SHOWN} more reasons in run.log")
    reporter.warn(f"{len(unusable)} of {total} clips are left out: {'; '.join(shown)}.")


def _versions() -> dict[str, str]:
    """Read from the packages' records: importing torch to ask it takes seconds."""
    found = {"python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # a frozen build carries no records of some
            continue
    return found


def _machine() -> str:
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
