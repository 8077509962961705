"""`stremo-trainer bench`: how fast this machine is with this model, and beside what people use."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory

from trainer.bench import evaluation, finetune, padding, probe
from trainer.bench.machine import describe_machine, in_words
from trainer.bench.measure import Measure, table
from trainer.bench.workload import Workload, prepare
from trainer.contract.errors import TrainerError

PARTS: dict[str, Callable[[Workload], Iterator[Measure]]] = {
    "finetune": finetune.measure,
    "padding": padding.measure,
    "evaluation": evaluation.measure,
    "probe": probe.measure,
}
INTERRUPTED = 130


def bench(parts: Sequence[str], model: str | None, quick: bool, as_json: bool) -> int:
    """Measure, and print what was measured, also when it is broken off. Returns the exit code.

    Raises TrainerError for an unknown part, and when the model cannot be had."""
    chosen = _chosen(parts)
    machine = describe_machine()
    measures: list[Measure] = []
    code, measured_with = 0, ""
    try:
        with TemporaryDirectory(prefix="stremo-bench-") as name, redirect_stdout(sys.stderr):
            work = prepare(Path(name), model, quick)
            measured_with = work.in_words()
            for measure in run(chosen, work):
                measures.append(measure)
    except KeyboardInterrupt:
        print("Broken off: this is what was measured.", file=sys.stderr)
        code = INTERRUPTED
    if as_json:
        figures = [measure.to_json() for measure in measures]
        told = {"machine": machine, "workload": measured_with, "quick": quick, "measures": figures}
        print(json.dumps(told, indent=1))
    else:
        print(f"{in_words(machine)}\n{measured_with}\n\n{table(measures)}")
    return code


def run(parts: Sequence[str], work: Workload) -> Iterator[Measure]:
    """The measures of these parts, one by one."""
    for part in parts:
        print(f"Measuring {part} …", file=sys.stderr, flush=True)
        yield from PARTS[part](work)


def _chosen(parts: Sequence[str]) -> Sequence[str]:
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        raise TrainerError(
            f"There is nothing called {unknown[0]!r} to measure.",
            f"Choose from {', '.join(PARTS)}.",
        )
    return parts or list(PARTS)
