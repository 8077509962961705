"""Features stay on the card when all fit, else in main memory, and never take all of either."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from trainer.training.residence import MOST_IN_MEMORY, Residence, free_on, residence

GB = 1 << 30


@pytest.mark.parametrize(
    ("needed", "on_device", "in_memory", "expected"),
    [
        (4 * GB, 70 * GB, 100 * GB, Residence(on_device=True, room=28 * GB)),
        (28 * GB, 70 * GB, 200 * GB, Residence(on_device=True, room=28 * GB)),
        (29 * GB, 70 * GB, 200 * GB, Residence(on_device=False, room=16 * GB)),
        (6 * GB, 7 * GB, 40 * GB, Residence(on_device=False, room=10 * GB)),
        (6 * GB, 7 * GB, 8 * GB, Residence(on_device=False, room=2 * GB)),
        (1 * GB, None, 20 * GB, Residence(on_device=False, room=5 * GB)),
        (9 * GB, None, 20 * GB, Residence(on_device=False, room=5 * GB)),
        (0, 0, 0, Residence(on_device=True, room=0)),
    ],
)
def test_the_card_first_then_memory_then_as_far_as_it_goes(
    needed: int, on_device: int | None, in_memory: int, expected: Residence
) -> None:
    assert residence(needed, on_device, in_memory) == expected


sizes = st.integers(0, 1 << 45)


@given(needed=sizes, on_device=st.none() | sizes, in_memory=sizes)
def test_room_is_left_wherever_features_stay(
    needed: int, on_device: int | None, in_memory: int
) -> None:
    chosen = residence(needed, on_device, in_memory)
    if chosen.on_device:
        assert on_device is not None
        assert needed <= chosen.room <= on_device / 2
    else:
        assert chosen.room <= min(in_memory / 2, MOST_IN_MEMORY)


def test_a_processor_has_no_memory_of_its_own() -> None:
    assert free_on(torch.device("cpu")) is None
