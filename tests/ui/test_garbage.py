"""Widgets are never destroyed outside the GUI thread: the collector runs there and nowhere else."""

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject

from stremo_studio.ui.garbage import GuiCollector, spare_what_is_loaded


class _Ring:
    """Garbage that only the collector can find; notes the thread that frees it."""

    freed_in: list[threading.Thread] = []  # noqa: RUF012 - reset by the fixture

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        _Ring.freed_in.append(threading.current_thread())


@pytest.fixture
def collector(qapp: object) -> Iterator[GuiCollector]:
    gc.collect()
    _Ring.freed_in = []
    parent = QObject()
    made = GuiCollector(parent)
    yield made
    made.stop()


def _make_garbage() -> None:
    kept = []
    for _ in range(5_000):
        _Ring()
        kept.append([])


def test_a_busy_thread_frees_nothing_and_the_gui_thread_does(collector: GuiCollector) -> None:
    worker = threading.Thread(target=_make_garbage)
    worker.start()
    worker.join()
    assert _Ring.freed_in == []
    collector.collect_if_due()
    assert len(_Ring.freed_in) == 5_000
    assert set(_Ring.freed_in) == {threading.main_thread()}


def test_stopping_gives_the_collector_back(collector: GuiCollector) -> None:
    collector.stop()
    assert gc.isenabled()


_LOADED: list[object] = []


def test_what_is_loaded_is_looked_through_no_more_and_what_comes_later_is() -> None:
    spare_what_is_loaded()
    later: list[object] = []
    spare_what_is_loaded()  # another project is opened
    looked_at = gc.get_objects()
    assert not any(found is _LOADED for found in looked_at)
    assert any(found is later for found in looked_at)
