"""The loss and what balances the classes in it."""

import numpy as np
import pytest

from trainer.loss import class_weights

LABELS = np.array([0, 0, 0, 1, 1, 1, 2, 2])


def test_rare_classes_weigh_more() -> None:
    assert class_weights(LABELS, True).tolist() == pytest.approx([8 / 9, 8 / 9, 8 / 6])
    assert class_weights(LABELS, False).tolist() == [1, 1, 1]
