"""Agreement: the figures, the cells as playlists, and disagreements settled one after another."""

import re
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from stremo_studio.app import Studio
from stremo_studio.domain.annotation import BY_ADJUDICATION, BY_KEY, BY_OPEN, CANNOT_TELL, Answer
from stremo_studio.domain.clip import ClipId
from stremo_studio.project.annotators import choose_annotator, set_blind
from stremo_studio.project.commands import LabelClips
from stremo_studio.project.project import Project
from stremo_studio.ui.review.agreement.page import AgreementPage
from stremo_studio.ui.review.page import ReviewPage

Opened = Callable[..., Studio]
_WORDS = {"-": "negative", "0": "neutral", "+": "positive", "?": CANNOT_TELL}


def project_of(studio: Studio) -> Project:
    assert studio.desk is not None
    return studio.desk.project


def say(studio: Studio, name: str, said: str) -> None:
    project = project_of(studio)
    choose_annotator(project, name)
    for number, letter in enumerate(said, start=1):
        if letter != ".":
            project.do(LabelClips((ClipId(number),), Answer(_WORDS[letter])))


def page_of(studio: Studio, qtbot: QtBot) -> AgreementPage:
    """Reached as a person does, by Ctrl+2 and K; its figures are there."""
    qtbot.keyClick(studio.window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(studio.window, Qt.Key.Key_K)
    page = studio.window.page("agreement")
    assert isinstance(page, AgreementPage)
    page.settle_ms = 0
    qtbot.waitUntil(lambda: page.report is not None)
    return page


@pytest.fixture
def two(opened: Opened) -> Studio:
    """Six clips: ann and Ben differ on the third and fifth, and on the sixth by no class."""
    studio = opened()
    say(studio, "ann", "-00++?")
    say(studio, "Ben", "-0++0-")
    return studio


def label(studio: Studio, clip: int) -> str | None:
    return project_of(studio).clips([ClipId(clip)])[0].label


def test_the_figures_are_said_with_their_numbers(two: Studio, qtbot: QtBot) -> None:
    page = page_of(two, qtbot)
    words = page.figures.words()
    assert "Krippendorff's alpha 0.35" in words
    assert "6 clips of 6 speakers or videos" in words
    assert re.search(r"Rough 95 % interval −0\.\d\d – 0\.\d\d, on 6 clips", words)
    assert "same answer 50% of the time" in words
    assert "Fleiss" not in words
    assert page.figures.disagreements.text() == "Disagreements (3)  W"
    assert "ann · Ben" in words
    assert "nan" not in words.lower()


def test_a_third_annotator_brings_fleiss_and_more_pairs(two: Studio, qtbot: QtBot) -> None:
    say(two, "Cem", "-0+")
    page = page_of(two, qtbot)
    assert page.report is not None
    assert len(page.report.pairs) == 3
    assert "on the 3 clips that all 3 answered" in page.figures.words()
    page.show_pair(0)
    assert page.matrix.cell("neutral", "positive").count == 1
    qtbot.keyClick(two.window, Qt.Key.Key_T)
    assert page.report.pairs[page._pair].second == "Cem"
    assert "ann neutral, Cem neutral" in page.matrix.cell("neutral", "neutral").accessibleName()


def test_a_cell_is_its_playlist(two: Studio, qtbot: QtBot) -> None:
    page = page_of(two, qtbot)
    counted = 0
    for one in ("negative", "neutral", "positive"):
        for other in ("negative", "neutral", "positive"):
            page.open_cell(one, other)
            assert len(page.table.clip_ids) == page.matrix.cell(one, other).count
            counted += len(page.table.clip_ids)
    assert page.figures.others.text() == "1 clip with another answer than a class"
    page.figures.others.click()
    assert page.table.clip_ids == [6]
    assert counted + 1 == 6
    page.open_cell("neutral", "positive")
    assert page.disputed.chip.text() == "neutral × positive 1  ×"


def test_disagreements_are_settled_one_after_another_and_undone(two: Studio, qtbot: QtBot) -> None:
    page = page_of(two, qtbot)
    qtbot.keyClick(two.window, Qt.Key.Key_W)
    assert page.table.clip_ids == [3, 5, 6]
    assert page.stage.said.words == "ann: neutral, Ben: positive"
    assert page.stage.task_words == "A tie: your answer settles it."
    assert not page.stage.answers.confirm.isEnabled()
    qtbot.keyClick(two.window, Qt.Key.Key_2)
    assert (label(two, 3), page.view.row) == ("neutral", 1)
    assert page.disputed.words == "1 of 3 settled"
    assert project_of(two).annotations(ClipId(3))[-1].source == BY_ADJUDICATION
    assert project_of(two).clips([ClipId(3)], "Ben")[0].label == "positive"
    qtbot.waitUntil(lambda: page.figures.disagreements.text() == "Disagreements (2)  W")
    assert page.table.clip_ids == [3, 5, 6]
    qtbot.keyClick(two.window, Qt.Key.Key_Backspace)
    assert (label(two, 3), page.view.row) == ("disputed", 0)
    assert page.disputed.words == "0 of 3 settled"


def test_enter_settles_as_most_say(two: Studio, qtbot: QtBot) -> None:
    say(two, "Cem", "..+")
    page = page_of(two, qtbot)
    page.open_disagreements()
    assert page.table.clip_ids == [5, 6, 3]
    qtbot.keyClick(two.window, Qt.Key.Key_Return)
    assert any("Your own answer first" in text for text in two.window.banners.texts())
    choose_annotator(project_of(two), "ann")
    qtbot.keyClick(two.window, Qt.Key.Key_Return)
    assert any("There is no majority" in text for text in two.window.banners.texts())
    assert label(two, 5) == "disputed"
    page.view.go_to(2)
    assert page.stage.answers.confirm.isEnabled()
    qtbot.keyClick(two.window, Qt.Key.Key_Return)
    assert label(two, 3) == "positive"
    assert page.table.settled == {3}


def test_whoever_works_blind_answers_alone_before_they_see_the_others(
    two: Studio, qtbot: QtBot
) -> None:
    choose_annotator(project_of(two), "Cem")
    page = page_of(two, qtbot)
    page.open_disagreements()
    assert page.stage.said.words == ""
    assert page.stage.task_words == "Your own answer first: 2 other answers will be shown then."
    assert page.table.data(page.table.index(0, 0)) == ""
    qtbot.keyClick(two.window, Qt.Key.Key_3)
    assert page.view.row == 0
    assert project_of(two).annotations(ClipId(3))[-1].source == BY_KEY
    assert page.stage.said.words == "ann: neutral, Ben: positive, Cem: positive"
    qtbot.keyClick(two.window, Qt.Key.Key_1)
    assert label(two, 3) == "negative"
    assert project_of(two).clips([ClipId(3)], "Cem")[0].label == "positive"
    assert page.view.row == 1
    set_blind(project_of(two), False)
    assert page.stage.said.words == "ann: positive, Ben: neutral"


def test_an_answer_from_a_list_that_tells_the_others_is_none_given_alone(
    two: Studio, qtbot: QtBot
) -> None:
    choose_annotator(project_of(two), "Cem")
    page = page_of(two, qtbot)
    page.open_cell("neutral", "positive")
    qtbot.keyClick(two.window, Qt.Key.Key_3)
    assert project_of(two).annotations(ClipId(3))[-1].source == BY_OPEN
    page.open_disagreements()
    page.view.go_to(page.table.row_of(ClipId(5)))
    qtbot.keyClick(two.window, Qt.Key.Key_3)
    assert project_of(two).annotations(ClipId(5))[-1].source == BY_KEY


def test_one_annotator_is_told_what_agreement_needs(opened: Opened, qtbot: QtBot) -> None:
    studio = opened()
    say(studio, "ann", "-00")
    page = page_of(studio, qtbot)
    assert page._pages.currentWidget() is page.empty
    for key in (Qt.Key.Key_1, Qt.Key.Key_W, Qt.Key.Key_T, Qt.Key.Key_Return, Qt.Key.Key_Right):
        qtbot.keyClick(studio.window, key)
    assert project_of(studio).counts().labelled == 3
    qtbot.keyClick(studio.window, Qt.Key.Key_K)
    assert isinstance(studio.window.page(studio.window.workspace), ReviewPage)


def test_a_corpus_label_is_something_to_agree_with(opened: Opened, qtbot: QtBot) -> None:
    studio = opened(6, labelled=True)
    say(studio, "ann", "-0+")
    page = page_of(studio, qtbot)
    words = page.figures.words()
    assert page._pages.currentWidget() is page._full
    assert "No alpha yet" in words
    assert "No clip has answers of two annotators." in words
    assert "ann · corpus" in words


def test_one_class_only_is_said_in_words(opened: Opened, qtbot: QtBot) -> None:
    studio = opened(3)
    say(studio, "ann", "---")
    say(studio, "Ben", "---")
    words = page_of(studio, qtbot).figures.words()
    assert "Alpha is not defined" in words
    assert "chance alone would agree as well" in words
    assert "nan" not in words.lower().split()
