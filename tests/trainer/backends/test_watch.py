"""Waiting for runs: told from their folders, to the end of all of them."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from trainer.backends.backend import Lost
from trainer.backends.watch import finish
from trainer.contract import protocol
from trainer.contract.errors import TrainerError
from trainer.contract.run_folder import FAILED, FINISHED, RunFolder

Step = Callable[[Mapping[str, RunFolder]], Mapping[str, Lost] | None]


class Scripted:
    """Between two looks at the folders, the next step is done to them."""

    pause = 0.0

    def __init__(self, *steps: Step) -> None:
        self._steps = list(steps)
        self.runs: dict[str, RunFolder] = {}
        self.started: list[str] = []
        self.ended = ""

    def start(self, runs: Sequence[RunFolder]) -> None:
        self.started = [run.path.name for run in runs]
        self.runs = {run.path.name: run for run in runs}

    def lost(self, runs: Sequence[RunFolder]) -> Mapping[Path, Lost]:
        found = self._steps.pop(0)(self.runs) or {}
        return {self.runs[name].path: lost for name, lost in found.items()}

    def cancel(self) -> None:
        self.ended = "cancelled"

    def close(self) -> None:
        self.ended = "closed"


def _runs(folder: Path, *names: str) -> dict[Path, str]:
    for name in names:
        (folder / name).mkdir()
    return {folder / name: f"run {name}" for name in names}


def _record(run: RunFolder, *events: protocol.Event) -> None:
    with run.metrics_file.open("a", encoding="utf-8") as file:
        file.writelines(protocol.encode(event) + "\n" for event in events)


def _epoch(number: int) -> protocol.EpochFinished:
    return protocol.EpochFinished(number, 3, 1.0, 1.0, 0.5, 0.5, [], True)


def _finished(run: RunFolder) -> None:
    run.write_result({"status": FINISHED})


def test_epochs_and_warnings_are_told_once_and_a_cut_record_is_followed(tmp_path: Path) -> None:
    runs, said = _runs(tmp_path, "a"), list[str]()

    def first(runs: Mapping[str, RunFolder]) -> None:
        _record(runs["a"], _epoch(1), protocol.Warned("2 clips are left out."), _epoch(2))

    def killed_and_resumed(runs: Mapping[str, RunFolder]) -> None:
        whole = runs["a"].metrics_file.read_bytes().splitlines(keepends=True)
        runs["a"].metrics_file.write_bytes(whole[0])

    def last(runs: Mapping[str, RunFolder]) -> None:
        _record(runs["a"], _epoch(2), _epoch(3))
        _finished(runs["a"])

    backend = Scripted(first, lambda _: None, killed_and_resumed, last)
    finish(runs, backend, said.append)
    assert [line.split(",")[0] for line in said] == [
        "run a: epoch 1/3",
        "run a: 2 clips are left out.",
        "run a: epoch 2/3",
        "run a: epoch 2/3",
        "run a: epoch 3/3",
        "1 of 1 done",
    ]
    assert backend.ended == "closed"


def test_after_a_failure_the_others_go_on_and_the_first_failure_is_raised(tmp_path: Path) -> None:
    runs, said = _runs(tmp_path, "a", "b", "c"), list[str]()

    def fail(runs: Mapping[str, RunFolder]) -> None:
        error = {"code": "nan", "message": "It diverged.", "hint": "Learn slower."}
        runs["b"].write_result({"status": FAILED, "error": error})

    def lose(runs: Mapping[str, RunFolder]) -> Mapping[str, Lost]:
        return {"a": Lost("job 7 ended as timeout", "Give it longer.")}

    backend = Scripted(fail, lose, lambda runs: _finished(runs["c"]))
    with pytest.raises(TrainerError, match="run b: It diverged") as raised:
        finish(runs, backend, said.append)
    assert (raised.value.hint, raised.value.code) == ("Learn slower.", "nan")
    assert "run a: job 7 ended as timeout. Give it longer." in said
    assert said[-2:] == ["3 of 3 done", "2 of 3 failed; the first:"]
    assert backend.ended == "closed"


def test_a_result_that_came_in_time_counts_even_if_the_run_was_thought_lost(
    tmp_path: Path,
) -> None:
    def late(runs: Mapping[str, RunFolder]) -> Mapping[str, Lost]:
        _finished(runs["a"])
        return {"a": Lost("gone", "")}

    finish(_runs(tmp_path, "a"), Scripted(late), print)


def test_what_is_over_is_not_started(tmp_path: Path) -> None:
    runs = _runs(tmp_path, "a", "b")
    _finished(RunFolder(tmp_path / "a"))
    backend = Scripted(lambda runs: _finished(runs["b"]))
    finish(runs, backend, print)
    assert backend.started == ["b"]


def test_breaking_off_cancels(tmp_path: Path) -> None:
    def ctrl_c(runs: Mapping[str, RunFolder]) -> None:
        raise KeyboardInterrupt

    backend = Scripted(ctrl_c)
    with pytest.raises(KeyboardInterrupt):
        finish(_runs(tmp_path, "a"), backend, print)
    assert backend.ended == "cancelled"
