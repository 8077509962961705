"""Evaluations as they are written, and as older trainers wrote them."""

import json

from trainer.contract.evaluation import (
    Calibration,
    Evaluation,
    ReliabilityPoint,
    calibration_from_json,
    evaluation_from_json,
)

POINTS = (ReliabilityPoint(0.4, 0.5, 3), ReliabilityPoint(0.9, 1.0, 7))
FOUND = Evaluation(10, 2, [[1]], {}, 0.5, 0.6, 0.7, 0.8, {"uar": [0.1, 0.9]}, 0.04, POINTS)


def test_an_evaluation_is_read_as_it_was_written() -> None:
    assert evaluation_from_json(json.loads(json.dumps(FOUND.to_json()))) == FOUND
    calibration = Calibration(1.5, 20, {"dev": 0.1})
    assert calibration_from_json(json.loads(json.dumps(calibration.to_json()))) == calibration


def test_a_run_from_before_calibration_opens() -> None:
    raw = FOUND.to_json()
    del raw["ece"], raw["reliability"]
    old = evaluation_from_json(raw)
    assert (old.ece, old.reliability, old.macro_f1) == (None, (), FOUND.macro_f1)
    assert calibration_from_json(None) == Calibration(1.0, 0, {})
