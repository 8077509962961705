"""Figures beside figures: ratio, target, verdict, table."""

import pytest

from trainer.bench.measure import Measure, table


@pytest.mark.parametrize(
    ("measure", "met"),
    [
        (Measure("speed", 4.0, "clips/s", 2.0, "stock", times=2.0), True),
        (Measure("speed", 3.9, "clips/s", 2.0, "stock", times=2.0), False),
        (Measure("speed", 4.0, "clips/s", times=2.0), None),
        (Measure("waste", 8.0, "%", 60.0, "random", at_most=8), True),
        (Measure("waste", 8.1, "%", at_most=8), False),
        (Measure("share", 95.0, "%", at_least=95), True),
        (Measure("share", 94.9, "%", at_least=95), False),
        (Measure("loss", 0.5, ""), None),
    ],
)
def test_a_target_is_met_missed_or_not_there(measure: Measure, met: bool | None) -> None:
    assert measure.met is met
    assert measure.to_json()["met"] is met


def test_the_table_shows_both_sides_and_the_verdict() -> None:
    measures = [
        Measure("fine-tuning", 4.0, "clips/s", 1.6, "Trainer", times=2.0),
        Measure("padding", 9.0, "%", at_most=8),
    ]
    head, first, second = table(measures).splitlines()
    assert head.split() == ["ours", "theirs", "ratio", "target"]
    assert first.split("  ")[0] == "fine-tuning, clips/s"
    assert first.split()[2:] == ["4", "1.6", "Trainer", "2.50", "x", "at", "least", "2", "x", "met"]
    assert second.split() == ["padding,", "%", "9", "at", "most", "8", "%", "MISSED"]
