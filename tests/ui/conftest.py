"""The real program offscreen: its window, small recordings, a player without a sound card."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from stremo_studio.app import Studio
from stremo_studio.media.player import Player
from stremo_studio.ui.application import Memory
from stremo_studio.ui.theme import LIGHT, Theme
from tests.ui.sounds import make_project

Opened = Callable[..., Studio]


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    """The light theme, whatever the machine's own."""
    return Theme(qapp, LIGHT)


@pytest.fixture
def studio(theme: Theme, qtbot: QtBot, qapp: QApplication) -> Iterator[Studio]:
    """The program with its window shown and no project open."""
    made = Studio(theme, Memory(), Player(device=False))
    made.window.show()
    qtbot.waitExposed(made.window)
    yield made
    made.window.close()
    made.window.deleteLater()
    made.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)  # not when garbage is collected
    theme.choose(LIGHT)


@pytest.fixture
def opened(studio: Studio, tmp_path: Path) -> Opened:
    """Opens a fresh project of `clips` small recordings in the program."""

    def open_one(clips: int = 6, *, labelled: bool = False) -> Studio:
        studio.open(make_project(tmp_path, clips, labelled=labelled))
        return studio

    return open_one
