"""Keys of one's own: chosen on the sheet, refused when taken, kept, and shown everywhere."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from stremo_studio.app import Studio
from stremo_studio.ui.actions import (
    ACTIONS,
    ANYWHERE,
    EXPORT,
    IMPORT,
    PARTS,
    WORKSPACES,
    action,
    actions_in,
    choose_keys,
)
from stremo_studio.ui.application import Memory, load_memory
from stremo_studio.ui.key_choices import KeyChoices
from stremo_studio.ui.key_text import with_keys
from stremo_studio.ui.label.page import LabelPage

EVERYWHERE = (*WORKSPACES, *PARTS, IMPORT, EXPORT)
UI = Path(__file__).resolve().parents[2] / "stremo_studio" / "ui"
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(autouse=True)
def _keys_of_the_table() -> Iterator[None]:
    yield
    choose_keys({})


def shared_keys() -> list[tuple[str, str, str]]:
    """Keys that two actions of a workspace have, or that begin the pair of another."""
    found = []
    for workspace in EVERYWHERE:
        keys = [(key, a.id) for a in actions_in(workspace) for key in a.keys]
        for n, (key, one) in enumerate(keys):
            for other_key, other in keys[n + 1 :]:
                begins = key.split()[0] == other_key or other_key.split()[0] == key
                if begins and one != other:
                    found.append((workspace, one, other))
    return found


def test_no_two_actions_share_a_key_at_first() -> None:
    assert shared_keys() == []


def test_no_two_actions_share_a_key_whatever_is_chosen() -> None:
    choices = KeyChoices(Memory())
    chords = [f"{held}{key}" for held in ("", "Shift+", "Ctrl+") for key in "ABEQ19[-"]
    done = 0
    for number, wanted in enumerate(ACTIONS):
        refused = choices.choose(action(wanted.id), chords[number % len(chords)])
        done += not refused
        assert shared_keys() == [], (wanted.id, refused)
    assert done > 20
    for wanted in ACTIONS:
        choices.reset(action(wanted.id))
        assert shared_keys() == []


@pytest.mark.parametrize(
    ("name", "key", "told"),
    [
        ("label.flag", "N", "N already does: Write a note."),
        ("label.flag", "Ctrl+R", "Ctrl+R already does: Retrain."),
        ("label.flag", "E", "E already does: Anger."),
        ("window.retrain", "I", "I already does: Write or paste links."),
        ("label.emotion.anger", "S", "E, S already does: Sadness."),
        ("label.flag", "Esc", "Esc always leaves"),
        ("window.leave", "Q", "Esc always leaves"),
    ],
)
def test_a_key_that_is_taken_is_refused_with_what_it_does(name: str, key: str, told: str) -> None:
    choices = KeyChoices(Memory())
    assert choices.choose(action(name), key).startswith(told)
    assert not choices.is_changed(action(name))


def test_what_is_free_in_one_workspace_may_be_taken_in_another() -> None:
    choices = KeyChoices(Memory())
    assert choices.choose(action("label.flag"), "W") == ""  # of review: all errors
    assert choices.choose(action("label.emotion.anger"), "B") == ""
    assert action("label.emotion.anger").keys == ("E B",)
    assert (action("review.errors").key, action("label.flag").key) == ("W", "W")


def test_a_key_is_put_back_unless_it_has_been_given_away() -> None:
    choices = KeyChoices(Memory())
    choices.choose(action("label.flag"), "B")
    choices.choose(action("label.note"), "F")
    assert choices.reset(action("label.flag")) == "F does now: Write a note. Change that first."
    assert choices.choose(action("label.note"), "N") == ""  # its own again
    assert choices.choose(action("label.flag"), "F") == ""
    assert not choices.any_changed()


def test_chosen_keys_are_kept_for_the_user_and_two_may_have_been_swapped() -> None:
    choices = KeyChoices(load_memory())
    for name, key in (("label.flag", "B"), ("label.note", "F"), ("label.flag", "N")):
        assert choices.choose(action(name), key) == ""
    choose_keys({})
    again = KeyChoices(load_memory())
    assert again.ignored == ""
    assert (action("label.flag").key, action("label.note").key) == ("N", "F")
    again.reset_all()
    KeyChoices(load_memory())
    assert action("label.flag").key == "F"


@pytest.mark.parametrize(
    ("kept", "ignored"),
    [
        ({"label.flagg": ["B"]}, "1 chosen key could not be used: label.flagg."),
        ({"label.flag": "B"}, "1 chosen key could not be used: label.flag."),
        ({"label.flag": ["B", "W"]}, "1 chosen key could not be used: label.flag."),
        ({"label.flag": ["Hyper+B"]}, "1 chosen key could not be used: label.flag."),
        ({"label.flag": ["N"]}, "1 chosen key could not be used: label.flag."),
        ({"label.flag": ["E B"]}, "1 chosen key could not be used: label.flag."),
        ({"window.leave": ["B"]}, "1 chosen key could not be used: window.leave."),
        ({"label.flag": [7], "x": ["Y"]}, "2 chosen keys could not be used: label.flag, x."),
        (["label.flag"], ""),
        ({"label.flag": ["B"]}, ""),
    ],
)
def test_what_the_file_says_wrongly_is_left_out_and_said(kept: object, ignored: str) -> None:
    memory = Memory()
    memory.keys = kept  # type: ignore[assignment]
    assert KeyChoices(memory).ignored == ignored
    assert action("label.flag").key == ("F" if ignored or isinstance(kept, list) else "B")
    assert shared_keys() == []


def test_another_key_is_chosen_on_the_sheet_and_works_at_once(
    opened: Callable[..., Studio], qtbot: QtBot
) -> None:
    studio = opened()
    page, sheet = studio.window.page("label"), studio.window.cheat_sheet
    assert isinstance(page, LabelPage)
    page.settle_ms = 0
    qtbot.keyClick(studio.window, Qt.Key.Key_Question)
    sheet.key_button("label.flag").click()
    qtbot.keyClick(studio.window, Qt.Key.Key_N)
    assert sheet.said == "N already does: Write a note. Press another, or Esc."
    qtbot.keyClick(studio.window, Qt.Key.Key_B)
    assert sheet.key_button("label.flag").text() == "B"
    assert page.panel.flag.text() == "Flag  B"
    sheet.key_button("window.retrain").click()
    qtbot.keyClick(studio.window, Qt.Key.Key_M, CTRL)
    assert studio.window.menus.item("retrain").text() == "Retrain\tCtrl+M"
    assert "Ctrl+M" in studio.training.button.text()
    sheet.key_button("label.negative").click()
    qtbot.keyClick(studio.window, Qt.Key.Key_8)
    qtbot.keyClick(studio.window, Qt.Key.Key_Escape)
    assert not sheet.isVisible()
    qtbot.keyClick(studio.window, Qt.Key.Key_F)
    assert not page.queue.current().flagged
    qtbot.keyClick(studio.window, Qt.Key.Key_B)
    assert page.queue.current().flagged
    qtbot.keyClick(studio.window, Qt.Key.Key_8, Qt.KeyboardModifier.KeypadModifier)
    assert page.queue.table.clip(0).label == "negative"
    assert json.loads(_memory_file().read_text())["keys"]["label.flag"] == ["B"]


def test_the_page_below_the_sheet_gets_no_keys(opened: Callable[..., Studio], qtbot: QtBot) -> None:
    studio = opened()
    page = studio.window.page("label")
    assert isinstance(page, LabelPage)
    page.settle_ms = 0
    qtbot.keyClick(studio.window, Qt.Key.Key_Question)
    for key in (Qt.Key.Key_1, Qt.Key.Key_F, Qt.Key.Key_Right):
        qtbot.keyClick(studio.window, key)
    clip = page.queue.table.clip(0)
    assert (page.queue.row(), clip.label, clip.flagged) == (0, None, False)
    qtbot.keyClick(studio.window, Qt.Key.Key_Question)
    qtbot.keyClick(studio.window, Qt.Key.Key_1)
    assert page.queue.table.clip(0).label == "negative"


def test_esc_and_closing_the_sheet_take_the_wish_back(
    opened: Callable[..., Studio], qtbot: QtBot
) -> None:
    studio = opened()
    page, sheet = studio.window.page("label"), studio.window.cheat_sheet
    qtbot.keyClick(studio.window, Qt.Key.Key_Question)
    sheet.key_button("label.flag").click()
    qtbot.keyClick(studio.window, Qt.Key.Key_Escape)
    assert sheet.isVisible()
    sheet.key_button("label.flag").click()
    sheet.close_over()
    qtbot.keyClick(studio.window, Qt.Key.Key_F)
    assert page.queue.current().flagged
    assert action("label.flag").key == "F"


def test_one_key_and_all_keys_are_put_back_from_the_sheet(
    opened: Callable[..., Studio], qtbot: QtBot
) -> None:
    studio = opened()
    sheet = studio.window.cheat_sheet
    qtbot.keyClick(studio.window, Qt.Key.Key_Question)
    for name, key in (("label.flag", Qt.Key.Key_B), ("label.note", Qt.Key.Key_W)):
        sheet.key_button(name).click()
        qtbot.keyClick(studio.window, key)
    sheet.key_button("label.flag").click()
    _button(sheet, "Put it back").click()
    assert (action("label.flag").key, action("label.note").key) == ("F", "W")
    _button(sheet, "Put all keys back").click()
    assert action("label.note").key == "N"
    assert studio.window.page("label").panel.note.placeholderText() == "Note  N"


def _button(sheet: object, text: str) -> QPushButton:
    return next(b for b in sheet.findChildren(QPushButton) if b.text() == text)  # type: ignore[attr-defined]


def _memory_file() -> Path:
    from stremo_studio.ui.application import _file

    return _file()


def test_words_name_only_keys_that_there_are() -> None:
    rooms = "label|review|train|sources|agreement|window|import|export"
    pattern = re.compile(rf"\{{((?:{rooms})\.\w+(?:\.\w+)*)(?::last)?\}}")
    named = {found for path in UI.rglob("*.py") for found in pattern.findall(path.read_text())}
    assert len(named) > 20
    assert {name for name in named if not any(a.id == name for a in ACTIONS)} == set()


def test_no_words_hold_a_key_that_may_be_another_one() -> None:
    """`Flag  F` and `Ctrl+R` stand in the action table alone."""
    fixed = re.compile(r'"[^"\n]*(?:(?:Ctrl|Alt|Shift)\+\w|\S {2,}(?:[A-Z0-9]|Enter|Esc|Space)")')
    theirs = {"keys.py", "key_router.py", "key_choices.py", "demo.py"}
    found = [
        f"{path.name}: {line.strip()}"
        for path in UI.rglob("*.py")
        if path.name not in theirs and path.parent.name != "action_table"
        for line in path.read_text().splitlines()
        if fixed.search(line) and '"""' not in line
    ]
    assert found == []


def test_braces_of_others_are_left_alone() -> None:
    assert with_keys("{label.flag} {a.b} {0} {}") == "F {a.b} {0} {}"
    assert with_keys("{label.emotion.anger}, {label.emotion.anger:last}") == "E, A, A"


def test_actions_of_anywhere_meet_those_of_every_workspace() -> None:
    assert ANYWHERE not in EVERYWHERE
    assert {a.workspace for a in ACTIONS} == {*EVERYWHERE, ANYWHERE}
