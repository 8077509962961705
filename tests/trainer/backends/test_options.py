"""Where to compute, from the command line."""

import argparse
from pathlib import Path

import pytest

from trainer.backends.local import LocalProcesses, cards
from trainer.backends.options import add_options, backend
from trainer.backends.slurm import SlurmJobs


def _chosen(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_options(parser, default="local")
    return parser.parse_args(words)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("4:00:00", 240), ("0:30:00", 30), ("90", 90), ("1-12", 2160), ("2-06:30:00", 3270)],
)
def test_a_time_is_written_as_for_sbatch(text: str, minutes: int) -> None:
    assert _chosen("--time", text).time == minutes


@pytest.mark.parametrize("words", [("--time", "4:00"), ("--time", "soon"), ("--slurm", "=64G")])
def test_what_cannot_be_read_is_refused_with_an_example(
    words: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        _chosen(*words)
    assert f"{words[1]!r} is" in capsys.readouterr().err


def test_options_of_sbatch_are_handed_on(tmp_path: Path) -> None:
    words = ("--on", "slurm", "--slurm", "mem=64G", "--slurm", "exclusive", "--max-jobs", "3")
    jobs = backend(_chosen(*words, "--partition", "gpu", "--gpus-per-node", "2"), tmp_path)
    assert isinstance(jobs, SlurmJobs)
    asked = jobs._parameters("stremo-x", 15)
    assert asked["additional_parameters"] == {"requeue": True, "mem": "64G", "exclusive": True}
    assert asked["array_parallelism"] == 3
    assert (asked["partition"], asked["gpus_per_node"], asked["time"]) == ("gpu", 2, 240)


def test_without_options_it_computes_here(tmp_path: Path) -> None:
    assert isinstance(backend(_chosen(), tmp_path), LocalProcesses)


@pytest.mark.parametrize(
    ("count", "visible", "named"),
    [
        (2, None, ["0", "1"]),
        (2, "2,3", ["2", "3"]),
        (1, "GPU-5a7", ["GPU-5a7"]),
        (1, "0, -1", ["0"]),
        (0, "", []),
        (0, None, []),
    ],
)
def test_only_the_cards_that_this_process_may_use_are_used(
    count: int, visible: str | None, named: list[str]
) -> None:
    assert cards(count, visible) == named
