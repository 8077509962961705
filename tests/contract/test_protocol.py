"""The wire between trainer and studio."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.contract import protocol


def test_every_kind_of_message_survives_the_wire() -> None:
    messages = [
        protocol.Hello(1, {"torch": "2"}, "cpu"),
        protocol.EpochFinished(1, 3, 0.5, 0.6, 0.4, 0.4, [[1, 0, 0], [0, 1, 0], [0, 0, 1]], True),
        protocol.RunFailed("disk", "The disk is full.", "Free 2 GB."),
        protocol.StopAndKeepBest(),
    ]
    assert [protocol.decode(protocol.encode(m)) for m in messages] == messages


def test_a_newer_trainers_extra_field_is_ignored() -> None:
    line = '{"kind": "Heartbeat", "step": 4, "invented_later": true}'
    assert protocol.decode(line) == protocol.Heartbeat(4)


@pytest.mark.parametrize("line", ["", "rubbish", "[1]", "{}", '{"kind": "Later"}', '{"kind": 3}'])
def test_rubbish_on_stdout_is_no_message(line: str) -> None:
    assert protocol.decode(line) is None


@given(st.text())
def test_no_text_makes_decoding_fail(line: str) -> None:
    protocol.decode(line)
