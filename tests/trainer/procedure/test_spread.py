"""Paired differences, the spread over speakers, and the trend over folds."""

from statistics import fmean

import pytest

from trainer.contract.labels import NEGATIVE, POSITIVE
from trainer.contract.manifest import ManifestClip
from trainer.procedure.corpus_tables import table3
from trainer.procedure.grid import BALANCED
from trainer.procedure.scoring import Scored, paired
from trainer.procedure.spread import shares, spread

PAPER = {"table3": {"1e-4": [0.4, 0.94, 0.82, 0.53, 0.99, 0.74]}}


def _rows(right_of_ten: dict[str, int], corpus: str = "savee") -> list[Scored]:
    """Ten clips a speaker, of which so many are answered right."""
    return [
        Scored(
            ManifestClip(f"{who}{i}", "a.wav", NEGATIVE, f"{corpus}:{who}", corpus=corpus),
            NEGATIVE if i < right else POSITIVE,
        )
        for who, right in right_of_ten.items()
        for i in range(10)
    ]


def test_a_clear_difference_has_a_small_p_and_none_has_p_one() -> None:
    speakers = [f"s{i}" for i in range(20)]
    worse, better = (_rows(dict.fromkeys(speakers, right)) for right in (2, 9))
    found = paired(worse, better)
    assert found.low > 0
    assert 0 < found.p <= 0.001
    assert paired(better, worse).centre == pytest.approx(-found.centre)
    same = paired(better, better)
    assert (same.centre, same.low, same.high, same.p) == (0.0, 0.0, 0.0, 1.0)


def test_a_difference_within_the_noise_of_few_speakers_has_a_large_p() -> None:
    one = _rows({f"s{i}": 5 + i % 3 for i in range(6)})
    other = _rows({f"s{i}": 5 + (i + 1) % 3 for i in range(6)})
    found = paired(one, other)
    assert found.low < 0 < found.high
    assert found.p > 0.2


def test_the_worst_speaker_is_seen_beside_the_median() -> None:
    rows = _rows({"DC": 9, "JE": 9, "JK": 8, "KL": 1})
    found = spread({BALANCED: [rows, rows]})
    (row,) = found.rows
    assert row.name == "Com-Bal, SAVEE"
    assert [value.ours for value in row.values] == pytest.approx([4, 0.1, 0.625, 0.85, 0.9])


def test_speakers_with_too_few_clips_do_not_count() -> None:
    rows = _rows({"DC": 9})
    assert shares(rows[:2]) == []
    assert shares(rows[:2] * 5) == []  # the same clips over five seeds
    assert [value.ours for value in spread({BALANCED: [rows[:2]]}).rows[0].values][:2] == [0, None]


def test_without_a_model_there_is_no_row() -> None:
    assert spread({}).rows == ()


@pytest.mark.parametrize(
    ("folds", "said"),
    [
        ([[0.4, 0.9, 0.9], [0.5, 0.8, 0.9]], "look for what is carried over"),
        ([[0.4, 0.9, 0.9], [0.8, 0.5, 0.9]], "nothing points to a carry-over"),
    ],
)
def test_first_folds_are_compared_with_later_ones(folds: list[list[float]], said: str) -> None:
    note = table3(dict(zip((1e-4, 1e-5), folds, strict=True)), PAPER, "macro F1").note
    assert said in note
    first = fmean(one[0] for one in folds)
    assert f"The first folds score {first:.2f} on average" in note


def test_a_single_fold_has_no_trend() -> None:
    assert table3({1e-4: [0.4]}, PAPER, "macro F1").note == "Score of a fold: macro F1."
