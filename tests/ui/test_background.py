"""Work off the GUI thread: results and exceptions come back on it."""

import threading

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from stremo_studio.ui.background import Background


class Asker(QObject):
    """Wants a result, and tells others of it."""

    changed = Signal()

    def on_known(self, _: object) -> None:
        self.changed.emit()


@pytest.fixture
def background(qtbot: QtBot) -> Background:
    return Background()


def test_the_work_runs_elsewhere_and_the_result_comes_back(
    background: Background, qtbot: QtBot
) -> None:
    threads: list[threading.Thread] = []
    results: list[threading.Thread] = []

    def done(result: threading.Thread) -> None:
        results.append(result)
        threads.append(threading.current_thread())

    background.run(threading.current_thread, done)
    qtbot.waitUntil(lambda: bool(results))
    assert results[0] is not threading.main_thread()
    assert threads[0] is threading.main_thread()
    assert not background.busy


def test_an_exception_reaches_whoever_asked(background: Background, qtbot: QtBot) -> None:
    failures: list[Exception] = []
    background.run(_fail, None, failures.append)
    qtbot.waitUntil(lambda: bool(failures))
    assert isinstance(failures[0], ZeroDivisionError)


def test_an_exception_nobody_asked_for_is_not_lost(background: Background, qtbot: QtBot) -> None:
    with qtbot.waitSignal(background.failed) as caught:
        background.run(_fail)
    assert isinstance(caught.args[0], ZeroDivisionError)


def test_whoever_asked_may_be_deleted_meanwhile(background: Background, qtbot: QtBot) -> None:
    asker = Asker()
    background.run(threading.current_thread, asker.on_known)
    delete(asker)
    qtbot.waitUntil(lambda: not background.busy)  # an exception in a slot would fail this test


def test_a_forgotten_result_never_arrives(background: Background, qtbot: QtBot) -> None:
    results: list[int] = []
    ticket = background.run(lambda: 1, results.append)
    background.forget(ticket)
    background.run(lambda: 2, results.append)
    qtbot.waitUntil(lambda: bool(results))
    background.finish()
    assert results == [2]


def _fail() -> float:
    return 1 / 0
