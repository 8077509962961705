"""Steps: how long, and along what."""

import pytest

from trainer.descent import schedule


def test_the_learning_rate_rises_and_falls() -> None:
    assert [schedule(x) for x in (0, 0.05, 0.1, 0.55, 1)] == pytest.approx([0, 0.5, 1, 0.5, 0])
