"""Words on the screen that must not promise more than the numbers do."""

import pytest

from stremo_studio.ui.words import bounds_words, interval_words
from trainer.contract.evaluation import Evaluation


def _scored(groups: int, bounds: list[float] | None) -> Evaluation:
    intervals = {"macro_f1": bounds} if bounds else {}
    return Evaluation(52, groups, [], {}, 0.5, 0.5, 0.5, 0.5, intervals)


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        (24, "95 % interval 0.60 – 0.70, on 52 clips of 24 speakers or videos"),
        (2, "Rough 95 % interval 0.60 – 0.70, on 52 clips of 2 speakers or videos"),
    ],
)
def test_an_interval_from_few_speakers_is_called_rough(groups: int, words: str) -> None:
    assert interval_words(_scored(groups, [0.6, 0.7])) == words


def test_one_speaker_gives_no_interval_and_no_nan() -> None:
    scored = _scored(1, None)
    assert interval_words(scored) == "52 clips of one speaker or video: too few for an interval"
    assert bounds_words(scored, "macro_f1") == ""
