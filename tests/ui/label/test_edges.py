"""The edges of a clip are moved by key and by hand; each move is one undo step."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from stremo_studio.app import Studio
from stremo_studio.domain.clip import Clip
from stremo_studio.ui.label.page import LabelPage

Labelling = Callable[..., tuple[Studio, LabelPage]]
SHIFT = Qt.KeyboardModifier.ShiftModifier


def front(page: LabelPage) -> Clip:
    assert page.current is not None
    return page.current


@pytest.fixture
def page(labelling: Labelling, qtbot: QtBot) -> LabelPage:
    _, page = labelling(3)
    page.listening.autoplay = False
    qtbot.waitUntil(lambda: page.listening.heard_ms == 0 and page.desk.player.length > 0)
    page.desk.player.pause()
    return page


def press(page: LabelPage, qtbot: QtBot, key: str) -> None:
    shift = SHIFT if key in "<>" else Qt.KeyboardModifier.NoModifier
    qtbot.keyClick(page.window(), key, shift)


def test_a_key_sets_the_start_and_another_the_end_where_the_ear_is(
    page: LabelPage, qtbot: QtBot
) -> None:
    before = front(page)
    page.listening.seek(before.start + 0.1)
    press(page, qtbot, "[")
    assert front(page).start == pytest.approx(before.start + 0.1)
    page.listening.seek(before.end - 0.1)
    press(page, qtbot, "]")
    assert front(page).end == pytest.approx(before.end - 0.1)
    assert page.picture.waveform.clip == (front(page).start, front(page).end)
    assert page.listening.clip_id == before.id
    for _ in range(2):
        qtbot.keyClick(page.window(), Qt.Key.Key_Backspace)
    assert (front(page).start, front(page).end) == (before.start, before.end)


@pytest.mark.parametrize(
    ("key", "near", "start", "end"),
    [
        (".", "start", 0.05, 0),
        (">", "start", 0.25, 0),
        (",", "end", 0, -0.05),
        ("<", "end", 0, -0.25),
    ],
)
def test_the_edge_next_to_the_playhead_is_nudged_and_heard(
    page: LabelPage, qtbot: QtBot, key: str, near: str, start: float, end: float
) -> None:
    before = front(page)
    page.listening.seek(before.start if near == "start" else before.end - 0.01)
    press(page, qtbot, key)
    after = front(page)
    assert after.start == pytest.approx(before.start + start)
    assert after.end == pytest.approx(before.end + end)
    assert page.desk.player.playing


def test_an_edge_drawn_by_hand_is_written(page: LabelPage, qtbot: QtBot) -> None:
    before = front(page)
    page.picture.waveform.clip_edges_changed.emit(before.start + 0.12, before.end)
    assert front(page).start == pytest.approx(before.start + 0.12)
    assert page.desk.project.undo_sentence == f"Move the edges of {before.name}"


def test_a_clip_cannot_end_before_it_begins(page: LabelPage, qtbot: QtBot) -> None:
    before = front(page)
    page.listening.seek(before.end)
    press(page, qtbot, "[")
    assert front(page) == before
    page.listening.seek(before.start)
    page.picture.waveform.clip_edges_changed.emit(before.start, before.start + 0.01)
    assert front(page) == before
    assert page.picture.waveform.clip == (before.start, before.end)


def test_edges_stay_inside_the_recording(page: LabelPage, qtbot: QtBot) -> None:
    before = front(page)
    page.listening.seek(before.end - 0.01)
    press(page, qtbot, ">")
    assert front(page).end == pytest.approx(page.desk.player.length, abs=1e-3)


def test_a_clip_that_plays_goes_on_when_something_else_of_it_changes(
    page: LabelPage, qtbot: QtBot
) -> None:
    press(page, qtbot, "r")
    assert page.desk.player.playing
    press(page, qtbot, "f")
    assert front(page).flagged
    assert page.desk.player.playing
