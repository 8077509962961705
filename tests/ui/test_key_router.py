"""Keys: what a press means, when it is ours, and when it belongs to a text field."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from stremo_studio.app import Studio
from stremo_studio.ui.actions import Action, choose_keys
from stremo_studio.ui.keys import chords
from stremo_studio.ui.label.page import LabelPage

SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
PAD = Qt.KeyboardModifier.KeypadModifier
NONE = Qt.KeyboardModifier.NoModifier


def press(
    key: Qt.Key, held: Qt.KeyboardModifier = NONE, text: str = "", scan: int = 0
) -> list[str]:
    return chords(QKeyEvent(QEvent.Type.KeyPress, key, held, scan, 0, 0, text))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (press(Qt.Key.Key_1, text="1"), ["1"]),
        (press(Qt.Key.Key_1, PAD, "1"), ["1"]),
        (press(Qt.Key.Key_Exclam, SHIFT, "!"), ["Shift+1", "!"]),
        (press(Qt.Key.Key_Question, SHIFT, "?"), ["?"]),
        (press(Qt.Key.Key_R, CTRL, "\x12"), ["Ctrl+R"]),
        (press(Qt.Key.Key_Z, CTRL | SHIFT), ["Ctrl+Shift+Z"]),
        (press(Qt.Key.Key_Space, text=" "), ["Space"]),
        (press(Qt.Key.Key_Enter, PAD), ["Enter"]),
        (press(Qt.Key.Key_Shift, SHIFT), []),
    ],
)
def test_a_press_is_named_as_in_the_table(found: list[str], expected: list[str]) -> None:
    assert found == expected


def test_digits_are_read_from_where_the_key_lies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stremo_studio.ui.keys.QGuiApplication.platformName", lambda: "xcb")
    azerty = [(Qt.Key.Key_Ampersand, "&"), (Qt.Key.Key_Eacute, "é"), (Qt.Key.Key_QuoteDbl, '"')]
    found = [press(key, text=text, scan=10 + n)[0] for n, (key, text) in enumerate(azerty)]
    assert found == ["1", "2", "3"]
    assert press(Qt.Key.Key_1, SHIFT, "1", scan=10)[0] == "Shift+1"


def test_letters_work_on_a_layout_without_latin_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stremo_studio.ui.keys.QGuiApplication.platformName", lambda: "xcb")
    assert press(Qt.Key(0x0423), text="у", scan=26)[0] == "E"


@pytest.fixture
def chosen(opened: Callable[..., Studio]) -> tuple[Studio, list[str]]:
    studio = opened()
    heard: list[str] = []

    def hear(action: Action) -> None:
        heard.append(action.id)

    studio.router.chosen.connect(hear)
    return studio, heard


def test_a_key_works_wherever_the_focus_is(chosen: tuple[Studio, list[str]], qtbot: QtBot) -> None:
    studio, heard = chosen
    qtbot.keyClick(studio.window, Qt.Key.Key_L)
    qtbot.keyClick(studio.window.windowHandle(), Qt.Key.Key_L)
    assert heard == ["label.loop", "label.loop"]


def test_a_held_key_acts_once(chosen: tuple[Studio, list[str]]) -> None:
    studio, heard = chosen
    first = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_L, NONE, "l")
    again = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_L, NONE, "l", autorep=True)
    for event in (first, again, again):
        QApplication.sendEvent(studio.window, event)
    assert heard == ["label.loop"]


def test_text_fields_keep_their_keys(chosen: tuple[Studio, list[str]], qtbot: QtBot) -> None:
    studio, heard = chosen
    field = _search(studio)
    field.setFocus()
    qtbot.keyClicks(field, "12 x")
    assert field.text() == "12 x"
    assert heard == []


def test_esc_leaves_a_field_and_ctrl_chords_pass(
    chosen: tuple[Studio, list[str]], qtbot: QtBot
) -> None:
    studio, heard = chosen
    field = _search(studio)
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_K, CTRL)
    qtbot.keyClick(studio.window.focusWidget(), Qt.Key.Key_Escape)
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert heard == ["window.palette", "window.leave", "window.leave"]
    assert studio.window.focusWidget() is not field


def test_a_field_keeps_copying_whatever_key_was_chosen(
    chosen: tuple[Studio, list[str]], qtbot: QtBot, qapp: QApplication
) -> None:
    studio, heard = chosen
    field = _search(studio)
    field.setText("laugh")
    field.selectAll()
    field.setFocus()
    choose_keys({"window.export": ("Ctrl+C",)})
    try:
        qtbot.keyClick(field, Qt.Key.Key_C, CTRL)
    finally:
        choose_keys({})
    assert (heard, qapp.clipboard().text()) == ([], "laugh")


def test_undo_is_the_fields_own_while_it_has_one(
    chosen: tuple[Studio, list[str]], qtbot: QtBot
) -> None:
    studio, heard = chosen
    field = _search(studio)
    field.setFocus()
    qtbot.keyClicks(field, "a")
    qtbot.keyClick(field, Qt.Key.Key_Z, CTRL)
    assert (field.text(), heard) == ("", [])
    qtbot.keyClick(field, Qt.Key.Key_Z, CTRL)
    assert heard == ["window.undo"]


def test_the_second_key_of_a_pair_decides_and_esc_takes_the_first_back(
    chosen: tuple[Studio, list[str]], qtbot: QtBot
) -> None:
    studio, heard = chosen
    qtbot.keyClick(studio.window, Qt.Key.Key_E)
    qtbot.keyClick(studio.window, Qt.Key.Key_Escape)
    qtbot.keyClick(studio.window, Qt.Key.Key_A)
    qtbot.keyClick(studio.window, Qt.Key.Key_E)
    qtbot.keyClick(studio.window, Qt.Key.Key_A)
    assert heard == ["label.autoplay", "label.emotion.anger"]


def test_letting_a_held_key_go_ends_what_it_did(
    chosen: tuple[Studio, list[str]], monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    studio, _ = chosen
    page = studio.window.page("label")
    calls: list[str] = []
    monkeypatch.setattr(page, "widen_context", lambda: calls.append("wide"))
    monkeypatch.setattr(page, "narrow_context", lambda: calls.append("narrow"))
    qtbot.keyPress(studio.window, Qt.Key.Key_Z)
    qtbot.keyRelease(studio.window, Qt.Key.Key_Z)
    assert calls == ["wide", "narrow"]


@pytest.fixture
def context(chosen: tuple[Studio, list[str]], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What holding Z did."""
    page = chosen[0].window.page("label")
    calls: list[str] = []
    monkeypatch.setattr(page, "widen_context", lambda: calls.append("wide"))
    monkeypatch.setattr(page, "narrow_context", lambda: calls.append("narrow"))
    return calls


