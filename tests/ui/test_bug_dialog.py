"""An unexpected exception becomes a report to copy; a fault of the world becomes a banner."""

import sys

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from stremo_studio.errors import StudioError
from stremo_studio.ui.bug_dialog import BugDialog, catch_exceptions


@pytest.fixture
def window(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> tuple[QWidget, list[StudioError]]:
    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    shown: list[StudioError] = []
    widget = QWidget()
    qtbot.addWidget(widget)
    catch_exceptions(widget, shown.append)
    return widget, shown


def test_a_bug_opens_one_dialog_with_a_report_to_copy(
    window: tuple[QWidget, list[StudioError]], capsys: pytest.CaptureFixture[str]
) -> None:
    widget, shown = window
    for _ in range(2):
        _raise_through_the_hook(ZeroDivisionError("the answer"))
    dialogs = widget.findChildren(BugDialog)
    assert (len(dialogs), shown) == (1, [])
    assert "ZeroDivisionError: the answer" in dialogs[0].findChild(QPlainTextEdit).toPlainText()
    next(b for b in dialogs[0].findChildren(QPushButton) if "Copy" in b.text()).click()
    assert "PySide6" in QGuiApplication.clipboard().text()
    dialogs[0].reject()
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_a_fault_of_the_world_is_no_bug(window: tuple[QWidget, list[StudioError]]) -> None:
    widget, shown = window
    _raise_through_the_hook(StudioError("The disk is full."))
    assert [error.message for error in shown] == ["The disk is full."]
    assert widget.findChildren(BugDialog) == []


def _raise_through_the_hook(error: Exception) -> None:
    sys.excepthook(type(error), error, None)
