"""The fold of a run's events, and what it says."""

from dataclasses import replace

from stremo_studio.ui.train.progress import (
    RunProgress,
    after,
    clock,
    eta_text,
    speed_text,
    stage_text,
)
from trainer.contract import protocol


def step(number: int, eta_s: float | None = 30.0) -> protocol.StepLogged:
    return protocol.StepLogged(number, 400, 0.5, 1e-5, 41.5, eta_s)


def epoch(number: int, *, best: bool) -> protocol.EpochFinished:
    return protocol.EpochFinished(number, 10, 0.4, 0.5, 0.6, 0.6, [[1, 0, 0]] * 3, best)


def test_nothing_is_said_before_the_first_event() -> None:
    assert stage_text(RunProgress()) == eta_text(RunProgress()) == ""
    assert RunProgress().epoch == 0


def test_a_stage_names_itself_and_how_far_it_is() -> None:
    progress = after(RunProgress(), [protocol.StageProgressed("Features", 120, 1_400, "clips", 61)])
    assert stage_text(progress) == "Features 120 of 1,400 clips"
    assert eta_text(progress) == "ETA 1:01"


def test_the_time_left_is_only_shown_once_it_means_something() -> None:
    assert eta_text(after(RunProgress(), [step(19)])) == "measuring speed"
    assert eta_text(after(RunProgress(), [step(20)])) == "ETA 0:30"


def test_speed_and_padding_are_said_while_it_trains() -> None:
    wasteful = replace(step(20), padding=0.062)
    said = speed_text(after(RunProgress(), [step(19), wasteful]))
    assert said == "ETA 0:30  ·  42 clips/s  ·  6 % padding  ·  learning rate 1.0e-05"
    assert "padding" not in speed_text(after(RunProgress(), [step(20)]))
    assert speed_text(RunProgress()) == ""


def test_steps_of_several_batches_are_all_kept_in_order() -> None:
    progress = after(after(RunProgress(), [step(1), step(2)]), [step(3)])
    assert [s.step for s in progress.steps] == [1, 2, 3]
    assert stage_text(progress) == "Train 3 of 400 steps"
    assert progress.clips_per_s == 41.5


def test_the_epoch_at_work_is_the_one_after_the_last_finished_one() -> None:
    progress = after(RunProgress(), [step(1)])
    assert progress.epoch == 1
    progress = after(progress, [epoch(3, best=True), epoch(4, best=False)])
    assert (progress.epoch, progress.epoch_count) == (5, 10)
    assert after(progress, [epoch(10, best=False)]).epoch == 10
    assert progress.best is not None
    assert progress.best.epoch == 3


def test_watched_predictions_replace_older_ones_and_keep_the_rest() -> None:
    progress = after(
        RunProgress(),
        [
            protocol.PredictionsUpdated(1, {"1": [1.0, 0.0, 0.0], "2": [0.0, 1.0, 0.0]}),
            protocol.PredictionsUpdated(2, {"1": [0.0, 0.0, 1.0]}),
        ],
    )
    assert progress.watched == {"1": [0.0, 0.0, 1.0], "2": [0.0, 1.0, 0.0]}


def test_a_clock_shows_hours_only_when_there_are_any() -> None:
    assert [clock(s) for s in (0, 59.6, 3_599, 3_600, -3)] == [
        "0:00", "1:00", "59:59", "1:00:00", "0:00",
    ]  # fmt: skip
