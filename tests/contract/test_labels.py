"""The paper's map from emotions to classes (section 4.4, step 2)."""

import pytest

from trainer.contract.labels import CLASSES, NEGATIVE, NEUTRAL, POSITIVE, paper_scheme


def test_class_order_is_negative_neutral_positive_everywhere() -> None:
    assert tuple(c.id for c in paper_scheme().classes) == CLASSES


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Happiness", POSITIVE),
        ("excitement", POSITIVE),
        ("pleasant_surprise", POSITIVE),
        (" Calm ", NEUTRAL),
        ("neutral", NEUTRAL),
        ("Anger", NEGATIVE),
        ("fru", NEGATIVE),
        ("disappointment", NEGATIVE),
        ("surprise", None),
        ("other", None),
        ("xxx", None),
    ],
)
def test_the_papers_map(label: str, expected: str | None) -> None:
    assert paper_scheme().class_of(label) == expected


def test_no_key_chooses_two_emotions() -> None:
    keys = [e.key for e in paper_scheme().emotions]
    assert len(keys) == len(set(keys))
