"""The line under the runs: what the cache takes, and Clear, which waits for a run to be over."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from stremo_studio.app import Studio
from stremo_studio.project.training_cache import training_cache
from stremo_studio.ui.train.active_run import Phase
from stremo_studio.ui.train.cache_line import CacheLine
from stremo_studio.ui.train.page import TrainPage
from tests.ui.conftest import Opened
from trainer.contract.kept import AUDIO, kept_in
from trainer.sound.blob_store import BlobStore

WAIT = 10_000
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def filled(opened: Opened) -> Studio:
    made = opened(6)
    store = BlobStore(_folder(made) / AUDIO)
    with store.writing():
        store.put("a", bytes(1_200_000))
    return made


def _folder(studio: Studio) -> Path:
    assert studio.desk is not None
    return training_cache(studio.desk.project)


def _shown(studio: Studio, qtbot: QtBot) -> CacheLine:
    page = studio.bring("train")
    assert isinstance(page, TrainPage)
    qtbot.waitUntil(page.cache.isVisible, timeout=WAIT)
    return page.cache


def test_clear_frees_the_cache_and_the_line_goes(filled: Studio, qtbot: QtBot) -> None:
    line = _shown(filled, qtbot)
    assert line.words.text() == "Cache 1.2 MB"
    qtbot.mouseClick(line.clear, LEFT)
    qtbot.waitUntil(lambda: not line.isVisible(), timeout=WAIT)
    assert kept_in(_folder(filled)) == []
    assert filled.window.banners.texts() == ["1.2 MB of decoded clips and features cleared."]


def test_a_project_without_a_cache_has_no_line(opened: Opened, qtbot: QtBot) -> None:
    studio = opened(6)
    page = studio.bring("train")
    assert isinstance(page, TrainPage)
    qtbot.waitUntil(lambda: page.cache.words.text() != "", timeout=WAIT)
    assert not page.cache.isVisible()


def test_nothing_can_be_cleared_while_a_run_is_at_work(filled: Studio, qtbot: QtBot) -> None:
    line = _shown(filled, qtbot)
    assert filled.training is not None
    active = filled.training.active
    active.phase = Phase.RUNNING
    active.changed.emit()
    assert not line.clear.isEnabled()
    active.phase = Phase.IDLE
    active.changed.emit()
    qtbot.waitUntil(line.clear.isEnabled, timeout=WAIT)


def test_a_cache_that_another_process_fills_is_told_and_stays(filled: Studio, qtbot: QtBot) -> None:
    line = _shown(filled, qtbot)
    with BlobStore(_folder(filled) / AUDIO).writing():
        qtbot.mouseClick(line.clear, LEFT)
        qtbot.waitUntil(lambda: bool(filled.window.banners.texts()), timeout=WAIT)
    assert "being filled" in filled.window.banners.texts()[0]
    assert line.isVisible()
    assert len(kept_in(_folder(filled))) == 1
