"""One application and one theme for all tests of the window, as in the program."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from stremo_studio.ui.theme import LIGHT, Theme


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    """The light theme, whatever the machine's own."""
    return Theme(qapp, LIGHT)


@pytest.fixture(autouse=True)
def _no_filter_left(qapp: QApplication) -> Iterator[None]:
    yield
    qapp.processEvents()
