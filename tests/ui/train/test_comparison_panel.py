"""A result beside the active model: what is said, and which button is the default."""

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from stremo_studio.domain.run import Run, RunId
from stremo_studio.project.comparison import Comparison, RunReport
from stremo_studio.ui.train.comparison_panel import (
    IS_ACTIVE,
    ComparisonPanel,
    comparison_words,
    signed,
)
from trainer.contract.labels import CLASSES
from trainer.evaluate import evaluate
from trainer.scores import Difference

ONE = Run(RunId(1), "Acoustic 1", "runs/0001", "acoustic", "2026-01-01T00:00:00+00:00")
TWO = Run(RunId(2), "Probe 2", "runs/0002", "probe", "2026-01-02T00:00:00+00:00")


def beside(low: float, high: float, groups: int = 24, *, same: bool = True) -> Comparison:
    each = dict.fromkeys(CLASSES, 0.5)
    centre = (low + high) / 2
    found = Difference(centre, low, high, 0.5)
    return Comparison(ONE, 96, groups, same, 0.5, 0.5 + centre, found, each, each, (), ())


def panel(
    qtbot: QtBot, found: Comparison | None, *, declined: bool = False, active: bool = False
) -> ComparisonPanel:
    scored = evaluate(CLASSES, CLASSES, CLASSES)
    made = ComparisonPanel(RunReport(TWO, {}, scored, 0.2, found, active), declined=declined)
    qtbot.addWidget(made)
    return made


@pytest.mark.parametrize(
    ("found", "last"),
    [
        (beside(0.02, 0.1), "It excludes a loss."),
        (beside(-0.02, 0.1), "It does not exclude a loss."),
        (beside(-0.2, -0.1), "It is worse."),
        (beside(0.02, 0.1, 4), "Too few to tell which is better: listen, then decide."),
        (None, "It shares no test clip with the active model: the two cannot be compared."),
    ],
)
def test_what_may_be_concluded_is_said(found: Comparison | None, last: str) -> None:
    assert comparison_words(found)[-1] == last


def test_the_numbers_name_what_they_were_drawn_from() -> None:
    said = " ".join(comparison_words(beside(-0.02, 0.1, same=False)))
    assert "+0.04 on the 96 test clips that both runs kept aside" in said
    assert "−0.02 to +0.10, drawn over 24 speakers or videos" in said
    assert signed(-0.001) == "±0.00"


@pytest.mark.parametrize(
    ("found", "declined", "role"),
    [
        (beside(0.02, 0.1), False, "primary"),
        (beside(0.02, 0.1), True, None),
        (beside(-0.02, 0.1), False, None),
        (beside(0.02, 0.1, 4), False, None),
    ],
)
def test_promote_is_the_default_only_without_a_loss(
    qtbot: QtBot, found: Comparison, declined: bool, role: str | None
) -> None:
    made = panel(qtbot, found, declined=declined)
    assert made.promote.property("role") == role
    assert hasattr(made, "keep") is not declined


def test_the_active_model_says_so_and_offers_nothing(qtbot: QtBot) -> None:
    made = panel(qtbot, None, active=True)
    assert [one.text() for one in made.findChildren(QLabel)] == [IS_ACTIVE]
    assert made.findChildren(QPushButton) == []
