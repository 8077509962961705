"""With what a report was made: so that a reader can make it again, and see what was chosen."""

import csv
import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from io import StringIO
from pathlib import Path
from typing import Any

from trainer.contract.files import write_text_atomically
from trainer.contract.manifest import manifest_hash
from trainer.procedure.cells import Cell
from trainer.procedure.clips import Loaded
from trainer.procedure.grid import Plan
from trainer.procedure.mosei import CLEANING


def environment(
    plan: Plan, loaded: Loaded, cells: Sequence[Cell], results: Sequence[Mapping[str, Any]]
) -> dict[str, str]:
    """Facts by name. Raises RuntimeError when cells of one seed began with other weights."""
    starts = _starting_weights(cells, results)
    told = (finding for entry in loaded.audit for finding in entry["findings"])
    cleaning = [finding["message"] for finding in told if finding["rule"] == CLEANING]
    return {
        "Preset": json.dumps(asdict(plan.preset), ensure_ascii=False),
        "Model": plan.model,
        "CMU-MOSEI": cleaning[0] if cleaning else "Not found.",
        "Epochs, patience": f"{plan.epochs}, {plan.patience}",
        "Seeds": ", ".join(map(str, plan.preset.seeds)),
        "Python": platform.python_version(),
        "Libraries": ", ".join(f"{k} {v}" for k, v in results[0]["versions"].items()),
        "Device": ", ".join(sorted({str(r["device"]) for r in results})),
        "Data": manifest_hash(loaded.clips),
        "Encoder at the start of every fine-tuned cell, by seed": ", ".join(starts),
        "Cells": " ".join(cell.address for cell in cells),
    }


def write_environment(facts: Mapping[str, str], path: Path) -> None:
    """As a CSV beside the tables."""
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows([("name", "value"), *facts.items()])
    write_text_atomically(path, text.getvalue())


def _starting_weights(cells: Sequence[Cell], results: Sequence[Mapping[str, Any]]) -> list[str]:
    """One hash a seed (only random weights depend on it): another one would mean that something
    was carried over from fold to fold."""
    starts: dict[int, str] = {}
    for cell, result in zip(cells, results, strict=True):
        weights = result.get("starting_weights")
        if weights and starts.setdefault(cell.config.seed, weights) != weights:
            raise RuntimeError(f"{cell.name} did not start from the checkpoint's weights")
    return list(dict.fromkeys(starts.values()))