def test_another_key_or_a_modifier_meanwhile_does_not_keep_a_held_key_down(
    chosen: tuple[Studio, list[str]], context: list[str], qtbot: QtBot
) -> None:
    studio, heard = chosen
    qtbot.keyPress(studio.window, Qt.Key.Key_Z)
    qtbot.keyClick(studio.window, Qt.Key.Key_R)
    assert (heard[-1], context) == ("label.replay", ["wide"])
    qtbot.keyRelease(studio.window, Qt.Key.Key_Z, SHIFT)
    assert context == ["wide", "narrow"]


def test_a_key_held_while_the_page_is_left_ends_nothing_on_the_next(
    chosen: tuple[Studio, list[str]], qtbot: QtBot
) -> None:
    studio, _ = chosen
    page = studio.window.page("label")
    assert isinstance(page, LabelPage)
    qtbot.waitUntil(lambda: page.picture.waveform.window_in_sight.length > 0)
    near = page.picture.waveform.window_in_sight
    qtbot.keyPress(studio.window, Qt.Key.Key_Z)
    studio.bring("review")
    qtbot.keyRelease(studio.window, Qt.Key.Key_Z)
    assert page.picture.waveform.window_in_sight == near


def test_a_held_key_is_let_go_when_the_window_loses_the_keyboard(
    chosen: tuple[Studio, list[str]], context: list[str], qtbot: QtBot, qapp: QApplication
) -> None:
    studio, _ = chosen
    qtbot.keyPress(studio.window, Qt.Key.Key_Z)
    qapp.sendEvent(studio.window, QEvent(QEvent.Type.WindowDeactivate))
    assert context == ["wide", "narrow"]


def _search(studio: Studio) -> QLineEdit:
    return studio.window.page("label").queue.search  # type: ignore[union-attr]
