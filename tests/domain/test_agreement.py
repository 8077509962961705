"""Agreement: the published examples, and every case that has no number said in words."""

from collections.abc import Sequence

import pytest

from stremo_studio.domain.agreement import (
    NOBODY_SHARED,
    ONE_CLASS,
    AnsweredClip,
    class_agreements,
    cohen_kappa,
    cross_table,
    fleiss_kappa,
    krippendorff_alpha,
    observed_agreement,
    pair_agreements,
)
from stremo_studio.domain.clip import ClipId

LETTERS = "ABCDEFGHIJKLMN"


def answered(rows: Sequence[str], clips_a_group: int = 1) -> list[AnsweredClip]:
    """A row of answers for each annotator, a character a clip; `.` is no answer."""
    return [
        AnsweredClip(
            ClipId(n + 1),
            f"video {n // clips_a_group}",
            {LETTERS[who]: said for who, said in enumerate(column) if said != "."},
        )
        for n, column in enumerate(zip(*rows, strict=True))
    ]


@pytest.mark.parametrize(
    ("rows", "alpha"),
    [
        (("0100000010", "1110010000"), 0.095),
        (("aabbdcccedda", "babbbccceddd"), 0.692),
        (("123321412...", "1233224125.3", ".3332342251.", "12332441251."), 0.743),
    ],
    ids=["binary, two", "nominal, two", "nominal, four with gaps"],
)
def test_krippendorffs_own_examples(rows: tuple[str, ...], alpha: float) -> None:
    """ "Computing Krippendorff's Alpha-Reliability" (2011), A to C."""
    assert krippendorff_alpha(answered(rows)).value == pytest.approx(alpha, abs=5e-4)


def test_cohens_kappa_of_fifty_proposals() -> None:
    """20 both yes, 5 and 10 apart, 15 both no: observed 0.7, by chance 0.5."""
    clips = answered(("y" * 25 + "n" * 25, "y" * 20 + "n" * 5 + "y" * 10 + "n" * 15))
    kappa = cohen_kappa(clips, "A", "B")
    assert kappa.value == pytest.approx(0.4)
    assert cohen_kappa(clips, "B", "A").value == pytest.approx(0.4)
    assert (kappa.clips, kappa.groups) == (50, 50)
    assert observed_agreement(clips) == (pytest.approx(0.7), 50)


def test_fleiss_kappa_of_fourteen_raters() -> None:
    """Ten subjects, fourteen raters, five categories, the worked example in wide use."""
    counts = (
        *((0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1)),
        *((7, 7, 0, 0, 0), (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7)),
    )
    columns = ["".join(str(k) * n for k, n in enumerate(row)) for row in counts]
    clips = answered(["".join(row) for row in zip(*columns, strict=True)])
    assert fleiss_kappa(clips, LETTERS).value == pytest.approx(0.210, abs=5e-4)
    assert fleiss_kappa(clips, LETTERS).clips == 10


def test_two_raters_disagreeing_more_than_chance_are_below_zero() -> None:
    clips = answered(("ab" * 10, "ba" * 10))
    assert cohen_kappa(clips, "A", "B").value == pytest.approx(-1)
    alpha = krippendorff_alpha(clips).value
    assert alpha is not None
    assert alpha < 0


def test_clips_that_one_annotator_left_out_count_for_alpha_and_not_for_fleiss() -> None:
    clips = answered(("aabb", "aab.", "abbb"))
    assert krippendorff_alpha(clips).clips == 4
    assert fleiss_kappa(clips, "ABC").clips == 3
    assert cohen_kappa(clips, "A", "B").clips == 3


@pytest.mark.parametrize(
    ("rows", "why", "clips"),
    [
        ((), NOBODY_SHARED, 0),
        (("abc",), NOBODY_SHARED, 0),
        (("ab..", "..ab"), NOBODY_SHARED, 0),
        (("aaaa", "aaaa"), ONE_CLASS, 4),
        (("a", "a"), ONE_CLASS, 1),
    ],
)
def test_what_has_no_number_says_why(rows: tuple[str, ...], why: str, clips: int) -> None:
    for found in (
        krippendorff_alpha(answered(rows)),
        cohen_kappa(answered(rows), "A", "B"),
        fleiss_kappa(answered(rows), "AB"),
    ):
        assert (found.value, found.interval, found.why, found.clips) == (None, None, why, clips)


def test_one_annotator_alone_is_no_agreement() -> None:
    assert fleiss_kappa(answered(("abab",)), ["A"]).why == NOBODY_SHARED
    assert pair_agreements(answered(("abab",)), ["A"]) == []


def test_a_single_disagreement_is_worth_nothing_but_is_defined() -> None:
    assert krippendorff_alpha(answered(("a", "b"))).value == pytest.approx(0)
    assert cohen_kappa(answered(("a", "b")), "A", "B").value == pytest.approx(0)


def test_an_interval_draws_groups_and_is_the_same_every_time() -> None:
    rows = ("abc" * 40, "abc" * 30 + "bca" * 10)
    by_clip = krippendorff_alpha(answered(rows))
    by_video = krippendorff_alpha(answered(rows, clips_a_group=30))
    assert by_clip.value == by_video.value
    assert by_clip.interval is not None
    assert by_video.interval is not None
    low, high = by_video.interval
    assert low < by_clip.interval[0] < by_clip.value < by_clip.interval[1] < high  # type: ignore[operator]
    assert krippendorff_alpha(answered(rows)) == by_clip


def test_one_group_has_no_interval() -> None:
    found = krippendorff_alpha(answered(("abab", "abba"), clips_a_group=4))
    assert (found.value is None, found.interval, found.groups) == (False, None, 1)


def test_an_interval_that_most_draws_do_not_define_is_left_out() -> None:
    """One clip of four is apart: many draws hold one class only."""
    assert krippendorff_alpha(answered(("aaab", "aaab"))).interval is None


def test_a_class_against_the_rest() -> None:
    clips = answered(("aabbc", "aabcc", "ab..."))
    a, b, c, unusable = (*class_agreements(clips, "abcd"), None)
    assert (a.label, a.answers, a.share) == ("a", 5, pytest.approx(4 / 5))
    assert (b.label, b.answers, b.share) == ("b", 4, pytest.approx(2 / 4))
    assert (c.label, c.answers, c.share) == ("c", 3, pytest.approx(2 / 3))
    assert unusable is None
    assert a.alpha.value is not None
    assert a.alpha.clips == 5


def test_pairs_and_their_cells_hold_the_same_clips() -> None:
    clips = answered(("aabb.", "abbba", "aabb."))
    pairs = pair_agreements(clips, "ABC")
    assert [(p.first, p.second, p.agreed, p.clips) for p in pairs] == [
        ("A", "B", 3, 4), ("A", "C", 4, 4), ("B", "C", 3, 4),
    ]  # fmt: skip
    cells = cross_table(clips, "A", "B")
    assert cells == {("a", "a"): [1], ("a", "b"): [2], ("b", "b"): [3, 4]}
    assert sum(map(len, cells.values())) == pairs[0].clips
