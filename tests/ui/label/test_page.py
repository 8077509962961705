"""The label loop by keyboard: a clip appears, plays, one key labels it and plays the next."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from stremo_studio.app import Studio
from stremo_studio.domain.annotation import CANNOT_TELL, DISCARDED, UNUSABLE
from stremo_studio.domain.clip import Clip
from stremo_studio.ui.label.page import LabelPage

Labelling = Callable[..., tuple[Studio, LabelPage]]
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


def shown(page: LabelPage) -> Clip:
    clip = page.queue.current()
    assert clip is not None
    return clip


def clips(page: LabelPage) -> list[Clip]:
    return page.desk.project.clips(page.queue.table.clip_ids)


def test_the_first_clip_plays_by_itself(labelling: Labelling, qtbot: QtBot) -> None:
    _, page = labelling()
    qtbot.waitUntil(lambda: page.desk.player.playing)
    assert page.listening.clip_id == page.queue.table.clip_ids[0]


def test_one_key_a_clip_labels_saves_and_plays_the_next(labelling: Labelling, qtbot: QtBot) -> None:
    studio, page = labelling(3)
    for key in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3):
        qtbot.keyClick(studio.window, key)
    assert [c.label for c in clips(page)] == ["negative", "neutral", "positive"]
    qtbot.waitUntil(lambda: "3 decisions" in studio.window.status.text)
    qtbot.waitUntil(lambda: page.stage.history.clips() == page.queue.table.clip_ids[::-1])
    qtbot.waitUntil(lambda: page.desk.player.playing)


def test_the_next_clip_plays_after_an_answer(labelling: Labelling, qtbot: QtBot) -> None:
    studio, page = labelling()
    qtbot.waitUntil(lambda: page.desk.player.playing)
    qtbot.keyClick(studio.window, Qt.Key.Key_1)
    assert page.listening.clip_id == page.queue.table.clip_ids[1]
    qtbot.waitUntil(lambda: page.desk.player.playing)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ([(Qt.Key.Key_2, SHIFT)], ("neutral", None, False)),
        ([Qt.Key.Key_E, Qt.Key.Key_A], ("negative", "anger", True)),
        ([Qt.Key.Key_E, Qt.Key.Key_L], ("positive", "pleasant surprise", True)),
        ([Qt.Key.Key_E, Qt.Key.Key_U], (DISCARDED, "surprise", True)),
        ([Qt.Key.Key_0], (CANNOT_TELL, None, True)),
        ([Qt.Key.Key_X], (UNUSABLE, None, True)),
    ],
)
def test_every_answer_has_its_key(
    labelling: Labelling, qtbot: QtBot, keys: list[object], expected: tuple[str, str | None, bool]
) -> None:
    studio, page = labelling(2)
    for key in keys:
        press = key if isinstance(key, tuple) else (key,)
        qtbot.keyClick(studio.window, *press)
    first = clips(page)[0]
    assert (first.label, first.emotion, first.sure) == expected


@pytest.mark.parametrize(
    "undo", [(Qt.Key.Key_Backspace,), (Qt.Key.Key_Z, CTRL)], ids=["Backspace", "Ctrl+Z"]
)
def test_undo_takes_the_answer_back_and_returns_to_the_clip(
    labelling: Labelling, qtbot: QtBot, undo: tuple[Qt.Key, ...]
) -> None:
    studio, page = labelling()
    first = shown(page).id
    qtbot.keyClick(studio.window, Qt.Key.Key_1)
    assert "Label clip" in studio.window.menus.item("undo").text()
    qtbot.keyClick(studio.window, *undo)
    assert (shown(page).id, shown(page).label) == (first, None)
    qtbot.waitUntil(lambda: page.stage.history.clips() == [])
    qtbot.keyClick(studio.window, Qt.Key.Key_Z, CTRL | SHIFT)
    assert (shown(page).id, shown(page).label) == (first, "negative")


def test_a_key_meant_for_the_clip_before_does_not_label_this_one(
    labelling: Labelling, qtbot: QtBot
) -> None:
    studio, page = labelling(settle_ms=60_000)
    qtbot.keyClick(studio.window, Qt.Key.Key_1)
    assert [c.label for c in clips(page)] == [None] * 6


def test_all_selected_clips_get_the_answer_in_one_step(labelling: Labelling, qtbot: QtBot) -> None:
    studio, page = labelling()
    qtbot.keyClick(studio.window, Qt.Key.Key_A, CTRL)
    qtbot.keyClick(studio.window, Qt.Key.Key_3)
    assert {c.label for c in clips(page)} == {"positive"}
    qtbot.keyClick(studio.window, Qt.Key.Key_Z, CTRL)
    assert {c.label for c in clips(page)} == {None}


def test_arrows_move_without_answering(labelling: Labelling, qtbot: QtBot) -> None:
    studio, page = labelling()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left):
        qtbot.keyClick(studio.window, key)
    assert page.queue.row() == 1
    assert {c.label for c in clips(page)} == {None}


def test_the_unlabelled_filter_says_when_all_is_done(labelling: Labelling, qtbot: QtBot) -> None:
    studio, _page = labelling(3)
    qtbot.keyClick(studio.window, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    for _ in range(3):
        qtbot.keyClick(studio.window, Qt.Key.Key_1)
    assert "All 3 labelled." in studio.window.banners.texts()
    qtbot.keyClick(studio.window, Qt.Key.Key_Backspace)
    qtbot.waitUntil(lambda: "All 3 labelled." not in studio.window.banners.texts())


def test_a_note_is_written_with_n_and_kept_with_esc(labelling: Labelling, qtbot: QtBot) -> None:
    studio, page = labelling()
    qtbot.keyClick(studio.window, Qt.Key.Key_N)
    qtbot.keyClicks(page.panel.note, "1 laugh")
    qtbot.keyClick(page.panel.note, Qt.Key.Key_Escape)
    assert (shown(page).note, shown(page).label) == ("1 laugh", None)
    qtbot.keyClick(studio.window, Qt.Key.Key_F)
    assert shown(page).flagged


def test_a_note_goes_on_while_its_clip_is_flagged_or_the_speed_is_changed(
    labelling: Labelling, qtbot: QtBot
) -> None:
    studio, page = labelling()
    qtbot.keyClick(studio.window, Qt.Key.Key_N)
    for number, act in enumerate((page.toggle_flag, lambda: page.play_at(0.7))):
        qtbot.keyClicks(page.panel.note, str(number))
        act()
        assert page.panel.note.toPlainText() == "01"[: number + 1]
    first = page.queue.table.clip_ids[0]
    page.go_next()
    assert page.panel.note.toPlainText() == ""
    assert page.desk.project.clips([first])[0].note == "01"


def test_loop_and_autoplay_are_latches(labelling: Labelling, qtbot: QtBot) -> None:
    studio, page = labelling()
    qtbot.keyClick(studio.window, Qt.Key.Key_L)
    qtbot.keyClick(studio.window, Qt.Key.Key_A)
    assert page.desk.player.loop
    qtbot.keyClick(studio.window, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: bool(page.desk.recordings.get(shown(page))))
    assert not page.desk.player.playing


def test_a_clip_whose_audio_is_gone_says_so_and_can_be_labelled(
    labelling: Labelling, qtbot: QtBot
) -> None:
    studio, page = labelling()
    second = page.queue.table.clip(5)
    assert second is not None
    Path(second.path or "").unlink()
    page.queue.go_to(5)
    qtbot.waitUntil(lambda: "is not there" in page.picture.waveform.accessibleDescription())
    qtbot.keyClick(studio.window, Qt.Key.Key_X)
    assert shown(page).label == UNUSABLE


def test_the_answer_remembers_how_much_was_heard(labelling: Labelling, qtbot: QtBot) -> None:
    studio, page = labelling()
    qtbot.waitUntil(lambda: page.listening.heard_ms > 50)
    clip = shown(page)
    qtbot.keyClick(studio.window, Qt.Key.Key_1)
    assert (page.desk.project.annotations(clip.id)[-1].heard_ms or 0) > 50


def test_speed_changes_in_tenths_and_comes_back_with_the_project(
    labelling: Labelling, qtbot: QtBot
) -> None:
    studio, page = labelling()
    for key in (Qt.Key.Key_Minus,) * 3 + (Qt.Key.Key_Equal,):
        qtbot.keyClick(studio.window, key)
    assert (page.desk.player.speed, page.desk.project.setting("speed")) == (0.8, "0.8")
    assert page.player.findChild(QToolButton, "speed").text() == "0.8×"
    review = studio.bring("review")
    assert review.player.findChild(QToolButton, "speed").text() == "0.8×"
    folder = page.desk.project.folder
    studio.close_project()
    studio.open(folder)
    assert studio.desk.player.speed == 0.8
    qtbot.keyClick(studio.window, Qt.Key.Key_0, CTRL)
    assert studio.desk.player.speed == 1.0


def test_speed_ends_at_half_and_at_one_and_a_half(labelling: Labelling, qtbot: QtBot) -> None:
    studio, page = labelling()
    for key, last in ((Qt.Key.Key_Minus, 0.5), (Qt.Key.Key_Equal, 1.5)):
        for _ in range(12):
            qtbot.keyClick(studio.window, key)
        assert page.desk.player.speed == last
