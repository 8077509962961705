"""What a result says in words."""

import pytest

from stremo_studio.domain.run import Run, RunId
from stremo_studio.project.comparison import RunReport
from stremo_studio.ui.train.result_card import layer_words
from trainer.evaluate import evaluate

ONE = Run(RunId(1), "Probe 1", "runs/0001-probe", "probe", "2024-01-01T00:00:00+00:00")
LABELS = ["negative", "neutral", "positive"]


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ([], ""),
        (
            [0.3, 0.01, 0.02, 0.45, 0.22],
            "Of the model's 4 layers these count most: 3 (45 %), its input (30 %), 4 (22 %)",
        ),
        ([0.02, 0.0, 0.98], "Of the model's 2 layers these count most: 2 (98 %)"),
        ([0.04] * 25, ""),
    ],
)
def test_the_layers_that_count_most_are_named(weights: list[float], words: str) -> None:
    scored = evaluate(LABELS, LABELS, LABELS, 1)
    report = RunReport(ONE, {"layer_weights": weights}, scored, 0.2, None)
    assert layer_words(report) == words
