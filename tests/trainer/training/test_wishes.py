"""Commands and the end of stdin become wishes; a run ends only where it asks for them."""

import io
import os
import signal

import pytest

from trainer.contract import protocol
from trainer.contract.run_folder import CANCELLED, INTERRUPTED
from trainer.training.wishes import SIGNALS, RunEnded, Wishes


def _heard(text: str, studio: bool) -> Wishes:
    wishes = Wishes()
    wishes._read(io.BytesIO(text.encode()), studio)
    return wishes


def test_nothing_is_wished_at_first() -> None:
    assert Wishes().check() is False


def test_stop_and_keep_best_is_told_not_raised() -> None:
    wishes = _heard("rubbish\n" + protocol.encode(protocol.StopAndKeepBest()) + "\n", False)
    assert wishes.check() is True
    assert wishes.stop_wished


def test_stopping_before_there_is_anything_to_keep_is_cancelling() -> None:
    wishes = Wishes()
    wishes.stop()
    with pytest.raises(RunEnded) as ended:
        wishes.check(something_to_keep=False)
    assert ended.value.status == CANCELLED


def test_cancel_beats_stop_and_leaving() -> None:
    wishes = Wishes()
    wishes.stop()
    wishes.leave()
    wishes.cancel()
    with pytest.raises(RunEnded) as ended:
        wishes.check()
    assert ended.value.status == CANCELLED


def test_the_end_of_stdin_means_leaving_only_when_the_studio_started_us() -> None:
    assert _heard("", studio=False).check() is False
    with pytest.raises(RunEnded) as ended:
        _heard("", studio=True).check()
    assert ended.value.status == INTERRUPTED


def test_a_command_without_its_line_end_is_still_heard() -> None:
    line = protocol.encode(protocol.Cancel())
    with pytest.raises(RunEnded) as ended:
        _heard(line + os.linesep * 0, studio=True).check()
    assert ended.value.status == CANCELLED


@pytest.mark.parametrize("name", ["SIGTERM", "SIGUSR1", "SIGUSR2"])
@pytest.mark.skipif(os.name != "posix", reason="Windows has no such signals")
def test_what_a_cluster_sends_before_it_takes_the_node_means_leaving(name: str) -> None:
    kept = {word: signal.getsignal(getattr(signal, word)) for word in SIGNALS}
    wishes = Wishes()
    try:
        wishes.listen(io.BytesIO(), studio=False)
        signal.raise_signal(getattr(signal, name))
    finally:
        for word, before in kept.items():
            signal.signal(getattr(signal, word), before)
    with pytest.raises(RunEnded) as ended:
        wishes.check()
    assert ended.value.status == INTERRUPTED
