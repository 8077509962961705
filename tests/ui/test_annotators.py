"""Taking turns at one project: choosing who annotates, and seeing one's own answers only."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from stremo_studio.app import Studio
from stremo_studio.domain.annotation import BY_KEY, BY_OPEN, Answer
from stremo_studio.domain.clip import Clip
from stremo_studio.domain.worklist import Worklist
from stremo_studio.project.importing import ShowClips
from stremo_studio.project.project import Project
from stremo_studio.store.annotations import GivenAnswer
from stremo_studio.ui.label.page import LabelPage

Opened = Callable[..., Studio]
SHIFT_CTRL = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def page_of(studio: Studio) -> LabelPage:
    page = studio.window.page("label")
    assert isinstance(page, LabelPage)
    page.settle_ms = 0
    return page


def project_of(studio: Studio) -> Project:
    assert studio.desk is not None
    return studio.desk.project


def become(studio: Studio, qtbot: QtBot, name: str) -> None:
    """As a person does it: the key, the name, Enter."""
    qtbot.keyClick(studio.window, Qt.Key.Key_A, SHIFT_CTRL)
    panel = studio.window.annotator_panel
    assert panel.isVisible()
    qtbot.keyClicks(panel.field, name)
    qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    assert not panel.isVisible()


def labels_shown(page: LabelPage) -> list[str | None]:
    table = page.queue.table
    return [clip.label for row in range(table.rowCount()) if (clip := table.clip(row))]


def test_a_new_annotator_is_typed_and_at_once_in_force(opened: Opened, qtbot: QtBot) -> None:
    studio = opened(3)
    page = page_of(studio)
    qtbot.keyClick(studio.window, Qt.Key.Key_1)
    assert studio.window.header.annotator.text() == "ann"
    become(studio, qtbot, "Ben")
    assert project_of(studio).annotator == "Ben"
    assert studio.window.header.annotator.text() == "Ben  ·  blind"
    assert labels_shown(page) == [None, None, None]
    qtbot.waitUntil(lambda: page.stage.history.clips() == [])
    assert project_of(studio).counts("Ben").unlabelled == 3


def test_blind_means_the_corpus_too(opened: Opened, qtbot: QtBot) -> None:
    studio = opened(3, labelled=True)
    page = page_of(studio)
    assert None not in labels_shown(page)
    qtbot.keyClick(studio.window, Qt.Key.Key_1)
    become(studio, qtbot, "Ben")
    assert labels_shown(page) == [None, None, None]
    page.queue.go_to(0)
    assert not any(answer.isChecked() for answer in page.panel.card._answers.values())
    assert "by" not in page.stage._facts.text().split()


def test_answers_of_a_colleague_hide_labels_when_they_come_in_and_again_by_redo(
    opened: Opened, qtbot: QtBot
) -> None:
    studio = opened(3, labelled=True)
    page, project = page_of(studio), project_of(studio)
    labels = labels_shown(page)
    shown: list[str | None] = []

    def show(clip: Clip) -> None:
        shown.append(clip.label)

    page.queue.clip_shown.connect(show)
    ben = GivenAnswer("Ben", Answer("negative"), "Ben")
    second = page.queue.table.clip_ids[1]
    project.do(ShowClips("Import answers", None, answered=((second, (ben,)),)))
    assert None not in labels
    assert labels_shown(page) == [None, None, None]
    assert shown[-1] is None, "the card too"
    project.undo()
    assert labels_shown(page) == labels
    project.redo()
    assert labels_shown(page) == [None, None, None]
    assert shown[-1] is None


def test_own_answers_are_shown_and_the_next_unlabelled_is_ones_own(
    opened: Opened, qtbot: QtBot
) -> None:
    studio = opened(3)
    page = page_of(studio)
    qtbot.keyClick(studio.window, Qt.Key.Key_1)
    become(studio, qtbot, "Ben")
    page.show_filter("unlabelled")
    assert page.queue.table.rowCount() == 3
    page.queue.go_to(1)
    qtbot.keyClick(studio.window, Qt.Key.Key_3)
    assert page.queue.row() == 2
    assert labels_shown(page) == [None, "positive", None]
    qtbot.waitUntil(lambda: len(page.stage.history.clips()) == 1)
    become(studio, qtbot, "ann")
    assert project_of(studio).clip_ids(Worklist("labelled", eye="ann")) == [1]
    assert project_of(studio).clip_ids(Worklist("labelled", eye="Ben")) == [2]


def test_the_latch_shows_others_answers_and_says_so_of_the_next(
    opened: Opened, qtbot: QtBot
) -> None:
    studio = opened(3)
    page = page_of(studio)
    qtbot.keyClick(studio.window, Qt.Key.Key_1)
    become(studio, qtbot, "Ben")
    qtbot.keyClick(studio.window, Qt.Key.Key_B, SHIFT_CTRL)
    assert labels_shown(page)[0] == "negative"
    assert studio.window.header.annotator.text() == "Ben"
    page.queue.go_to(0)
    qtbot.keyClick(studio.window, Qt.Key.Key_3)
    assert labels_shown(page)[0] == "disputed"
    assert project_of(studio).annotations(project_of(studio).clip_ids(Worklist())[0])[
        -1
    ].source == (BY_OPEN)
    qtbot.keyClick(studio.window, Qt.Key.Key_B, SHIFT_CTRL)
    page.queue.go_to(1)
    qtbot.keyClick(studio.window, Qt.Key.Key_3)
    assert project_of(studio).annotations(project_of(studio).clip_ids(Worklist())[1])[
        -1
    ].source == (BY_KEY)


def test_the_panel_lists_who_is_known_and_offers_a_name_that_is_not(
    opened: Opened, qtbot: QtBot
) -> None:
    studio = opened(3)
    page_of(studio)
    qtbot.keyClick(studio.window, Qt.Key.Key_1)
    become(studio, qtbot, "Ben")
    studio.window.header.annotator.click()
    panel = studio.window.annotator_panel
    assert panel.names() == ["ann", "Ben"]
    assert panel.blind.isChecked()
    assert panel._list.item(0).text() == "ann    1 clip"
    assert panel._list.item(1).text() == "Ben    0 clips, now"
    qtbot.keyClicks(panel.field, "BEN")
    assert panel.names() == ["Ben"]
    panel.field.setText("Be")
    assert panel.names() == ["Ben", "Be"]
    qtbot.keyClick(panel.field, Qt.Key.Key_Down)
    qtbot.keyClick(panel.field, Qt.Key.Key_Up)
    qtbot.keyClick(panel.field, Qt.Key.Key_Escape)
    assert not panel.isVisible()
    assert project_of(studio).annotator == "Ben"


def test_a_name_that_cannot_be_is_refused_and_the_panel_stays(opened: Opened, qtbot: QtBot) -> None:
    studio = opened(3)
    studio.actions.choose_annotator()
    panel = studio.window.annotator_panel
    panel.field.setText("import")
    qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    assert panel.isVisible()
    assert "Nobody can be called" in studio.window.banners.texts()[0]


@pytest.mark.parametrize("key", [Qt.Key.Key_Z, Qt.Key.Key_Backspace])
def test_undo_stops_before_the_answer_of_another(opened: Opened, qtbot: QtBot, key: Qt.Key) -> None:
    studio = opened(3)
    page_of(studio)
    qtbot.keyClick(studio.window, Qt.Key.Key_1)
    become(studio, qtbot, "Ben")
    assert "an answer of ann" in studio.window.menus.item("undo").text()
    plain = Qt.KeyboardModifier.NoModifier
    qtbot.keyClick(
        studio.window, key, Qt.KeyboardModifier.ControlModifier if key == Qt.Key.Key_Z else plain
    )
    assert any("is an answer of ann" in text for text in studio.window.banners.texts())
    assert project_of(studio).counts().labelled == 1
