"""The benchmark runner itself: targets are judged as they are written, and choosing works."""

import pytest

from tests.benchmarks import __main__ as runner
from tests.benchmarks.targets import Figure, show


@pytest.mark.parametrize(
    ("figure", "met"),
    [
        (Figure("frame", 16.7, "ms", at_most=16.7), True),
        (Figure("frame", 16.8, "ms", at_most=16.7), False),
        (Figure("ratio", 4.0, at_least=4.0), True),
        (Figure("ratio", 3.9, at_least=4.0), False),
        (Figure("only told", 1e9), True),
    ],
)
def test_a_figure_is_judged_by_its_target(figure: Figure, met: bool) -> None:
    assert figure.is_met is met


def test_the_table_counts_what_was_missed(capsys: pytest.CaptureFixture[str]) -> None:
    figures = [Figure("frame", 20.0, "ms", at_most=16.7), Figure("ratio", 5.0, at_least=4.0)]
    assert show("Waveform", figures) == 1
    assert capsys.readouterr().out.count("MISSED") == 1


def test_an_unknown_benchmark_names_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert runner.main(["no-such-benchmark"]) == 2
    assert "bench_scan" in capsys.readouterr().out
