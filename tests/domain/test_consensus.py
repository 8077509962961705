"""The label of a clip: adjudicated, else what most say, else what it came with."""

from itertools import permutations

import pytest

from stremo_studio.domain.annotation import (
    ADJUDICATED,
    CANNOT_TELL,
    DISPUTED,
    IMPORTED,
    UNUSABLE,
    AnnotationId,
    Answer,
)
from stremo_studio.domain.consensus import NOBODY, Opinion, consensus


def says(
    number: int, name: str, label: str | None, emotion: str = "", sure: bool = True
) -> Opinion:
    return Opinion(name, Answer(label, emotion or None, sure), AnnotationId(number))


@pytest.mark.parametrize(
    ("answers", "label"),
    [
        ({}, None),
        ({IMPORTED: "negative"}, "negative"),
        ({IMPORTED: "negative", "Ann": "positive"}, "positive"),
        ({IMPORTED: "negative", "Ann": None}, None),
        ({"Ann": "positive", "Ben": "positive"}, "positive"),
        ({"Ann": "positive", "Ben": "negative"}, DISPUTED),
        ({IMPORTED: "negative", "Ann": "positive", "Ben": "negative"}, DISPUTED),
        ({"Ann": "positive", "Ben": "negative", "Cem": "negative"}, "negative"),
        ({"Ann": "positive", "Ben": "negative", "Cem": "neutral"}, DISPUTED),
        ({"Ann": "positive", "Ben": CANNOT_TELL}, DISPUTED),
        ({"Ann": UNUSABLE, "Ben": UNUSABLE, "Cem": "neutral"}, UNUSABLE),
        ({"Ann": "positive", "Ben": "negative", ADJUDICATED: "neutral"}, "neutral"),
        ({"Ann": "positive", "Ben": "positive", ADJUDICATED: "neutral"}, "neutral"),
        ({"Ann": "positive", "Ben": "positive", ADJUDICATED: None}, "positive"),
        ({"Ann": "positive", "Ben": None}, "positive"),
    ],
)
def test_the_rule_in_any_order(answers: dict[str, str | None], label: str | None) -> None:
    opinions = [says(n + 1, name, said) for n, (name, said) in enumerate(answers.items())]
    assert {consensus(order).answer.label for order in permutations(opinions)} == {label}


def test_an_answer_alone_is_the_label_with_all_that_it_says() -> None:
    alone = says(7, "Ann", "negative", "fear", sure=False)
    assert consensus([says(1, IMPORTED, "neutral"), alone]) == alone
    assert consensus([]) == NOBODY


def test_those_who_agree_speak_with_one_voice() -> None:
    agreed = consensus(
        [
            says(3, "Ann", "negative", "anger", sure=False),
            says(9, "Ben", "negative", "anger"),
            says(5, "Cem", "negative", "fear", sure=False),
            says(8, "Dan", "positive", "happiness"),
        ]
    )
    assert agreed == says(9, "Ben", "negative", "anger")
    two = consensus([says(1, "Ann", "negative", "anger"), says(2, "Ben", "negative", "fear")])
    assert two.answer == Answer("negative")
